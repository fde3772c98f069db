import BatonClient
import HTTPTypes
import JSON

/// What goes wrong with a call of a ``TestEngine``.
public struct Fault: Sendable {
    enum Kind: Sendable {
        case unreachable
        case lostBeforeEffect
        case lostAfterEffect
        case hanging
        case delayed(Duration)
        case answered(Reply)
    }

    let kind: Kind

    /// The server is not there: nothing is sent, nothing happens.
    public static let connectionRefused = Fault(kind: .unreachable)

    /// The connection ends before the engine has the call: nothing happens, but the client cannot know that.
    public static let connectionLost = Fault(kind: .lostBeforeEffect)

    /// The call has its effect, and its answer never arrives.
    public static let answerLost = Fault(kind: .lostAfterEffect)

    /// Nothing happens and no answer comes, until the client gives up.
    public static let noAnswer = Fault(kind: .hanging)

    /// The call has its effect at once, and its answer comes after `delay` on the engine's clock.
    public static func answerDelayed(by delay: Duration) -> Fault { Fault(kind: .delayed(delay)) }

    /// The server asks to be left alone (503); nothing happens.
    ///
    /// - Parameter retryAfter: For how long, in whole seconds; nil to say nothing.
    /// - Returns: The fault.
    public static func overloaded(retryAfter: Duration? = nil) -> Fault {
        var reply = Reply(status: 503)
        if let retryAfter { reply.headerFields[.retryAfter] = "\(retryAfter.components.seconds)" }
        return Fault(kind: .answered(reply))
    }

    /// The server refuses in the contract's form, and nothing happens.
    ///
    /// - Parameters:
    ///   - status: The HTTP status, 400 to 599.
    ///   - type: The contract's `type`.
    ///   - message: The contract's `message`.
    ///   - code: The contract's `code`; 1 is optimistic locking.
    /// - Returns: The fault.
    public static func refused(
        status: Int,
        type: String = "RestException",
        message: String = "",
        code: Int? = nil
    ) -> Fault {
        Fault(kind: .answered(.error(status, type, message, code: code.map { .integer(Int64($0)) } ?? .null)))
    }
}

/// A fault that waits for its calls.
struct InjectedFault: Sendable {
    let fault: Fault
    /// The operation whose calls it meets; nil for all.
    let operation: EngineOperation?
    /// How many more calls it meets; nil without end.
    var remaining: Int?
}

extension EngineState {
    /// The fault that the next call meets, which has then met it.
    mutating func takeFault(for operation: EngineOperation) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.operation == nil || $0.operation == operation }) else {
            return nil
        }
        let fault = faults[index].fault
        if let remaining = faults[index].remaining {
            if remaining <= 1 { faults.remove(at: index) } else { faults[index].remaining = remaining - 1 }
        }
        return fault
    }
}
