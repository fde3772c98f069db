extension Rows {
    /// The variable that every start and every completion of an external task writes its request's id to.
    package static let lastVariable = "last"

    /// A variable of an instance that runs, or its last value in the history.
    package struct Variable: Sendable, Codable, Hashable {
        package var instance: String
        package var name: String
        package var value: String?

        package init(instance: String, name: String, value: String?) {
            self.instance = instance
            self.name = name
            self.value = value
        }
    }

    /// A user task that is over.
    package struct UserTask: Sendable, Codable, Hashable {
        package var id: String
        package var instance: String
        package var assignee: String?
        /// `completed`, or why it was not.
        package var reason: String?

        package init(id: String, instance: String, assignee: String?, reason: String?) {
            self.id = id
            self.instance = instance
            self.assignee = assignee
            self.reason = reason
        }
    }

    /// An incident of an external task, open or not.
    package struct Incident: Sendable, Codable, Hashable {
        package var id: String
        package var task: String

        package init(id: String, task: String) {
            self.id = id
            self.task = task
        }
    }

    /// A batch that the history knows.
    package struct Batch: Sendable, Codable, Hashable {
        package var id: String
        package var jobs: Int
        package var isOver: Bool
        /// Jobs that are left and will be tried, and those that were given up.
        package var open: Int
        package var failed: Int

        package init(id: String, jobs: Int, isOver: Bool, open: Int, failed: Int) {
            self.id = id
            self.jobs = jobs
            self.isOver = isOver
            self.open = open
            self.failed = failed
        }
    }
}
