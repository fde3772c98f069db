import LabChecker

/// A record that a test tells line by line; times are milliseconds of the lab's clock.
///
/// The process of the story has one external task, `work`, with the topic `work`; an error there leads to `repair`.
struct Story {
    /// The database's clock is ahead by so much.
    static let ahead: Int64 = 1_700_000_000_000_000

    private(set) var entries: [Entry] = []
    private var number = 0
    private var rows = Rows()
    /// Whether the end says that all rows were read.
    var isComplete = true
    /// The longest a task may wait, in milliseconds.
    var longestWait: Int64 = 3_000
    /// Whether the story tells of variables; otherwise nothing is said about them.
    var tellsOfVariables = false
    /// What the processes of the story promise.
    var models = Story.models

    private static var models: [String: Run.Model] {
        var story = Run.Model(expected: ["work": .init(1, 1), "repair": .init(0, 1)])
        story.errorFollowers = ["work": "repair"]
        var waiting = Run.Model(expected: [:])
        waiting.messages = ["paid", "refused"]
        waiting.signals = ["heard": "work"]
        var echo = Run.Model(expected: [:])
        echo.startedBy = "ring"
        return ["story": story, "waiting": waiting, "echo": echo]
    }

    /// A story of an instance `i1` that was started at 0 and whose task `t1` was created with it.
    static var ofOneTask: Story {
        var story = Story()
        story.start("k1", at: 0, answered: 10, instance: "i1")
        story.rows.log.append(story.entry("created", nil, at: 5))
        return story
    }

    /// The same, to a good end: locked at 100 for ten seconds, completed at 200.
    static var ofOneCompletion: Story {
        var story = Story.ofOneTask
        story.fetch("w1", at: 90, answered: 101, locked: 100)
        story.say("w1", .complete(task: "t1"), at: 190, answered: 210)
        story.completed(by: "w1", at: 200)
        return story
    }

    // MARK: What clients do

    mutating func start(_ key: String, at sent: Int64, answered: Int64?, status: Int? = 200, instance: String? = nil) {
        let id = call("client", "client", .start(businessKey: key), at: sent)
        guard let answered else { return }
        answer(Answer(request: id, received: lab(answered), status: status, instance: instance))
    }

    /// A fetch that locks a task, by default for ten seconds, at a moment of the database's clock.
    mutating func fetch(
        _ worker: String,
        at sent: Int64,
        answered: Int64,
        locked: Int64,
        for milliseconds: Int64 = 10_000,
        life: String? = nil,
        task: String = "t1"
    ) {
        let action = Request.Action.fetch(topics: ["work"], lockMilliseconds: milliseconds, waitMilliseconds: 20_000)
        let id = call(worker, life ?? worker, action, at: sent)
        let grant = Answer.Grant(
            task: task,
            instance: "i1",
            activity: "work",
            topic: "work",
            expiration: database(locked + milliseconds)
        )
        answer(Answer(request: id, received: lab(answered), status: 200, grants: [grant]))
    }

    /// A poll that finds nothing.
    mutating func poll(_ worker: String, at sent: Int64, answered: Int64) {
        let action = Request.Action.fetch(topics: ["work"], lockMilliseconds: 10_000, waitMilliseconds: 20_000)
        let id = call(worker, worker, action, at: sent)
        answer(Answer(request: id, received: lab(answered), status: 200, grants: []))
    }

    /// A poll whose client leaves before its answer.
    mutating func pollLeaving(_ worker: String, at sent: Int64, left: Int64) {
        let action = Request.Action.fetch(topics: ["work"], lockMilliseconds: 10_000, waitMilliseconds: 20_000)
        let id = call(worker, worker, action, at: sent)
        answer(Answer(request: id, received: lab(left), problem: "left"))
    }

    /// A call of a worker; without `answered`, nobody knows how it ended.
    mutating func say(
        _ worker: String,
        _ action: Request.Action,
        at sent: Int64,
        answered: Int64?,
        status: Int = 204,
        life: String? = nil
    ) {
        let id = call(worker, life ?? worker, action, at: sent)
        guard let answered else { return answer(Answer(request: id, received: lab(sent + 1), problem: "closed")) }
        answer(Answer(request: id, received: lab(answered), status: status))
    }

    /// Asks for a batch of three jobs, and is told what it is called.
    mutating func askForBatch(_ batch: String?, at sent: Int64) {
        let id = call("clerk", "clerk", .resetRetries, at: sent)
        let made = batch.map { Answer.Batch(id: $0, jobs: 3) }
        answer(Answer(request: id, received: lab(sent + 10), status: batch == nil ? 503 : 200, batch: made))
    }

    /// The id of the last request.
    var lastRequest: String {
        for case .request(let request) in entries.reversed() { return request.id }
        return ""
    }

    mutating func death(of life: String, at moment: Int64) {
        entries.append(.death(Death(life: life, moment: lab(moment))))
    }

