/// What the database held when everything was over.
package struct Rows: Sendable, Hashable {
    /// An instance that still runs.
    package struct Running: Sendable, Codable, Hashable {
        package var id: String
        package var process: String
        package var businessKey: String?

        package init(id: String, process: String, businessKey: String?) {
            self.id = id
            self.process = process
            self.businessKey = businessKey
        }
    }

    /// An instance that the history knows.
    package struct Ended: Sendable, Codable, Hashable {
        package var id: String
        package var process: String
        package var businessKey: String?
        /// `COMPLETED`, or `EXTERNALLY_TERMINATED` when it was deleted.
        package var state: String
        package var start: DatabaseMoment
        package var end: DatabaseMoment

        package init(
            id: String,
            process: String,
            businessKey: String?,
            state: String,
            start: DatabaseMoment,
            end: DatabaseMoment
        ) {
            self.id = id
            self.process = process
            self.businessKey = businessKey
            self.state = state
            self.start = start
            self.end = end
        }
    }

    /// An entry of the external-task log.
    package struct Logged: Sendable, Codable, Hashable {
        package var task: String
        package var instance: String
        package var activity: String
        package var topic: String?
        /// `created`, `failed`, `successful` or `deleted`.
        package var state: String
        package var worker: String?
        package var time: DatabaseMoment

        package init(
            task: String,
            instance: String,
            activity: String,
            topic: String?,
            state: String,
            worker: String?,
            time: DatabaseMoment
        ) {
            self.task = task
            self.instance = instance
            self.activity = activity
            self.topic = topic
            self.state = state
            self.worker = worker
            self.time = time
        }
    }

    /// A run through an activity that is over.
    package struct Activity: Sendable, Codable, Hashable {
        package var id: String
        package var instance: String
        /// The execution, which is the task where the activity is an external task.
        package var execution: String
        package var activity: String
        package var start: DatabaseMoment
        package var end: DatabaseMoment
        package var isCanceled: Bool

        package init(
            id: String,
            instance: String,
            execution: String,
            activity: String,
            start: DatabaseMoment,
            end: DatabaseMoment,
            isCanceled: Bool
        ) {
            self.id = id
            self.instance = instance
            self.execution = execution
            self.activity = activity
            self.start = start
            self.end = end
            self.isCanceled = isCanceled
        }
    }

    /// A row that something running consists of: an external task, a token, a subscription, a variable.
    package struct Part: Sendable, Codable, Hashable {
        package var table: String
        package var id: String
        package var instance: String

        package init(table: String, id: String, instance: String) {
            self.table = table
            self.id = id
            self.instance = instance
        }
    }

    package var running: [Running] = []
    package var ended: [Ended] = []
    package var log: [Logged] = []
    package var activities: [Activity] = []
    package var parts: [Part] = []
    package var variables: [Variable] = []
    package var userTasks: [UserTask] = []
    package var incidents: [Incident] = []
    package var batches: [Batch] = []

    package init() {}
}
