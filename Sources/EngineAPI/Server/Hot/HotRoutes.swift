import Access
import EngineRuntime
import HTTPTypes
import NIOHTTP1

/// The routes that workers and starters call all the time, found by comparing bytes.
///
/// Only plain requests are found: POST by HTTP/1.1 on a connection that stays open, a body of known and moderate length,
/// a path without escapes, no header twice, from somebody whose credentials were checked a moment ago. All others go the usual way, and are answered in the same way there.
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

    /// The address of a hot route below a root: what stands before and after its parameter.
    fileprivate struct Address: Sendable {
        let prefix: [UInt8]
        let suffix: [UInt8]
        let hasParameter: Bool
        let route: Route
    }

    /// Where the paths of an engine begin.
    fileprivate struct Root: Sendable {
        let engine: Engine
        /// Nil when everybody may do everything.
        let gate: Gate?
        let path: String
        /// The engine's name and the slash after it; empty for the default engine without its name.
        let step: [UInt8]
    }

    /// What stands between the API's root and an engine's name.
    private static let namingStep = Array("/engine/".utf8)

    private let contextPath: [UInt8]
    private let unnamedRoot: Root
    private let namedRoots: [Root]
    private let addresses: [Address]
    private let maximumBodySize: Int

    init(
        of table: RouteTable,
        engines: Engines,
        configuration: EngineAPI.Configuration,
        gates: [EngineName: Gate]? = nil
    ) {
        contextPath = Array(configuration.contextPath.utf8)
        unnamedRoot = Root(
            engine: engines.default,
            gate: gates?[engines.default.name],
            path: configuration.contextPath,
            step: []
        )
        namedRoots = engines.all.map { engine in
            let name = engine.name.text
            let path = "\(configuration.contextPath)/engine/\(name)"
            return Root(engine: engine, gate: gates?[engine.name], path: path, step: Array("\(name)/".utf8))
        }
        addresses = Self.patterns.map { Address($0, of: table) }
        maximumBodySize = min(configuration.maximumBodySize, Self.maximumBodySize)
    }

    /// The hot request that a head announces; nil when it has to go the usual way.
    func request(_ head: HTTPRequestHead) -> HotRequest? {
        guard case .POST = head.method, head.version == .http1_1, head.isKeepAlive,
            let found = find(head.uri), let fields = HotFields(head.headers),
            let length = fields.contentLength, length <= maximumBodySize
        else { return nil }
        var identity: Identity?
        if let gate = found.root.gate {
            guard let known = fields.authorization.flatMap(gate.recognize) else { return nil }
            identity = known
        }
        return HotRequest(
            engine: found.root.engine,
            route: found.route,
            identity: identity,
            values: found.value.map { [$0] } ?? [],
            root: found.root.path,
            head: fields.head
        )
    }

    private struct Found {
        let root: Root
        let route: Route
        var value: String?
    }

    /// Finds the engine first, then the route below its root: another engine costs the others nothing.
    private func find(_ uri: String) -> Found? {
        let found = uri.utf8.withContiguousStorageIfAvailable { bytes -> Found? in
            guard bytes.starts(with: contextPath) else { return nil }
            let below = UnsafeBufferPointer(rebasing: bytes[contextPath.count...])
            guard below.starts(with: Self.namingStep) else { return find(below, below: unnamedRoot) }
            let named = UnsafeBufferPointer(rebasing: below[Self.namingStep.count...])
            guard let root = namedRoots.first(where: { named.starts(with: $0.step) }) else { return nil }
            // The slash after the name begins the path below it.
            return find(UnsafeBufferPointer(rebasing: named[(root.step.count - 1)...]), below: root)
        }
        return found ?? nil
    }

    private func find(_ path: UnsafeBufferPointer<UInt8>, below root: Root) -> Found? {
        for address in addresses {
            guard let value = address.value(in: path) else { continue }
            guard address.hasParameter else { return Found(root: root, route: address.route) }
            return Found(root: root, route: address.route, value: String(decoding: value, as: UTF8.self))
        }
        return nil
    }
}

extension HotRoutes.Address {
    init(_ pattern: String, of table: RouteTable) {
        let steps = pattern.split(separator: "/").map(String.init)
        guard case .route(let route, _) = table.match(steps, method: .post) else {
            preconditionFailure("No route \(pattern)")
        }
        self.init(
            prefix: Array(pattern.prefix { $0 != "{" }.utf8),
            suffix: pattern.firstIndex(of: "}").map { Array(pattern[$0...].utf8.dropFirst()) } ?? [],
            hasParameter: !route.parameters.isEmpty,
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
