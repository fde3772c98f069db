/// A request and how it ended.
package struct Call: Sendable {
    package var request: Request
    /// Nil when the record ends before it: its client died.
    package var answer: Answer?

    var task: String? { request.action.task }

    /// What is known of a call's effect.
    package enum Effect: Sendable {
        /// The server said that it was carried out, between sending and answer.
        case done
        /// The server said that it was not, and will not be.
        case none
        /// Nobody knows: it may be carried out at any moment from sending on, however late.
        case unknown
    }

    package var effect: Effect {
        switch answer?.status {
        case .some(200..<300): .done
        // A failure of the server says nothing of what was committed.
        case .some(400..<500): .none
        default: .unknown
        }
    }

    /// Whether it was carried out or may have been.
    var mayHaveHappened: Bool { effect != .none }

    /// Whether it can take effect at `moment` or after it.
    func canHappen(after moment: LabMoment) -> Bool {
        switch effect {
        case .none: false
        case .unknown: true
        case .done: answer.map { $0.received > moment } ?? true
        }
    }
}
