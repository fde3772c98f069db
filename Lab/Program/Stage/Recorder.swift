import Foundation
import LabChecker
import Synchronization

/// Writes the record, from many tasks at once.
final class Recorder: Sendable {
    let path: String

    private struct State {
        var file: FileHandle
        var buffer = Data()
        var answers = 0
        var faults = 0
    }

    private let state: Mutex<State>
    /// From here on the buffer is written.
    private static let bufferSize = 256 * 1024

    /// - Throws: ``LabFailure`` when the file cannot be made.
    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw LabFailure("The record cannot be written to \(path).") }
        self.path = path
        state = Mutex(State(file: file))
    }

    /// How many answers were written down so far.
    var answers: Int { state.withLock(\.answers) }

    func write(_ entry: Entry) throws {
        append(try entry.line())
    }

    /// Takes over a line that a crew wrote.
    func take(_ line: String) {
        append(Data(line.utf8), isAnswer: line.hasPrefix("{\"answer\""))
    }

    /// Notes the beginning of a fault and, when `body` has mended what it broke, its end.
    func fault(_ kind: FaultKind, _ target: String, _ body: () async throws -> Void) async throws {
        let number = state.withLock { state in
            state.faults += 1
            return state.faults
        }
        func note(isOver: Bool) throws {
            let note = FaultNote(number: number, kind: kind.rawValue, target: target, moment: .now, isOver: isOver)
            try write(.fault(note))
        }
        try note(isOver: false)
        try await body()
        try note(isOver: true)
    }

    func close() throws {
        try state.withLock { state in
            try state.file.write(contentsOf: state.buffer)
            state.buffer = Data()
            try state.file.close()
        }
    }

    private func append(_ line: Data, isAnswer: Bool = false) {
        state.withLock { state in
            state.buffer += line
            state.buffer.append(UInt8(ascii: "\n"))
            if isAnswer { state.answers += 1 }
            guard state.buffer.count > Self.bufferSize else { return }
            state.file.write(state.buffer)
            state.buffer = Data()
        }
    }
}
