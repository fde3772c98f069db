import Foundation
import LabChecker
import Processes

/// The whole stage, from an empty directory to the last row in the record.
struct Lab {
    let options: LabOptions
    let kinds: [FaultKind]
    /// What was asked for and cannot be done here, and why.
    let left: [String]
    let directory: String
    let recorder: Recorder
    let timeline: Timeline
    /// The nodes' ports.
    let nodePorts: [Int]

    /// The longest a free task may wait beside a poll, in microseconds: the safety check at its slowest (2.4 s), and a
    /// second and a half for a busy machine.
    static let longestWait: Int64 = 4_000_000
    /// The longest that a call may go without an answer whatever is broken, in microseconds: waiting to be begun (10 s),
    /// a round trip that hangs (60 s), asking what became of it, and a busy machine.
    static let longestAnswer: Int64 = 90_000_000
    /// The same in calm.
    static let longestCalmAnswer: Int64 = 8_000_000
    /// How long everything may take to end when nothing is broken any more: a signal of a node that died waits for the
    /// end of its lease, and then for the next look of another node, a minute in all.
    static let patience = Duration.seconds(150)

    /// Opens the lab, breaks things, lets the work end, and writes down what is left.
    ///
    /// - Returns: What went wrong beside what the record shows: nodes that ended by themselves.
    func run() async throws -> [String] {
        var described = LabChecker.Run(
            seed: options.seed,
            seconds: options.seconds,
            faults: kinds.map(\.rawValue),
            models: LabModels.promises,
            longestWait: Self.longestWait,
            longestAnswer: Self.longestAnswer,
            longestCalmAnswer: Self.longestCalmAnswer
        )
        described.left = left
        described.command = options.command(kinds)
        described.orderlyStops = [FaultKind.stopNode.rawValue, FaultKind.rollingRestart.rawValue]
        try recorder.write(.run(described))
        let namespace = kinds.contains(.partition) ? try await NetworkNamespace() : nil
        do {
            let troubles = try await run(in: namespace)
            await namespace?.remove()
            return troubles
        } catch {
            await namespace?.remove()
            throw error
        }
    }

    private func run(in namespace: NetworkNamespace?) async throws -> [String] {
        let database = try await LabDatabase(
            LabDatabase.Settings(
                directory: directory,
                hasStandby: kinds.contains(.failOver) || kinds.contains(.standbyCut),
                addresses: namespace?.outside ?? [],
                hasSmallDisks: kinds.contains(.fullDisk)
            )
        )
        var bouncer: PgBouncer?
        do {
            if kinds.contains(.pgBouncer) { bouncer = try startBouncer(database) }
            let network = kinds.contains(.slowNetwork) ? try makeNetwork(database) : nil
            let stage = Stage(
                nodes: try makeNodes(database, bouncer, namespace, network),
                database: database,
                bouncer: bouncer,
                namespace: namespace,
                network: network
            )
            let troubles = try await play(on: stage)
            await bouncer?.kill()
            await database.stop()
            for number in 1...2 { try? FileManager.default.removeItem(atPath: directory + "/database-\(number)") }
            return troubles
        } catch {
            await bouncer?.kill()
            await database.stop()
            throw error
        }
    }

    /// What there is to break.
    private struct Stage {
        var nodes: [LabNode]
        var database: LabDatabase
        var bouncer: PgBouncer?
        var namespace: NetworkNamespace?
        var network: SlowNetwork?
    }

    private func play(on stage: Stage) async throws -> [String] {
        let nodes = stage.nodes
        do {
            for node in nodes {
                try await node.start()
                let peculiarities = node.settings.peculiarities.map { ", \($0)" }.joined()
                timeline.tell(node.name, "is ready at \(node.settings.host):\(node.settings.port)\(peculiarities)")
            }
            try await deploy(to: nodes[0])
            let clock = Task { await watchClock(stage.database) }
            defer { clock.cancel() }
            try await storm(stage)
            try await rest(nodes, stage.database)
            try await stage.database.writeRows(to: recorder)
        } catch {
            for node in nodes { await node.kill() }
            throw error
        }
        for node in nodes { await node.stop() }
        return nodes.flatMap(\.unexplainedEnds)
    }

    // MARK: Acts

    private func storm(_ stage: Stage) async throws {
        let nodes = stage.nodes
        let rhythm = Rhythm(opening: .now)
        let crews = (1...options.crews).map { crew("crew\($0)", nodes, rhythm) }
        let lanes = FaultLanes(
            kinds: kinds,
            nodes: nodes,
            crews: crews,
            database: stage.database,
            bouncer: stage.bouncer,
            namespace: stage.namespace,
            network: stage.network,
            recorder: recorder,
            timeline: timeline,
            seed: options.seed,
            rhythm: rhythm
        )
        for crew in crews { try crew.start() }
        do {
            try await lanes.run(until: .now + .seconds(options.seconds))
        } catch {
            for crew in crews { try await crew.kill() }
            throw error
        }
        for crew in crews { try await crew.kill() }
    }

