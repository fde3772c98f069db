import Foundation

/// What processes have used of the machine, as the operating system accounts for it (Linux's `/proc`).
struct ProcessorTime {
    /// Seconds of processor time by who used them.
    var nodes: Double
    var database: Double
    var load: Double

    /// The time used so far by nodes, a database server with its backends, and this process.
    static func used(nodes: [pid_t], database: pid_t?) -> ProcessorTime {
        ProcessorTime(
            nodes: nodes.map { seconds(of: $0, withEnded: false) }.reduce(0, +),
            database: database.map { server in
                // A backend that ended counts among the ended children of the server.
                seconds(of: server, withEnded: true)
                    + children(of: server).map { seconds(of: $0, withEnded: true) }.reduce(0, +)
            } ?? 0,
            load: seconds(of: getpid(), withEnded: false)
        )
    }

    static func - (after: ProcessorTime, before: ProcessorTime) -> ProcessorTime {
        ProcessorTime(
            nodes: after.nodes - before.nodes,
            database: after.database - before.database,
            load: after.load - before.load
        )
    }

    /// Microseconds per unit of work, and the share of all processors over a time.
    func summary(per count: Int, over seconds: Double) -> String {
        let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
        return [("nodes", nodes), ("database", database), ("load generator", load)].map { name, used in
            let each = count > 0 ? used * 1e6 / Double(count) : 0
            return "\(name) \(each.text) µs each, \((100 * used / seconds / processors).text) %"
        }.joined(separator: "; ")
    }

    private static func seconds(of process: pid_t, withEnded: Bool) -> Double {
        guard let fields = statistics(of: process) else { return 0 }
        let used = withEnded ? fields[11...14] : fields[11...12]
        return used.compactMap { Double($0) }.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The processes that a process started itself.
    static func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { statistics(of: $0).map { $0[1] } == Substring("\(parent)") }
    }

    /// The fields of `/proc/…/stat` that follow the program's name.
    private static func statistics(of process: pid_t) -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}

/// Resident memory of a process in bytes; 0 when it is gone.
func residentMemory(of process: pid_t) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
        let kilobytes = Int(line.split(separator: " ")[1])
    else { return 0 }
    return kilobytes * 1024
}
