import Access

/// Who may call a node, read and checked.
struct AccessSettings: Equatable, Sendable {
    /// Whether users with passwords may.
    var isBasic = false
    /// A file with users, besides those of the database.
    var usersFile: String?
    /// Set when bearers of tokens may.
    var tokens: Tokens?

    /// Which tokens count, and where their keys are.
    struct Tokens: Equatable, Sendable {
        var rules: TokenRules
        var keys: KeyLocation
    }

    /// Whether anybody is asked.
    var isOn: Bool { isBasic || tokens != nil }

    /// Reads every setting of access.
    ///
    /// - Throws: ``SettingProblem`` for the first setting that cannot be used or does not go with the others: a server
    ///   that only seems protected would be worse than one that does not start.
    init(from reader: SettingReader) throws(SettingProblem) {
        let names = Set((reader.text(.authentication) ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
        let rule = "must be none, basic, jwt, or basic,jwt"
        guard !names.isEmpty, names == ["none"] || names.isSubset(of: ["basic", "jwt"]) else {
            throw reader.problem(.authentication, rule)
        }
        isBasic = names.contains("basic")
        usersFile = reader.given(.usersFile)
        if usersFile != nil, !isBasic {
            throw reader.problem(.usersFile, "has no effect without \(Setting.authentication.flag) basic")
        }
        let needed: [Setting] = [.jwtIssuer, .jwtAudience, .jwtKeys]
        guard names.contains("jwt") else {
            let optional: [Setting] = [.jwtLeeway, .jwtUserClaim, .jwtGroupsClaim, .jwtTopicsClaim, .jwtWorkerClaim]
            if let unused = (needed + optional).first(where: { reader.given($0) != nil }) {
                throw reader.problem(unused, "has no effect without \(Setting.authentication.flag) jwt")
            }
            return
        }
        guard let issuer = reader.given(.jwtIssuer), let audience = reader.given(.jwtAudience),
            let keys = reader.given(.jwtKeys)
        else {
            let missing = needed.first { reader.given($0) == nil } ?? .jwtKeys
            throw reader.problem(missing, "must be given with \(Setting.authentication.flag) jwt")
        }
        var rules = TokenRules(issuer: issuer, audience: audience)
        rules.leewaySeconds = try reader.integer(.jwtLeeway, in: 0...300)
        rules.userClaim = reader.text(.jwtUserClaim) ?? rules.userClaim
        rules.groupsClaim = reader.text(.jwtGroupsClaim) ?? rules.groupsClaim
        rules.topicsClaim = reader.text(.jwtTopicsClaim) ?? rules.topicsClaim
        rules.workerClaim = reader.text(.jwtWorkerClaim) ?? rules.workerClaim
        tokens = Tokens(rules: rules, keys: KeyLocation(keys))
    }
}

/// How a node proves who it is, so that clients can call it by HTTPS.
struct TLSSettings: Equatable, Sendable {
    var certificateFile: String
    var privateKeyFile: String

    /// Nil when neither file is given.
    ///
    /// - Throws: ``SettingProblem`` when only one is.
    init?(from reader: SettingReader) throws(SettingProblem) {
        switch (reader.given(.tlsCertificate), reader.given(.tlsPrivateKey)) {
        case (nil, nil): return nil
        case (nil, _?):
            throw reader.problem(.tlsCertificate, "must be given together with \(Setting.tlsPrivateKey.flag)")
        case (_?, nil):
            throw reader.problem(.tlsPrivateKey, "must be given together with \(Setting.tlsCertificate.flag)")
        case (let certificate?, let key?):
            certificateFile = certificate
            privateKeyFile = key
        }
    }
}
