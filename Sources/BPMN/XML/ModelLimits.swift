/// How large a model may be; what is beyond is refused while reading.
package enum ModelLimits {
    /// Bytes of one file.
    package static let bytes = 16 * 1_024 * 1_024
    /// Elements inside each other.
    package static let depth = 200
    /// Elements of one file.
    package static let elements = 50_000
    /// Attributes of one element.
    package static let attributes = 1_000
    /// Errors and warnings that are kept, each; more would help nobody.
    package static let problems = 500
}
