/// What this is a version of: the product, not the contract that it serves.
package enum ProductVersion {
    /// The version by semantic versioning; the first heading of CHANGELOG.md names it.
    package static let number = "0.1.0"
    /// How it was compiled.
    package static let build: String = {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }()
}
