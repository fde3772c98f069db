import Foundation

/// Writes whole lines to a file descriptor, each with one system call where the system allows it, so that lines of
/// several threads and processes do not mix.
struct LogOutput: Sendable {
    let fileDescriptor: Int32

    /// Writes one line and its line break.
    ///
    /// A reader that is gone is not an error: there is nobody to tell.
    func write(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                #if canImport(Darwin)
                let count = Darwin.write(fileDescriptor, start, rest.count)
                #else
                let count = Glibc.write(fileDescriptor, start, rest.count)
                #endif
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno != EINTR && errno != EAGAIN {
                    return
                }
            }
        }
    }
}
