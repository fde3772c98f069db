/// A user who calls with a password.
package struct Account: Sendable, Hashable {
    package var identity: Identity
    package var passwordHash: PasswordHash

    package init(identity: Identity, passwordHash: PasswordHash) {
        self.identity = identity
        self.passwordHash = passwordHash
    }

    /// The longest name of a user, in UTF-16 code units.
    package static let maximumNameLength = 255
    /// The longest password, in bytes.
    package static let maximumPasswordLength = 1024

    /// What is wrong with a name; nil when a user may be called so.
    package static func problem(withName name: String) -> String? {
        if name.isEmpty { return "The name of a user must not be empty." }
        if name.utf16.count > maximumNameLength {
            return "The name of a user may have at most \(maximumNameLength) characters."
        }
        // Basic authentication ends the name at the first colon.
        let isUnusable: (Unicode.Scalar) -> Bool = { $0 == ":" || $0.value < 0x20 || $0.value == 0x7F }
        guard name.unicodeScalars.contains(where: isUnusable) else { return nil }
        return "The name of a user must have no colon and no control characters."
    }

    /// What is wrong with a password; nil when it can be used.
    package static func problem(withPassword password: String) -> String? {
        if password.isEmpty { return "The password must not be empty." }
        if password.utf8.count > maximumPasswordLength {
            return "The password may have at most \(maximumPasswordLength) bytes."
        }
        return nil
    }
}

/// Finds the account of a user; throws when it cannot be known now.
package typealias AccountLookup = @Sendable (_ userID: String) async throws -> Account?
