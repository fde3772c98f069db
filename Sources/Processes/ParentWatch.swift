import Foundation
import ServiceLifecycle

/// Ends when standard input does: the parent that holds its other end is gone.
///
/// A process that was killed cannot tell its children. The system closes its pipes, and that is what they hear.
package struct ParentWatch: Service {
    package init() {}

    package func run() async throws {
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
        let (ends, sink) = AsyncStream.makeStream(of: Void.self)
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 256)
            if read(STDIN_FILENO, &bytes, bytes.count) <= 0 {
                sink.finish()
            }
        }
        source.resume()
        for await _ in ends.cancelOnGracefulShutdown() {}
        source.cancel()
    }
}
