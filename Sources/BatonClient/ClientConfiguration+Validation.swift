import Foundation

extension EngineClient.Configuration {
    /// The settings, if they can be used.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration``.
    func validated() throws -> Self {
        let components = URLComponents(string: url)
        try require(
            ["http", "https"].contains(components?.scheme?.lowercased()) && components?.host?.isEmpty == false,
            "The address of the API must be like http://127.0.0.1:8080/engine-rest"
        )
        try require(
            components?.user == nil && components?.password == nil,
            "The address of the API must not hold a user: use the interceptor .basic(user:password:)"
        )
        try require(
            components?.query == nil && components?.fragment == nil,
            "The address of the API must end with its path"
        )
        try require(requestTimeout, "The time-out of requests", isMoreThanZero: true)
        try require(downloadIdleTimeout, "The time-out between pieces of a download", isMoreThanZero: true)
        try require(connectTimeout, "The time-out of connecting", isMoreThanZero: true)
        try require(maximumAnswerBytes > 0, "The most bytes of an answer must be more than 0")
        try require(repetition.patience, "The patience of repetition")
        try require(repetition.firstPause, "The first pause between attempts", isMoreThanZero: true)
        try require(repetition.longestPause, "The longest pause between attempts", isMoreThanZero: true)
        return self
    }

    /// The address of the engine, without a slash at the end.
    var root: String {
        var root = url[...]
        while root.hasSuffix("/") { root.removeLast() }
        return engine.map { "\(root)/engine/\(pathPart($0))" } ?? String(root)
    }
}
