import BPMN
package import EngineCore
import EngineStore
import Synchronization
package import Postgres

/// The process definitions that this node uses, read from their models once.
///
/// A definition never changes, so every node may keep it. Whether it still exists, is suspended or is the latest of its
/// key is asked of the database each time it matters.
package final class DefinitionCache: Sendable {
    /// The most definitions that a node keeps.
    package static let defaultLimit = 1_000

    /// Reads a definition that is not kept; nil when there is none.
    package typealias Load = @Sendable (DefinitionID) async throws -> DeployedDefinition?

    private let state: Mutex<State>
    private let load: Load

    private struct State: Sendable {
        var definitions: RecentlyUsed<DefinitionID, DeployedDefinition>
        /// Loads under way, each of which all who ask for its definition wait for.
        var loads: [DefinitionID: Task<DeployedDefinition, any Error>] = [:]
    }

    private enum Lookup {
        case kept(DeployedDefinition)
        case loading(Task<DeployedDefinition, any Error>)
    }

    /// A cache of what `load` reads.
    package init(limit: Int = defaultLimit, load: @escaping Load) {
        state = Mutex(State(definitions: RecentlyUsed(limit: limit)))
        self.load = load
    }

    /// The definition, if this node keeps it.
    ///
    /// Waits for nothing.
    package func cached(_ id: DefinitionID) -> DeployedDefinition? {
        state.withLock { $0.definitions.value(for: id) }
    }

    /// The definition, loaded if this node does not keep it.
    ///
    /// Those who ask at the same time share one load.
    ///
    /// - Throws: ``Rejection/definitionNotFound(id:)``; ``DefinitionUnreadable``; what the database has to say.
    package func definition(_ id: DefinitionID) async throws -> DeployedDefinition {
        guard DefinitionID.couldBe(id.rawValue) else { throw Rejection.definitionNotFound(id: id.rawValue) }
        let lookup = state.withLock { state -> Lookup in
            if let definition = state.definitions.value(for: id) { return .kept(definition) }
            if let load = state.loads[id] { return .loading(load) }
            let load = startLoading(id)
            state.loads[id] = load
            return .loading(load)
        }
        switch lookup {
        case .kept(let definition): return definition
        case .loading(let load): return try await load.value
        }
    }

    /// Keeps a definition that was just deployed.
    func insert(_ definition: DeployedDefinition) {
        state.withLock { $0.definitions.insert(definition, for: definition.id) }
    }

    /// Forgets definitions that were deleted.
    func remove(_ ids: [DefinitionID]) {
        state.withLock { state in
            for id in ids { state.definitions.remove(id) }
        }
    }

    /// The task is waited for by everyone who asks for the definition meanwhile; that one of them gives up does not
    /// concern the others.
    ///
    /// It ends with the load's own time-outs.
    private func startLoading(_ id: DefinitionID) -> Task<DeployedDefinition, any Error> {
        Task {
            do {
                guard let definition = try await load(id) else {
                    throw Rejection.definitionNotFound(id: id.rawValue)
                }
                state.withLock { state in
                    state.loads[id] = nil
                    state.definitions.insert(definition, for: id)
                }
                return definition
            } catch {
                state.withLock { $0.loads[id] = nil }
                throw error
            }
        }
    }
}

extension DefinitionID {
    /// The longest id that a definition can have, in characters.
    static let maximumLength = 64

    /// Whether text can be the id of a definition at all; what cannot is not found without a question to the database.
    static func couldBe(_ text: String) -> Bool {
        text.unicodeScalars.count <= maximumLength && !text.utf8.contains(0)
    }
}

extension DefinitionCache {
    /// A cache of the definitions of a database.
    package convenience init(limit: Int = defaultLimit, database: any StatementRunner) {
        self.init(limit: limit) { id in
            guard let (record, content) = try await database.run(LoadDefinition(id: id)).first else { return nil }
            return try DeployedDefinition(record, model: content)
        }
    }
}

extension DeployedDefinition {
    /// Reads the process of a definition from its model.
    ///
    /// - Throws: ``DefinitionUnreadable``.
    init(_ record: DefinitionRecord, model: [UInt8]) throws(DefinitionUnreadable) {
        let processes: [ProcessDefinition]
        do throws(ModelRejection) {
            processes = try BPMNReader.read(model, resourceName: record.resourceName)
        } catch {
            let rejection = Rejection(error, resource: record.resourceName)
            throw DefinitionUnreadable(id: record.id, reason: rejection.description)
        }
        guard let process = processes.first(where: { $0.key == record.key }) else {
            throw DefinitionUnreadable(id: record.id, reason: "its model holds no process '\(record.key)'")
        }
        self.init(record: record, definition: process)
    }
}
