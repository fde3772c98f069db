/// The five characters by which the database names what went wrong.
package struct SQLState: RawRepresentable, Sendable, Hashable {
    /// Five digits and upper-case letters.
    package var rawValue: String

    /// The state with this code.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The first two characters: the class of states that this one belongs to.
    package var category: String { String(rawValue.prefix(2)) }

    package static let featureNotSupported = Self(rawValue: "0A000")
    package static let characterNotInRepertoire = Self(rawValue: "22021")
    package static let invalidTextRepresentation = Self(rawValue: "22P02")
    package static let notNullViolation = Self(rawValue: "23502")
    package static let foreignKeyViolation = Self(rawValue: "23503")
    package static let uniqueViolation = Self(rawValue: "23505")
    package static let checkViolation = Self(rawValue: "23514")
    package static let activeTransaction = Self(rawValue: "25001")
    package static let readOnlyTransaction = Self(rawValue: "25006")
    package static let transactionFailed = Self(rawValue: "25P02")
    package static let idleInTransactionTimeout = Self(rawValue: "25P03")
    package static let unknownStatement = Self(rawValue: "26000")
    package static let invalidPassword = Self(rawValue: "28P01")
    package static let unknownDatabase = Self(rawValue: "3D000")
    package static let transactionRolledBack = Self(rawValue: "40000")
    package static let serializationFailure = Self(rawValue: "40001")
    package static let deadlockDetected = Self(rawValue: "40P01")
    package static let syntaxError = Self(rawValue: "42601")
    package static let undefinedColumn = Self(rawValue: "42703")
    package static let duplicateDatabase = Self(rawValue: "42P04")
    package static let undefinedTable = Self(rawValue: "42P01")
    package static let diskFull = Self(rawValue: "53100")
    package static let tooManyConnections = Self(rawValue: "53300")
    package static let objectInUse = Self(rawValue: "55006")
    package static let lockNotAvailable = Self(rawValue: "55P03")
    package static let queryCanceled = Self(rawValue: "57014")
    package static let adminShutdown = Self(rawValue: "57P01")
    package static let crashShutdown = Self(rawValue: "57P02")
    package static let cannotConnectNow = Self(rawValue: "57P03")

    /// Whether the database lacks what it needs to work at all, whatever it is asked: room on the disk, memory,
    /// connections, or a file that can be read.
    package var isShortage: Bool { ["53", "58"].contains(category) }

    /// Whether the state alone says that the connection is gone or about to go.
    package var isConnectionLoss: Bool {
        switch self {
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .idleInTransactionTimeout: true
        default: category == "08"
        }
    }
}

extension SQLState: CustomStringConvertible {
    package var description: String { rawValue }
}
