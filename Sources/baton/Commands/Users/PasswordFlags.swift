import Access
import ArgumentParser
import Foundation

/// Where a new password comes from: standard input, or a person who types it twice.
struct PasswordFlags: ParsableArguments {
    @Flag(help: "Read the password from the first line of standard input instead of asking for it.")
    var passwordStdin = false

    /// The hash of the password.
    ///
    /// - Throws: `ValidationError` when the name or the password cannot be used; ``CommandFailure``.
    func hash(for name: String) throws -> PasswordHash {
        if let problem = Account.problem(withName: name) { throw ValidationError(problem) }
        let password = passwordStdin ? Self.fromStandardInput() : try Self.typedTwice()
        if let problem = Account.problem(withPassword: password) { throw ValidationError(problem) }
        return try PasswordHash(of: password)
    }

    /// The first line of standard input, without its end.
    static func fromStandardInput() -> String { readLine(strippingNewline: true) ?? "" }

    private static func typedTwice() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("There is nobody to ask for the password. Give it with --password-stdin.")
        }
        let first = typed("Password: ")
        guard typed("Again: ") == first else { throw CommandFailure("The two are different.") }
        return first
    }

    private static func typed(_ prompt: String) -> String { getpass(prompt).map { String(cString: $0) } ?? "" }
}
