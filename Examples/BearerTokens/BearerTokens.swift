import ArgumentParser

/// A worker that shows bearer tokens which run out, and somebody who issues them.
@main
struct BearerTokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bearer-tokens",
        abstract: "A worker with OAuth bearer tokens: one command issues them, the other one works with them.",
        subcommands: [Issue.self, Work.self]
    )
}

/// Who issues tokens, and for whom: what a server is told by `--jwt-issuer` and `--jwt-audience`.
enum Names {
    static let issuer = "baton-examples"
    static let audience = "baton"
}
