import EngineStore
import Postgres
import ServiceLifecycle

/// The engines of one node, in order: the default one first.
///
/// Each has a schema, sessions, lanes and polls of its own; nothing of one can be seen through another. They start and
/// end together.
package final class Engines: Service {
    /// All of them.
    package let all: [Engine]
    /// The one that paths without a name mean.
    package let `default`: Engine

    /// A default engine and others.
    ///
    /// - Throws: ``EnginesError`` when two have one name, or evidently one schema.
    package init(_ default: Engine, and others: [Engine] = []) throws(EnginesError) {
        all = [`default`] + others
        self.default = `default`
        for (index, engine) in all.enumerated() {
            for other in all[..<index] {
                guard other.name != engine.name else { throw .nameTwice(engine.name) }
                guard !other.configuration.database.leadsWhere(engine.configuration.database) else {
                    throw .sharedSchema(other.name, engine.name)
                }
            }
        }
    }

    /// One engine, which is the default.
    package init(_ engine: Engine) {
        all = [engine]
        `default` = engine
    }

    /// The engine of this name.
    package subscript(name: String) -> Engine? {
        all.first { $0.name.text == name }
    }

    /// Brings all schemas to this program's state, side by side.
    ///
    /// - Throws: ``EnginesError`` when one cannot be, when two names lead to one schema, or when an engine would listen in
    ///   another database.
    package func migrate() async throws {
        let places = try await withThrowingTaskGroup(of: (Int, SchemaPlace?).self) { group in
            for (index, engine) in all.enumerated() {
                group.addTask {
                    try await self.explaining(engine) {
                        try await engine.migrate()
                        try await engine.checkListening()
                        return (index, try await engine.place())
                    }
                }
            }
            return try await group.reduce(into: [Int: SchemaPlace]()) { $0[$1.0] = $1.1 }
        }
        for index in all.indices {
            guard let twin = all.indices.first(where: { $0 < index && places[$0] == places[index] }) else { continue }
            throw EnginesError.sharedSchema(all[twin].name, all[index].name)
        }
    }

    /// Runs all engines until the task is cancelled or the service is shut down; when one cannot go on, the others end,
    /// too.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for engine in all {
                group.addTask { try await self.explaining(engine) { try await engine.run() } }
            }
            // The first that fails ends the group, which cancels the others.
            for try await _ in group {}
        }
    }

    /// The first step of a shutdown: parked polls of all engines are answered with no tasks.
    package func drainPolls() {
        for engine in all { engine.drainPolls() }
    }

    /// Whether each engine can serve requests now, and what it lacks; in order.
    package func readiness() async -> [Readiness] {
        await withTaskGroup(of: (Int, Readiness).self) { group in
            for (index, engine) in all.enumerated() { group.addTask { (index, await engine.readiness()) } }
            var found: [(Int, Readiness)] = []
            for await one in group { found.append(one) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Whether all engines can serve requests now.
    package func areReady() async -> Bool { await readiness().allSatisfy(\.isReady) }

    /// Says which engine an error is of, when there are several.
    private func explaining<Value: Sendable>(
        _ engine: Engine,
        _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch {
            guard all.count > 1, !(error is CancellationError), !(error is EnginesError) else { throw error }
            throw EnginesError.failed(engine.name, error)
        }
    }
}

/// Why engines cannot run together.
package enum EnginesError: Error {
    case nameTwice(EngineName)
    case sharedSchema(EngineName, EngineName)
    /// The address for wake-ups leads to another database, or another schema, than the one that is worked on.
    case listensElsewhere(EngineName)
    /// The engine cannot start, or go on.
    case failed(EngineName, any Error)
}

extension EnginesError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nameTwice(let name): "Two engines are called \(name); every engine needs a name of its own."
        case .sharedSchema(let first, let second):
            """
            The engines \(first) and \(second) would share one schema of one database. Give each its own: a database, \
            or a name without an address, for which a schema is made.
            """
        case .listensElsewhere(let name):
            """
            Engine \(name) would listen for wake-ups in another database than the one that it works on. Both addresses \
            must lead to the same database of the same server, one through the pooler and one past it.
            """
        case .failed(let name, let reason): "Engine \(name): \(reason)"
        }
    }
}
