/// How a request ended, as its client saw it.
package struct Answer: Sendable, Codable, Hashable {
    /// A task that a fetch locked.
    package struct Grant: Sendable, Codable, Hashable {
        package var task: String
        package var instance: String
        package var activity: String
        package var topic: String
        /// When the lock runs out, as told; the server cuts it to milliseconds.
        package var expiration: DatabaseMoment

        package init(task: String, instance: String, activity: String, topic: String, expiration: DatabaseMoment) {
            self.task = task
            self.instance = instance
            self.activity = activity
            self.topic = topic
            self.expiration = expiration
        }
    }

    /// The request's name.
    package var request: String
    package var received: LabMoment
    /// The status; nil when no whole answer came.
    package var status: Int?
    /// How it ended without an answer, or what the server complained of.
    package var problem: String?
    /// The instance that a start made.
    package var instance: String?
    /// What a fetch locked.
    package var grants: [Grant]?
    /// The batch that was made.
    package var batch: Batch?

    /// A batch as its maker was told of it.
    package struct Batch: Sendable, Codable, Hashable {
        package var id: String
        package var jobs: Int

        package init(id: String, jobs: Int) {
            self.id = id
            self.jobs = jobs
        }
    }

    package init(
        request: String,
        received: LabMoment,
        status: Int? = nil,
        problem: String? = nil,
        instance: String? = nil,
        grants: [Grant]? = nil,
        batch: Batch? = nil
    ) {
        self.request = request
        self.received = received
        self.status = status
        self.problem = problem
        self.instance = instance
        self.grants = grants
        self.batch = batch
    }
}
