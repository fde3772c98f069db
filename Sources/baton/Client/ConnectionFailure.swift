import Foundation
import NIOCore

/// Why there was no answer, in words for the person who asked.
///
/// - Returns: What the system says of a connection; the error's own words otherwise.
func reason(for error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
        error.connectionErrors.map { reason(for: $0.error) }.joined(separator: "; ")
    default: "\(error)"
    }
}
