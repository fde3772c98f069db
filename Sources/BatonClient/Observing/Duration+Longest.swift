extension Duration {
    /// The longest duration of a setting, a lock or a delay: 36,500 days, about a hundred years.
    ///
    /// Clocks and servers compute with it without an overflow.
    static let longest = Duration.seconds(36_500 * 86_400)
}
