import Foundation

/// What is told of an error that a handler threw: to the engine, which stores it, to the log and to the span.
public struct ErrorReport: Sendable, Hashable {
    /// What went wrong; the engine keeps the first 666 UTF-16 units.
    public var message: String
    /// Everything that helps to find out why; nil for nothing.
    public var details: String?

    /// A report.
    public init(message: String, details: String? = nil) {
        self.message = message
        self.details = details
    }

    /// What an error says by itself: its `description`, or its `errorDescription`, or otherwise the name of its type.
    ///
    /// Never its properties, which may hold what must not be stored; and no details.
    public init(of error: any Error) {
        // Asked of the type: the error itself can be cast in any case, by bridging.
        if type(of: error) is any CustomStringConvertible.Type {
            self.init(message: String(describing: error))
        } else {
            self.init(message: (error as? any LocalizedError)?.errorDescription ?? "\(type(of: error))")
        }
    }
}
