import Foundation

extension EngineClient.Configuration {
    /// The settings, if they can be used.
    ///
    /// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration``.
    func validated() throws -> Self {
        func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
            guard condition else { throw BatonError(.invalidConfiguration, message: message()) }
        }
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
        try require(requestTimeout >= .milliseconds(1), "The time-out of requests must be at least 1 ms")
        try require(
            downloadIdleTimeout >= .milliseconds(1),
            "The time-out between pieces of a download must be at least 1 ms"
        )
        try require(connectTimeout >= .milliseconds(1), "The time-out of connecting must be at least 1 ms")
        try require(maximumAnswerBytes > 0, "The most bytes of an answer must be more than 0")
        try require(
            repetition.patience >= .zero && repetition.firstPause > .zero && repetition.longestPause > .zero,
            "The pauses between attempts must be more than zero"
        )
        return self
    }

    /// The address of the engine, without a slash at the end.
    var root: String {
        var root = url[...]
        while root.hasSuffix("/") { root.removeLast() }
        return engine.map { "\(root)/engine/\(pathPart($0))" } ?? String(root)
    }
}
