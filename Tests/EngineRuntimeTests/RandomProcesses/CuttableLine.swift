import Foundation
import NIOCore
import NIOPosix
import Postgres
import Synchronization

/// A line from one node to the database that can be cut after any byte, in either direction.
///
/// What was handed on before the cut is worked on, as with a network that breaks or a node that dies: the database learns
/// of it when it reads or writes next.
final class CuttableLine: Sendable {
    enum Direction: Sendable, CaseIterable { case toDatabase, toNode }

    /// Where the line breaks.
    enum Cut: Sendable {
        case after(bytes: Int, Direction)
        /// When all that a transaction does has been sent, but not that it is to be committed.
        case beforeCommit
        /// When the database has committed, and nobody has heard of it.
        case beforeConfirmation
    }

    /// Bytes by direction since the last ``expect(_:)`` or cut.
    typealias Counts = [Direction: Int]

    fileprivate struct State: Sendable {
        var counts: Counts = [:]
        var cuts: [Cut] = []
        var cutCount = 0
        var lostConfirmations = 0
    }

    /// How to connect by way of the line.
    let settings: ConnectionSettings
    private let channel: any Channel
    private let state: Shared

    /// What the handlers of all connections share.
    fileprivate final class Shared: Sendable {
        private let state = Mutex(State())

        func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

        /// How many of the bytes may go on, and whether the line is cut after them.
        func admit(_ bytes: ByteBuffer, _ direction: Direction) -> (count: Int, isCut: Bool) {
            state.withLock { state in
                let before = state.counts[direction, default: 0]
                let count = bytes.readableBytes
                guard let cut = state.cuts.first, let admitted = cut.place(in: bytes, direction, after: before) else {
                    state.counts[direction] = before + count
                    return (count, false)
                }
                state.cuts.removeFirst()
                state.counts = [:]
                state.cutCount += 1
                if direction == .toNode, let place = bytes.place(of: "COMMIT\0"), place >= admitted {
                    state.lostConfirmations += 1
                }
                return (admitted, true)
            }
        }
    }

    private init(_ settings: ConnectionSettings, _ channel: any Channel, _ state: Shared) {
        self.settings = settings
        self.channel = channel
        self.state = state
    }

    /// A line to the database of `settings`; close it at the end.
    static func open(to settings: ConnectionSettings) async throws -> CuttableLine {
        let (host, port) = settings.server
        let state = Shared()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { node in
                let bootstrap = ClientBootstrap(group: node.eventLoop)
                let connecting =
                    host.hasPrefix("/")
                    ? bootstrap.connect(unixDomainSocketPath: "\(host)/.s.PGSQL.\(port)")
                    : bootstrap.connect(host: host, port: port)
                return connecting.flatMap { database in
                    node.pipeline.addHandler(Relay(to: database, .toDatabase, state)).flatMap {
                        database.pipeline.addHandler(Relay(to: node, .toNode, state))
                    }.flatMap {
                        node.setOption(.autoRead, value: true)
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return CuttableLine(settings.by(port: channel.localAddress?.port ?? 0), channel, state)
    }

    func close() async { try? await channel.close() }

    /// Begins to count anew, and cuts the line at these places: each counts from the one before it.
    func expect(_ cuts: [Cut]) {
        state.change {
            $0.cuts = cuts
            $0.counts = [:]
        }
    }

    var counts: Counts { state.change { $0.counts } }
    /// How often the line was cut.
    var cutCount: Int { state.change { $0.cutCount } }
    /// How often it was cut before the word that a commit was done.
    var lostConfirmations: Int { state.change { $0.lostConfirmations } }
}

/// Hands on what one side says to the other.
private final class Relay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let direction: CuttableLine.Direction
    private let state: CuttableLine.Shared

    init(to other: any Channel, _ direction: CuttableLine.Direction, _ state: CuttableLine.Shared) {
        self.other = other
        self.direction = direction
        self.state = state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let (count, isCut) = state.admit(bytes, direction)
        let other = other
        let sent = other.writeAndFlush(bytes.getSlice(at: bytes.readerIndex, length: count) ?? ByteBuffer())
        guard isCut else { return }
        sent.whenComplete { _ in other.close(promise: nil) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}

extension CuttableLine.Cut {
    /// How many of the bytes go on before the line is cut; nil when it is not cut yet.
    fileprivate func place(in bytes: ByteBuffer, _ direction: CuttableLine.Direction, after before: Int) -> Int? {
        switch self {
        case .after(let limit, let way):
            way == direction && before + bytes.readableBytes >= limit ? max(0, limit - before) : nil
        // The name of the prepared statement, with its number.
        case .beforeCommit: direction == .toDatabase ? bytes.place(of: "Commit_") : nil
        // The word for what was carried out.
        case .beforeConfirmation: direction == .toNode ? bytes.place(of: "COMMIT\0") : nil
        }
    }
}

extension ByteBuffer {
    /// Where a text begins.
    fileprivate func place(of text: String) -> Int? {
        let bytes = Array(readableBytesView)
        return bytes.firstRange(of: Array(text.utf8))?.lowerBound
    }
}

extension ConnectionSettings {
    private var isURL: Bool { conninfo.hasPrefix("postgres://") || conninfo.hasPrefix("postgresql://") }

    /// Where the server listens: a directory of sockets or a host.
    fileprivate var server: (host: String, port: Int) {
        if isURL {
            let parts = URLComponents(string: conninfo)
            func item(_ name: String) -> String? { parts?.queryItems?.first { $0.name == name }?.value }
            let host = item("host") ?? parts?.host
            return (
                host.flatMap { $0.isEmpty ? nil : $0 } ?? "localhost",
                item("port").flatMap(Int.init) ?? parts?.port ?? 5432
            )
        }
        func value(_ name: String) -> String? {
            guard let match = try? Regex("(?:^|\\s)\(name)='?([^'\\s]*)").firstMatch(in: conninfo) else { return nil }
            return match.output[1].substring.map(String.init)
        }
        return (value("host") ?? "localhost", value("port").flatMap(Int.init) ?? 5432)
    }

    /// The same server by way of a port of this machine; unencrypted unless the settings say otherwise, so that the line
    /// sees what goes over it.
    fileprivate func by(port: Int) -> ConnectionSettings {
        var settings = self
        let encryption = conninfo.contains("sslmode") ? [] : [URLQueryItem(name: "sslmode", value: "disable")]
        if isURL, var parts = URLComponents(string: conninfo) {
            parts.host = "127.0.0.1"
            parts.port = port
            parts.queryItems = (parts.queryItems ?? []).filter { !["host", "port"].contains($0.name) } + encryption
            settings.conninfo = parts.string ?? conninfo
        } else {
            settings.conninfo += " host='127.0.0.1' port='\(port)'\(encryption.isEmpty ? "" : " sslmode='disable'")"
        }
        return settings
    }
}
