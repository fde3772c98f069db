/// Users with passwords as lines of text: a name, a password's hash, and what the user is limited to.
///
///     # Comments and empty lines do not count.
///     anna $scrypt$ln=15,r=8,p=3$…$… groups=sales,management
///     charger $scrypt$ln=15,r=8,p=3$…$… topics=charge-card,refund
///     robot $scrypt$ln=15,r=8,p=3$…$… worker
///
/// Blanks, commas, `%` and `#` in names are written as `%` and two hexadecimal digits.
package enum UsersFile {
    /// What is wrong with a line; says nothing of its content but the user's name.
    package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        package var line: Int
        package var message: String
        package var description: String { "line \(line): \(message)" }
    }

    /// The line of an account, without an end.
    package static func line(for account: Account) -> String {
        let identity = account.identity
        var fields = [escaped(identity.userID), account.passwordHash.text]
        if let topics = identity.limits.topics {
            fields.append("topics=" + topics.sorted().map(escaped).joined(separator: ","))
        } else if identity.limits.isWorker {
            fields.append("worker")
        }
        if !identity.groups.isEmpty {
            fields.append("groups=" + identity.groups.map(escaped).joined(separator: ","))
        }
        return fields.joined(separator: " ")
    }

    /// The accounts of all lines, by name.
    package static func accounts(in text: String) throws(Problem) -> [String: Account] {
        var accounts: [String: Account] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            do throws(Reason) {
                let account = try account(fields)
                guard accounts.updateValue(account, forKey: account.identity.userID) == nil else {
                    throw Reason(message: "The user is there twice.")
                }
            } catch {
                throw Problem(line: index + 1, message: error.message)
            }
        }
        return accounts
    }

    private struct Reason: Error {
        var message: String
    }

    private static func account(_ fields: [Substring]) throws(Reason) -> Account {
        let name = try unescaped(fields[0])
        if let problem = Account.problem(withName: name) { throw Reason(message: problem) }
        guard fields.count > 1, let hash = PasswordHash(text: String(fields[1])) else {
            throw Reason(message: "After the name must come a password's hash, as “baton user hash” prints it.")
        }
        var isWorker = false
        var topics: Set<String>?
        var groups: [String] = []
        for field in fields.dropFirst(2) {
            if field == "worker" {
                isWorker = true
            } else if field.hasPrefix("topics=") {
                topics = Set(try names(in: field.dropFirst("topics=".count)))
            } else if field.hasPrefix("groups=") {
                groups = try names(in: field.dropFirst("groups=".count))
            } else {
                throw Reason(message: "After the hash may come “worker”, “topics=…” and “groups=…” only.")
            }
        }
        let limits = Identity.Limits(isWorker: isWorker, topics: topics)
        return Account(identity: Identity(userID: name, groups: groups, limits: limits), passwordHash: hash)
    }

    private static func names(in text: Substring) throws(Reason) -> [String] {
        var names: [String] = []
        for name in text.split(separator: ",") { names.append(try unescaped(name)) }
        return names
    }

    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case ...0x20, 0x7F, UInt8(ascii: "%"), UInt8(ascii: ","), UInt8(ascii: "#"):
                let digits = String(byte, radix: 16, uppercase: true)
                bytes += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ text: Substring) throws(Reason) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let code = UInt8(Substring(rest.prefix(2)), radix: 16), rest.count >= 2 else {
                throw Reason(message: "After % must come two hexadecimal digits.")
            }
            rest = rest.dropFirst(2)
            bytes.append(code)
        }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw Reason(message: "A name is no UTF-8.") }
        return name
    }
}
