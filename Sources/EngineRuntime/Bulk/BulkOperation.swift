import EngineCore

/// What a batch does to each of its targets.
///
/// A node may die between an operation and the record of it; another one does it again. So an operation that was done
/// must be harmless, and succeed, when it is done again.
package enum BulkOperation: Sendable, Hashable {
    /// Sets the retries of an external task.
    case setExternalTaskRetries(Int32)
}

extension BulkOperation {
    /// The contract's name for the kind of operation.
    package var type: String {
        switch self {
        case .setExternalTaskRetries: Self.externalTaskRetries
        }
    }

    /// What the operation needs to know besides its target, as the batch's row holds it.
    var configuration: String {
        switch self {
        case .setExternalTaskRetries(let retries): String(retries)
        }
    }

    /// Reads an operation; nil for one of a version that knows more.
    init?(type: String, configuration: String) {
        switch type {
        case Self.externalTaskRetries:
            guard let retries = Int32(configuration) else { return nil }
            self = .setExternalTaskRetries(retries)
        default: return nil
        }
    }

    private static let externalTaskRetries = "set-external-task-retries"
}

extension Engine {
    /// Does one operation.
    ///
    /// - Throws: ``BulkFailure`` when it cannot be done; any other error says nothing about the operation.
    func perform(_ operation: BulkOperation, on target: String) async throws {
        do {
            switch operation {
            case .setExternalTaskRetries(let retries): try await setExternalTaskRetries(target, retries)
            }
        } catch Rejection.externalTaskNotFound(let id) {
            throw BulkFailure("Cannot find external task with id \(id): externalTask is null")
        } catch Rejection.negative(let parameter) {
            throw BulkFailure(
                "The number of \(parameter) cannot be negative: \(parameter) is not greater than or equal to 0"
            )
        } catch let rejection as Rejection {
            throw BulkFailure(rejection.description)
        }
    }
}

/// Why an operation cannot be done.
package struct BulkFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// The longest text that is kept, in characters.
    static let maximumLength = 4_000

    init(_ description: String) { self.description = String(description.prefix(Self.maximumLength)) }
}
