import NIOCore

/// A task as far as the load needs it: its id, and the business key that says when its instance was started.
struct FetchedTask {
    var id: ByteBufferView
    var businessKey: ByteBufferView?
}

/// Finds tasks in the answer to a fetch without decoding it.
enum FetchScanner {
    private static let id = Array("\"id\":\"".utf8)
    private static let businessKey = Array("\"businessKey\":\"".utf8)
    private static let quote = [UInt8(ascii: "\"")]

    /// The first id of an answer, which is the instance's after a start.
    static func firstID(in body: ByteBufferView) -> String? {
        tasks(in: body).first.map { String(decoding: $0.id, as: UTF8.self) }
    }

    /// The tasks of an answer, in its order; the models used here have no field or variable called `id` besides the
    /// task's.
    static func tasks(in body: ByteBufferView) -> [FetchedTask] {
        body.withUnsafeBytes { bytes in
            var tasks: [FetchedTask] = []
            var keys: [Range<Int>] = []
            var ids: [Range<Int>] = []
            var position = 0
            while let start = bytes.position(of: id, from: position) {
                let end = bytes.position(of: quote, from: start + id.count) ?? bytes.count
                ids.append(start + id.count..<end)
                position = end
            }
            position = 0
            while let start = bytes.position(of: businessKey, from: position) {
                let end = bytes.position(of: quote, from: start + businessKey.count) ?? bytes.count
                keys.append(start + businessKey.count..<end)
                position = end
            }
            for (index, range) in ids.enumerated() {
                tasks.append(
                    FetchedTask(
                        id: body.slice(range),
                        businessKey: keys.count == ids.count ? body.slice(keys[index]) : nil
                    )
                )
            }
            return tasks
        }
    }
}

extension ByteBufferView {
    fileprivate func slice(_ range: Range<Int>) -> ByteBufferView {
        self[(startIndex + range.lowerBound)..<(startIndex + range.upperBound)]
    }
}
