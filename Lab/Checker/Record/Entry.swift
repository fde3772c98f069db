package import Foundation

/// A line of the record: a JSON object with one key, which says what it is.
package enum Entry: Sendable, Hashable {
    case run(Run)
    case request(Request)
    case answer(Answer)
    case death(Death)
    case fault(FaultNote)
    case clock(ClockSample)
    case running(Rows.Running)
    case ended(Rows.Ended)
    case logged(Rows.Logged)
    case activity(Rows.Activity)
    case part(Rows.Part)
    case variable(Rows.Variable)
    case userTask(Rows.UserTask)
    case incident(Rows.Incident)
    case batch(Rows.Batch)
    /// All rows were read; a record without this line is not whole.
    case complete(LabMoment)

    /// The line, without a line break.
    package func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(self)
    }

    /// Reads a line.
    package init(line: Data) throws {
        self = try JSONDecoder().decode(Entry.self, from: line)
    }
}

extension Entry: Codable {
    private enum Kind: String, CodingKey {
        case run, request, answer, death, fault, clock, running, ended, logged, activity, part, variable, userTask
        case incident, batch, complete
    }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Kind.self)
        guard let kind = object.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "No kind of entry is known here.")
            )
        }
        switch kind {
        case .run: self = .run(try object.decode(Run.self, forKey: kind))
        case .request: self = .request(try object.decode(Request.self, forKey: kind))
        case .answer: self = .answer(try object.decode(Answer.self, forKey: kind))
        case .death: self = .death(try object.decode(Death.self, forKey: kind))
        case .fault: self = .fault(try object.decode(FaultNote.self, forKey: kind))
        case .clock: self = .clock(try object.decode(ClockSample.self, forKey: kind))
        case .running: self = .running(try object.decode(Rows.Running.self, forKey: kind))
        case .ended: self = .ended(try object.decode(Rows.Ended.self, forKey: kind))
        case .logged: self = .logged(try object.decode(Rows.Logged.self, forKey: kind))
        case .activity: self = .activity(try object.decode(Rows.Activity.self, forKey: kind))
        case .part: self = .part(try object.decode(Rows.Part.self, forKey: kind))
        case .variable: self = .variable(try object.decode(Rows.Variable.self, forKey: kind))
        case .userTask: self = .userTask(try object.decode(Rows.UserTask.self, forKey: kind))
        case .incident: self = .incident(try object.decode(Rows.Incident.self, forKey: kind))
        case .batch: self = .batch(try object.decode(Rows.Batch.self, forKey: kind))
        case .complete: self = .complete(try object.decode(LabMoment.self, forKey: kind))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Kind.self)
        switch self {
        case .run(let run): try object.encode(run, forKey: .run)
        case .request(let request): try object.encode(request, forKey: .request)
        case .answer(let answer): try object.encode(answer, forKey: .answer)
        case .death(let death): try object.encode(death, forKey: .death)
        case .fault(let fault): try object.encode(fault, forKey: .fault)
        case .clock(let sample): try object.encode(sample, forKey: .clock)
        case .running(let row): try object.encode(row, forKey: .running)
        case .ended(let row): try object.encode(row, forKey: .ended)
        case .logged(let row): try object.encode(row, forKey: .logged)
        case .activity(let row): try object.encode(row, forKey: .activity)
        case .part(let row): try object.encode(row, forKey: .part)
        case .variable(let row): try object.encode(row, forKey: .variable)
        case .userTask(let row): try object.encode(row, forKey: .userTask)
        case .incident(let row): try object.encode(row, forKey: .incident)
        case .batch(let row): try object.encode(row, forKey: .batch)
        case .complete(let moment): try object.encode(moment, forKey: .complete)
        }
    }
}
