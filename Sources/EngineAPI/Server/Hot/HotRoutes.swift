import HTTPTypes
import NIOHTTP1

/// The routes that workers and starters call all the time, found by comparing bytes.
///
/// Only plain requests are found: POST by HTTP/1.1 on a connection that stays open, a body of known and moderate length,
/// a path without escapes, no header twice. All others go the usual way, and are answered in the same way there.
struct HotRoutes: Sendable {
    /// The hot operations; each is in ``RouteTable/all``.
    static let patterns = [
        "/external-task/{id}/complete",
        "/process-definition/key/{key}/start",
        "/external-task/fetchAndLock",
        "/external-task/{id}/failure",
        "/external-task/{id}/bpmnError",
        "/external-task/{id}/extendLock",
        "/external-task/{id}/unlock",
        "/process-definition/{id}/start",
    ]

    /// The largest body of a hot request, in bytes: reading it holds up the other connections of its event loop.
    static let maximumBodySize = 256 * 1024

    /// An address of a hot route: what stands before and after its parameter.
    fileprivate struct Address: Sendable {
        let prefix: [UInt8]
        let suffix: [UInt8]
        let hasParameter: Bool
        let root: String
        let route: Route
    }

    private let addresses: [Address]
    private let maximumBodySize: Int

    init(of table: RouteTable, configuration: EngineAPI.Configuration) {
        let roots = [configuration.contextPath, configuration.contextPath + "/engine/" + configuration.engineName]
        addresses = roots.flatMap { root in
            Self.patterns.map { Address($0, below: root, of: table) }
        }
        maximumBodySize = min(configuration.maximumBodySize, Self.maximumBodySize)
    }

    /// The hot request that a head announces; nil when it has to go the usual way.
    func request(_ head: HTTPRequestHead) -> HotRequest? {
        guard case .POST = head.method, head.version == .http1_1, head.isKeepAlive,
            let (address, value) = address(of: head.uri), let fields = HotFields(head.headers),
            let length = fields.contentLength, length <= maximumBodySize
        else { return nil }
        return HotRequest(
            route: address.route,
            values: value.map { [$0] } ?? [],
            root: address.root,
            head: fields.head
        )
    }

    private func address(of uri: String) -> (Address, String?)? {
        let found = uri.utf8.withContiguousStorageIfAvailable { bytes -> (Address, String?)? in
            for address in addresses {
                guard let value = address.value(in: bytes) else { continue }
                guard address.hasParameter else { return (address, nil) }
                return (address, String(decoding: value, as: UTF8.self))
            }
            return nil
        }
        return found ?? nil
    }
}

extension HotRoutes.Address {
    init(_ pattern: String, below root: String, of table: RouteTable) {
        let steps = pattern.split(separator: "/").map(String.init)
        guard case .route(let route, _) = table.match(steps, method: .post) else {
            preconditionFailure("No route \(pattern)")
        }
        let path = root + pattern
        self.init(
            prefix: Array(path.prefix { $0 != "{" }.utf8),
            suffix: path.firstIndex(of: "}").map { Array(path[$0...].utf8.dropFirst()) } ?? [],
            hasParameter: !route.parameters.isEmpty,
            root: root,
            route: route
        )
    }

    /// The parameter's value, empty for a route that has none; nil when the path is another one.
    func value(in path: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
        let length = path.count - prefix.count - suffix.count
        guard hasParameter ? length > 0 : length == 0, path.suffix(suffix.count).elementsEqual(suffix),
            path.prefix(prefix.count).elementsEqual(prefix)
        else { return nil }
        let value = path[prefix.count..<(prefix.count + length)]
        return value.allSatisfy(\.isPlainInPath) ? value : nil
    }
}

extension UInt8 {
    /// Whether the byte stands for itself within one step of a path.
    fileprivate var isPlainInPath: Bool {
        switch self {
        case UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"): false
        default: (0x21...0x7E).contains(self)
        }
    }
}
