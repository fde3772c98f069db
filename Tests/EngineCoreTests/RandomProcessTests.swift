import Foundation
import RandomProcesses
import Testing

/// Processes that nobody drew, and commands that nobody planned: see CONTRIBUTING.md for how to run more of them.
@Suite struct `A random process` {
    @Test func `keeps every promise after every command, whatever is loaded, and can be brought to its end`() async {
        let settings = RandomSettings(usualCount: 2000)
        let results = await withTaskGroup(of: [RandomCase.Statistics].self) { group in
            for shard in 0..<settings.shards {
                group.addTask {
                    var results: [RandomCase.Statistics] = []
                    for seed in settings.seeds(of: shard) {
                        guard !Task.isCancelled else { break }
                        guard let statistics = await Self.run(seed) else { break }
                        results.append(statistics)
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        settings.report(results)
    }

    private static func run(_ seed: UInt64) async -> RandomCase.Statistics? {
        let random = RandomCase(seed: seed)
        do throws(RandomProcess.Failure) {
            return try random.run()
        } catch {
            let (smallest, reason) = await random.shrunk(failing: error) { smaller in
                do throws(RandomProcess.Failure) {
                    try smaller.run()
                    return nil
                } catch {
                    return error
                }
            }
            Issue.record("\(reason)\n\(smallest)")
            return nil
        }
    }
}
