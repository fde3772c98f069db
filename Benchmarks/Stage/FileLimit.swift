import Foundation

/// How many files and sockets this process and those it starts may have open.
enum FileLimit {
    /// Raises the limit, if it is lower.
    ///
    /// - Throws: ``BenchmarkFailure`` when the system does not allow it.
    static func raise(to count: Int) throws {
        #if canImport(Darwin)
        let resource = RLIMIT_NOFILE
        #else
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        var limit = rlimit()
        getrlimit(resource, &limit)
        let wanted = rlim_t(count)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        if limit.rlim_max < wanted { limit.rlim_max = wanted }
        guard setrlimit(resource, &limit) == 0 else {
            throw BenchmarkFailure("\(count) open files are not allowed here: raise the hard limit (ulimit -Hn).")
        }
    }
}
