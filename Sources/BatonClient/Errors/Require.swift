/// Checks a setting.
///
/// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` unless the condition holds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard condition else { throw BatonError(.invalidConfiguration, message: message()) }
}

/// Checks a duration among the settings.
///
/// - Throws: ``BatonError`` with ``BatonError/Code/invalidConfiguration`` unless it is zero, or 1 ms when it must be
///   more than zero, to 36,500 days.
func require(_ duration: Duration, _ name: @autoclosure () -> String, isMoreThanZero: Bool = false) throws {
    let shortest = isMoreThanZero ? Duration.milliseconds(1) : .zero
    try require(
        duration >= shortest && duration <= .longest,
        "\(name()) must be \(isMoreThanZero ? "1 ms" : "zero") to 36,500 days, not \(duration)"
    )
}
