/// Why a private database server cannot be had.
package enum PrivateClusterError: Error, Sendable, Hashable {
    /// No PostgreSQL server is installed where we looked.
    case serverNotInstalled(searched: [String])
    /// The data was written by a version that is not installed.
    case versionNotInstalled(needed: String, found: [String])
    /// We run as root, which the server refuses, and there is nobody else to run it.
    case noUserToRunAs(String)
    /// The directory cannot be made, or not be used by the user that the server runs as.
    case directoryUnusable(path: String, reason: String)
    /// Another server works on the same data.
    case inUse(directory: String, processID: Int32)
    /// The data directory could not be made; the last lines that were said about it.
    case initializationFailed(String)
    /// The server ended, or was not ready in time; the last lines of its log.
    case startFailed(String)
    /// A database could not be created.
    case databaseNotCreated(name: String, reason: String)
}

extension PrivateClusterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .serverNotInstalled(let searched):
            """
            No PostgreSQL server is installed (looked in \(searched.joined(separator: ", "))). Install one, for \
            example with "apt-get install postgresql" or "brew install postgresql@17", or give the URL of a database.
            """
        case .versionNotInstalled(let needed, let found):
            """
            The data was written by PostgreSQL \(needed), but only \(found.joined(separator: ", ")) is installed. \
            Install version \(needed), or choose another directory.
            """
        case .noUserToRunAs(let reason): "PostgreSQL does not run as root, and \(reason)."
        case .directoryUnusable(let path, let reason): "The directory \(path) cannot be used: \(reason)."
        case .inUse(let directory, let processID):
            "Another PostgreSQL server (process \(processID)) is using \(directory)."
        case .initializationFailed(let log): "The database could not be initialized: \(log)"
        case .startFailed(let log): "The PostgreSQL server did not start: \(log)"
        case .databaseNotCreated(let name, let reason): "The database \(name) could not be created: \(reason)"
        }
    }
}
