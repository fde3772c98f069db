/// A name together with its namespace; the namespace is empty when there is none.
struct QualifiedName: Hashable, Sendable {
    var namespace: String
    var local: String

    init(_ namespace: String, _ local: String) {
        self.namespace = namespace
        self.local = local
    }
}