    mutating func fault(_ kind: String = "kill", from begin: Int64, to end: Int64?) {
        number += 1
        func note(_ moment: Int64, isOver: Bool) -> Entry {
            let moment = lab(moment)
            return .fault(FaultNote(number: number, kind: kind, target: "node A", moment: moment, isOver: isOver))
        }
        entries.append(note(begin, isOver: false))
        if let end { entries.append(note(end, isOver: true)) }
    }

    // MARK: What the database holds

    /// The log, the activities and the history of instances say that `t1` was completed and `i1` with it.
    mutating func completed(by worker: String, at moment: Int64) {
        log("successful", worker, at: moment)
        ran("work", at: moment)
        ended(at: moment)
    }

    mutating func log(_ state: String, _ worker: String?, at moment: Int64, task: String = "t1") {
        rows.log.append(entry(state, worker, at: moment, task: task))
    }

    /// A run through an activity is over; that of `work` is a task's.
    mutating func ran(_ activity: String, at moment: Int64, isCanceled: Bool = false, task: String = "t1") {
        rows.activities.append(
            Rows.Activity(
                id: "\(activity)-\(rows.activities.count)",
                instance: "i1",
                execution: activity == "work" ? task : activity,
                activity: activity,
                start: database(5),
                end: database(moment),
                isCanceled: isCanceled
            )
        )
    }

    mutating func ended(
        _ instance: String = "i1",
        of process: String = "story",
        key: String? = "k1",
        at moment: Int64,
        as state: String = "COMPLETED"
    ) {
        let (start, end) = (database(5), database(moment))
        rows.ended.append(
            Rows.Ended(id: instance, process: process, businessKey: key, state: state, start: start, end: end)
        )
    }

    mutating func runs(_ instance: String = "i1", of process: String = "story", key: String? = "k1") {
        rows.running.append(Rows.Running(id: instance, process: process, businessKey: key))
    }

    /// A variable of `i1` has the id of a call for its value.
    mutating func variable(_ name: String, _ value: String?) {
        rows.variables.append(Rows.Variable(instance: "i1", name: name, value: value))
    }

    /// The user task `u1` of `i1` is over.
    mutating func userTaskEnded(assignee: String?, as reason: String = "completed") {
        rows.userTasks.append(Rows.UserTask(id: "u1", instance: "i1", assignee: assignee, reason: reason))
    }

    /// There was an incident of `t1`.
    mutating func incident(_ id: String) { rows.incidents.append(Rows.Incident(id: id, task: "t1")) }

    mutating func batch(_ id: String, jobs: Int = 3, isOver: Bool = true, open: Int = 0, failed: Int = 0) {
        rows.batches.append(Rows.Batch(id: id, jobs: jobs, isOver: isOver, open: open, failed: failed))
    }

    mutating func part(_ table: String, _ id: String, of instance: String) {
        rows.parts.append(Rows.Part(table: table, id: id, instance: instance))
    }

    // MARK: The record

    /// The whole record.
    var record: [Entry] {
        var run = Run(
            seed: 1,
            seconds: 1,
            faults: [],
            models: models,
            longestWait: longestWait * 1000,
            longestAnswer: 60_000_000,
            longestCalmAnswer: 8_000_000
        )
        run.orderlyStops = ["stop"]
        var record: [Entry] = [.run(run)] + entries
        record.append(.clock(ClockSample(sent: lab(0), database: database(0), received: lab(0))))
        record += rows.running.map(Entry.running) + rows.ended.map(Entry.ended) + rows.log.map(Entry.logged)
        record += rows.activities.map(Entry.activity) + rows.parts.map(Entry.part)
        record += rows.variables.map(Entry.variable) + rows.userTasks.map(Entry.userTask)
        record += rows.incidents.map(Entry.incident) + rows.batches.map(Entry.batch)
        if isComplete { record.append(.complete(lab(1_000_000))) }
        return record
    }

    /// What the checker objects to.
    var findings: [Finding] {
        get throws {
            Verdict(try History(record)).findings.filter { tellsOfVariables || $0.rule != .variablesOnce }
        }
    }

    /// The rules that the checker finds broken.
    var brokenRules: Set<Finding.Rule> {
        get throws { Set(try findings.map(\.rule)) }
    }

    func lab(_ milliseconds: Int64) -> LabMoment { LabMoment(rawValue: milliseconds * 1000) }

    func database(_ milliseconds: Int64) -> DatabaseMoment {
        DatabaseMoment(rawValue: milliseconds * 1000 + Self.ahead)
    }

    private func entry(_ state: String, _ worker: String?, at moment: Int64, task: String = "t1") -> Rows.Logged {
        Rows.Logged(
            task: task,
            instance: "i1",
            activity: "work",
            topic: "work",
            state: state,
            worker: worker,
            time: database(moment)
        )
    }

    private mutating func call(_ worker: String, _ life: String, _ action: Request.Action, at sent: Int64) -> String {
        number += 1
        let id = "\(worker)#\(number)"
        entries.append(
            .request(Request(id: id, worker: worker, life: life, node: "A", sent: lab(sent), action: action))
        )
        return id
    }

    private mutating func answer(_ answer: Answer) {
        entries.append(.answer(answer))
    }
}
