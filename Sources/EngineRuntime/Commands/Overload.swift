/// Why the engine does not take on work now; trying again later, or at another node, helps.
package enum Overload: Error, Sendable, Hashable, CustomStringConvertible {
    case tooManyCommands
    case shuttingDown
    /// The work was not begun in time: the database is slow or does not answer.
    case waitedTooLong
    /// Whether the command was done cannot be found out now.
    case outcomeUnknown

    package var description: String {
        switch self {
        case .tooManyCommands: "The server has too many commands to handle at the moment. Please try again later."
        case .shuttingDown: "The server is shutting down. Please try again at another node."
        case .waitedTooLong: "The database is too slow at the moment. Nothing was done. Please try again later."
        case .outcomeUnknown: "The connection to the database was lost. Whether the command was done is not known."
        }
    }
}
