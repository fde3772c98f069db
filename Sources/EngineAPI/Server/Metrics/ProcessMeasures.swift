import Measures

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the system says about this process; nothing where it does not say it the way that Linux does.
enum ProcessMeasures {
    /// Adds memory, processor time, files and the start, by the names that Prometheus clients use.
    static func show(in page: inout PrometheusText) {
        #if os(Linux)
        if let fields = statistics {
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            let (user, system) = (Double(fields[11]) ?? 0, Double(fields[12]) ?? 0)
            page.add(processorTime, [], (user + system) / ticks)
            page.add(virtualMemory, [], Double(fields[20]) ?? 0)
            page.add(residentMemory, [], (Double(fields[21]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))))
            page.add(threads, [], Double(fields[17]) ?? 0)
            if let boot = bootTime { page.add(start, [], boot + (Double(fields[19]) ?? 0) / ticks) }
        }
        if let files = openFiles { page.add(openFileCount, [], files) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            page.add(fileLimit, [], Double(limit.rlim_cur))
        }
        #endif
    }

    private static let processorTime = MetricFamily(
        "process_cpu_seconds_total",
        .counter,
        "Total user and system CPU time spent in seconds."
    )
    private static let virtualMemory = MetricFamily(
        "process_virtual_memory_bytes",
        .gauge,
        "Virtual memory size in bytes."
    )
    private static let residentMemory = MetricFamily(
        "process_resident_memory_bytes",
        .gauge,
        "Resident memory size in bytes."
    )
    private static let threads = MetricFamily("process_threads", .gauge, "Number of threads.")
    private static let start = MetricFamily(
        "process_start_time_seconds",
        .gauge,
        "Start time of the process since unix epoch in seconds."
    )
    private static let openFileCount = MetricFamily("process_open_fds", .gauge, "Number of open file descriptors.")
    private static let fileLimit = MetricFamily(
        "process_max_fds",
        .gauge,
        "Maximum number of open file descriptors."
    )
}

#if os(Linux)
extension ProcessMeasures {
    /// The fields of `/proc/self/stat` that follow the program's name, of which there are at least 22.
    private static var statistics: [Substring]? {
        guard let text = text(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 21 ? fields : nil
    }

    /// When the machine was started, in seconds since 1970.
    private static let bootTime: Double? = text(of: "/proc/stat")?.split(separator: "\n")
        .first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }

    private static var openFiles: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        // Not counted: the two names that every directory has, and the descriptor that reads this one.
        var count = -3
        while readdir(directory) != nil { count += 1 }
        return max(0, count)
    }

    /// What a file of the system says, which knows its length only when it is read.
    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &part, part.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += part.prefix(count)
        }
    }
}
#endif
