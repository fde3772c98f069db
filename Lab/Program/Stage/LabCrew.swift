import Foundation
import LabChecker
import Processes
import Synchronization

/// A process of workers that can be killed and comes back, knowing nothing.
final class LabCrew: Sendable {
    private let settings: CrewSettings
    private let recorder: Recorder
    private let timeline: Timeline

    private struct State {
        var lives = 0
        var life = ""
        var child: ChildProcess?
        /// Ends when all that the process wrote is in the record.
        var reading: Task<Void, Never>?
    }

    private let state = Mutex(State())

    init(_ settings: CrewSettings, _ recorder: Recorder, _ timeline: Timeline) {
        self.settings = settings
        self.recorder = recorder
        self.timeline = timeline
    }

    var name: String { settings.name }
    var processIdentifier: pid_t? { state.withLock { $0.child?.processIdentifier } }

    func start() throws {
        let life = state.withLock { state in
            state.lives += 1
            state.life = "\(settings.name).\(state.lives)"
            return state.life
        }
        var arguments = [
            "crew", "--name", settings.name, "--life", life, "--seed", "\(settings.seed)",
            "--workers", "\(settings.workers)", "--starts-per-second", "\(settings.startsPerSecond)",
        ]
        arguments += settings.nodes.flatMap { ["--node", $0.argument] }
        if let rhythm = settings.rhythm { arguments += ["--storms", "\(rhythm.opening.rawValue)"] }
        if settings.areRude { arguments.append("--rude") }
        arguments += ["--clerks", "\(settings.clerks)"]
        if settings.areStormy { arguments.append("--stormy") }
        if settings.areSlow { arguments.append("--slow") }
        let child = try ChildProcess(executable: ChildProcess.ownExecutable, arguments: arguments)
        let reading = Task {
            for await line in child.lines {
                switch line {
                case .output(let line): recorder.take(line)
                case .error(let line): timeline.tell(settings.name, line)
                }
            }
        }
        state.withLock { state in
            state.child = child
            state.reading = reading
        }
    }

    /// Sends the process SIGKILL, and waits until everything that it wrote is in the record.
    func kill() async throws {
        let (child, life, reading) = state.withLock { ($0.child, $0.life, $0.reading) }
        guard let child, let reading else { return }
        // Before the signal: what is not certain is not held.
        try recorder.write(.death(Death(life: life, moment: .now)))
        await child.terminate(within: .zero)
        await reading.value
    }
}
