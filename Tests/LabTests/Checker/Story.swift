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

    /// A fetch that locks `t1`, by default for ten seconds, at a moment of the database's clock.
    mutating func fetch(
        _ worker: String,
        at sent: Int64,
        answered: Int64,
        locked: Int64,
        for milliseconds: Int64 = 10_000,
        life: String? = nil
    ) {
        let action = Request.Action.fetch(topics: ["work"], lockMilliseconds: milliseconds, waitMilliseconds: 20_000)
        let id = call(worker, life ?? worker, action, at: sent)
        let grant = Answer.Grant(
            task: "t1",
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

    mutating func death(of life: String, at moment: Int64) {
        entries.append(.death(Death(life: life, moment: lab(moment))))
    }

    mutating func fault(from begin: Int64, to end: Int64?) {
        number += 1
        func note(_ moment: Int64, isOver: Bool) -> Entry {
            let moment = lab(moment)
            return .fault(FaultNote(number: number, kind: "kill", target: "A", moment: moment, isOver: isOver))
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

    mutating func log(_ state: String, _ worker: String?, at moment: Int64) {
        rows.log.append(entry(state, worker, at: moment))
    }

    /// A run through an activity is over; that of `work` is `t1`'s.
    mutating func ran(_ activity: String, at moment: Int64, isCanceled: Bool = false) {
        rows.activities.append(
            Rows.Activity(
                id: "\(activity)-\(rows.activities.count)",
                instance: "i1",
                execution: activity == "work" ? "t1" : activity,
                activity: activity,
                start: database(5),
                end: database(moment),
                isCanceled: isCanceled
            )
        )
    }

    mutating func ended(_ instance: String = "i1", key: String = "k1", at moment: Int64, as state: String = "COMPLETED")
    {
        let (start, end) = (database(5), database(moment))
        rows.ended.append(Rows.Ended(id: instance, businessKey: key, state: state, start: start, end: end))
    }

    mutating func runs(_ instance: String = "i1", key: String = "k1") {
        rows.running.append(Rows.Running(id: instance, businessKey: key))
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
            expected: ["work": .init(1, 1), "repair": .init(0, 1)],
            errorFollowers: ["work": "repair"],
            longestWait: longestWait * 1000
        )
        run.left = []
        var record: [Entry] = [.run(run)] + entries
        record.append(.clock(ClockSample(sent: lab(0), database: database(0), received: lab(0))))
        record += rows.running.map(Entry.running) + rows.ended.map(Entry.ended) + rows.log.map(Entry.logged)
        record += rows.activities.map(Entry.activity) + rows.parts.map(Entry.part)
        if isComplete { record.append(.complete(lab(1_000_000))) }
        return record
    }

    /// What the checker objects to.
    var findings: [Finding] {
        get throws { Verdict(try History(record)).findings }
    }

    /// The rules that the checker finds broken.
    var brokenRules: Set<Finding.Rule> {
        get throws { Set(try findings.map(\.rule)) }
    }

    func lab(_ milliseconds: Int64) -> LabMoment { LabMoment(rawValue: milliseconds * 1000) }

    func database(_ milliseconds: Int64) -> DatabaseMoment {
        DatabaseMoment(rawValue: milliseconds * 1000 + Self.ahead)
    }

    private func entry(_ state: String, _ worker: String?, at moment: Int64) -> Rows.Logged {
        Rows.Logged(
            task: "t1",
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
