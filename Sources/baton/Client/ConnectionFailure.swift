import Foundation
import NIOCore

/// Why there was no answer, in words for the person who asked.
///
/// - Returns: What the system says of a connection; the error's own words otherwise.
func reason(for error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    default: "\(error)"
    }
}
