import EngineCore
import Expressions
import FoundationEssentials
import Testing

@testable import EngineStore

@Suite struct `A change set` {
    private let instance = ProcessInstanceID(UUID())
    private let moment = Instant(millisecondsSinceEpoch: 0)

    private func variable(_ value: Int32, transient: Bool = false, id: VariableID = VariableID(UUID())) -> Variable {
        Variable(
            id: id,
            owner: ExecutionID(instance),
            root: instance,
            instance: instance,
            activityInstance: ActivityInstanceID(instance),
            name: "v",
            value: .integer(value),
            isTransient: transient,
            createTime: moment
        )
    }

    @Test func `writes a row that was made and changed once, as it is at the end`() {
        let first = variable(1)
        let last = variable(2, id: first.id)
        let changes = ChangeSet([.variableCreated(first), .variableChanged(last)], history: .full)
        #expect(changes.variables.inserted == [last])
        #expect(changes.variables.updated.isEmpty)
    }

    @Test func `sends variables without a row straight to history`() {
        let made = variable(1)
        let changes = ChangeSet(
            [.variableCreated(made), .variablesClosed(owner: made.owner)],
            history: .full
        )
        #expect(changes.variables.isEmpty)
        #expect(changes.endedVariables.map(\.variable) == [made])
        #expect(changes.closedOwners == [made.owner])
    }

    @Test func `never writes transient variables`() {
        let changes = ChangeSet([.variableCreated(variable(1, transient: true))], history: .full)
        #expect(changes.isEmpty)
    }

    @Test(arguments: [(HistoryLevel.none, 0), (.activity, 0), (.audit, 1), (.full, 1)])
    func `keeps as much history as its level says`(level: HistoryLevel, variables: Int) {
        let removed = variable(1)
        let changes = ChangeSet([.variableRemoved(removed)], history: level)
        #expect(changes.variables.removed == [removed.id])
        #expect(changes.endedVariables.count == variables)
    }
}
