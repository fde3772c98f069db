package import Foundation

/// A whole record, put in order.
package struct History: Sendable {
    package var run: Run
    /// By the moment of sending.
    package var calls: [Call]
    /// When which process of workers died.
    package var deaths: [String: LabMoment]
    package var faults: [Fault]
    package var clock: ClockBounds
    package var rows: Rows

    /// A fault from its beginning until what it broke was whole again.
    package struct Fault: Sendable, Hashable {
        package var kind: String
        package var target: String
        package var begin: LabMoment
        /// Nil when it never was.
        package var end: LabMoment?
    }

    /// Why a record cannot be judged.
    package struct Unreadable: Error, CustomStringConvertible, Hashable {
        package var description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Reads a record, one entry a line.
    ///
    /// - Throws: ``Unreadable`` when a line is not one, or when something is missing.
    package init(record: Data) throws {
        var entries: [Entry] = []
        for (number, line) in record.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                entries.append(try Entry(line: line))
            } catch {
                throw Unreadable("Line \(number + 1) is not an entry of a record: \(error)")
            }
        }
        try self.init(entries)
    }

    /// Puts a record in order.
    ///
    /// - Throws: ``Unreadable`` when something is missing or twice there.
    package init(_ entries: [Entry]) throws {
        var run: Run?
        var requests: [Request] = []
        var answers: [String: Answer] = [:]
        var notes: [FaultNote] = []
        var samples: [ClockSample] = []
        var isComplete = false
        deaths = [:]
        rows = Rows()
        for entry in entries {
            switch entry {
            case .run(let entry): run = entry
            case .request(let request): requests.append(request)
            case .answer(let answer):
                guard answers.updateValue(answer, forKey: answer.request) == nil else {
                    throw Unreadable("The request \(answer.request) has two answers.")
                }
            case .death(let death): deaths[death.life] = death.moment
            case .fault(let note): notes.append(note)
            case .clock(let sample): samples.append(sample)
            case .running(let row): rows.running.append(row)
            case .ended(let row): rows.ended.append(row)
            case .logged(let row): rows.log.append(row)
            case .activity(let row): rows.activities.append(row)
            case .part(let row): rows.parts.append(row)
            case .variable(let row): rows.variables.append(row)
            case .userTask(let row): rows.userTasks.append(row)
            case .incident(let row): rows.incidents.append(row)
            case .batch(let row): rows.batches.append(row)
            case .complete: isComplete = true
            }
        }
        guard let run else { throw Unreadable("The record does not say what was run.") }
        guard isComplete else { throw Unreadable("The record ends before all rows of the database were read.") }
        guard let clock = ClockBounds(samples) else { throw Unreadable("The database's clock was never read.") }
        self.run = run
        self.clock = clock
        calls = try Self.calls(requests, answers)
        faults = Self.faults(notes)
    }

    private static func calls(_ requests: [Request], _ answers: [String: Answer]) throws -> [Call] {
        var answers = answers
        var names = Set<String>()
        let calls = try requests.map { request in
            guard names.insert(request.id).inserted else {
                throw Unreadable("Two requests are called \(request.id).")
            }
            return Call(request: request, answer: answers.removeValue(forKey: request.id))
        }
        if let answer = answers.keys.min() { throw Unreadable("There is an answer to \(answer), but no such request.") }
        return calls.sorted { $0.request.sent < $1.request.sent }
    }

    private static func faults(_ notes: [FaultNote]) -> [Fault] {
        let ends = Dictionary(notes.filter(\.isOver).map { ($0.number, $0.moment) }, uniquingKeysWith: max)
        return notes.filter { !$0.isOver }.map {
            Fault(kind: $0.kind, target: $0.target, begin: $0.moment, end: ends[$0.number])
        }
    }
}