    /// Polite workers bring everything to its end.
    private func rest(_ nodes: [LabNode], _ database: LabDatabase) async throws {
        timeline.tell("lab", "nothing is broken any more; the work comes to its end")
        let crew = crew("rescue", nodes, nil)
        try crew.start()
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let counts = await database.countInstances(), counts.running == 0, counts.pending == 0 { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        try await crew.kill()
    }

    private func watchClock(_ database: LabDatabase) async {
        var round = 0
        while !Task.isCancelled {
            if let sample = await database.readClock() { try? recorder.write(.clock(sample)) }
            round += 1
            if round.isMultiple(of: 5), let counts = await database.countInstances() {
                let text = "\(counts.ended) instances ended, \(counts.running) run; \(recorder.answers) answers so far"
                timeline.tell("", text)
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: Stage

    private var baton: String {
        options.baton
            ?? URL(fileURLWithPath: ChildProcess.ownExecutable).deletingLastPathComponent()
            .appendingPathComponent("baton").path
    }

    private func startBouncer(_ database: LabDatabase) throws -> PgBouncer {
        let port = try options.port.map { $0 + options.nodes } ?? FreePort.find(1)[0]
        let bouncer = PgBouncer(port: port, directory: directory, timeline)
        try bouncer.point(to: database.socketDirectory)
        try bouncer.start()
        return bouncer
    }

    private func makeNetwork(_ database: LabDatabase) throws -> SlowNetwork {
        let ports = try FreePort.find(2)
        let port = nodePorts[0]
        return SlowNetwork(
            node: "node A",
            database: try Proxy(port: ports[0]) { .socket(path: database.socketDirectory + "/.s.PGSQL.5432") },
            workers: try Proxy(port: ports[1]) { .port(port, host: "127.0.0.1") }
        )
    }

    private func makeNodes(
        _ database: LabDatabase,
        _ bouncer: PgBouncer?,
        _ namespace: NetworkNamespace?,
        _ network: SlowNetwork?
    ) throws -> [LabNode] {
        try nodePorts.enumerated().map { index, port in
            var settings = LabNode.Settings(
                name: String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))),
                executable: baton,
                port: port,
                databaseURL: database.url
            )
            if kinds.contains(.fullPool) {
                settings.arguments += ["--pool-size", "2", "--lanes", "1"]
                settings.peculiarities.append("with two connections and one lane")
            }
            if kinds.contains(.clockSkew), let library = ClockSkew.library {
                ClockSkew.apply(library, to: &settings, at: index)
            }
            if let network, index == 0 {
                settings.databaseURL = database.url(behind: network.database)
                settings.workersPort = network.workers.port
                settings.peculiarities.append("behind a network that can be slow")
            }
            if let namespace, let url = database.remoteURL, index == max(0, options.nodes - 2) {
                settings.host = namespace.inside
                settings.databaseURL = url
                settings.prefix = namespace.prefix
                settings.peculiarities.append("in a network of its own")
            }
            if let bouncer, index == options.nodes - 1 {
                settings.databaseURL = bouncer.url
                settings.arguments += ["--prepared-statements", "off"]
                settings.peculiarities.append("through PgBouncer")
            }
            return try LabNode(settings, log: directory + "/node-\(settings.name).log", timeline)
        }
    }

    /// Workers that do as they like or, without a rhythm, all that they should and nothing else.
    private func crew(_ name: String, _ nodes: [LabNode], _ rhythm: Rhythm?) -> LabCrew {
        let isPolite = rhythm == nil
        let settings = CrewSettings(
            name: name,
            life: "",
            seed: options.seed,
            nodes: nodes.map(\.workersAddress),
            workers: isPolite ? 2 * options.workers : options.workers,
            startsPerSecond: isPolite ? 0 : options.startsPerSecond,
            rhythm: rhythm,
            areRude: !isPolite && kinds.contains(.closedSockets),
            areSlow: !isPolite && kinds.contains(.slowClients),
            areStormy: !isPolite && kinds.contains(.lockStorms),
            clerks: isPolite ? 8 : 2
        )
        return LabCrew(settings, recorder, timeline)
    }

    private func deploy(to node: LabNode) async throws {
        let files = try LabModels.files.map { key, xml in
            let file = directory + "/\(key).bpmn"
            try xml.write(toFile: file, atomically: true, encoding: .utf8)
            return file
        }
        let url = "http://\(node.settings.host):\(node.settings.port)/engine-rest"
        let deployment = try ChildProcess(executable: baton, arguments: ["deploy"] + files + ["--url", url])
        var words: [String] = []
        for await line in deployment.lines {
            switch line {
            case .output(let text), .error(let text): words.append(text)
            }
        }
        guard await deployment.exit() == .status(0) else {
            throw LabFailure("The models were not deployed: \(words.joined(separator: "\n"))")
        }
    }
}
