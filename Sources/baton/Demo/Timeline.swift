import Foundation

/// Prints what happens with the seconds since the story began.
struct Timeline: Sendable {
    private let beginning = Date()
    private let output = LogOutput(fileDescriptor: STDOUT_FILENO)
    private let isColored = Terminal.wantsColor(STDOUT_FILENO)

    /// Prints one event: who, and what happened.
    func tell(_ actor: String, _ event: String, at moment: Date = Date(), in style: TextStyle? = nil) {
        let time = TextStyle.dim.apply(
            to: seconds(at: moment).padded(to: 8, atStart: true) + " s",
            isColored: isColored
        )
        let name = (style ?? .bold).apply(to: actor.padded(to: 10), isColored: isColored)
        output.write("\(time)  \(name)  \(style?.apply(to: event, isColored: isColored) ?? event)")
    }

    /// Prints a line without a time.
    func say(_ text: String, in style: TextStyle? = nil) {
        output.write(style?.apply(to: text, isColored: isColored) ?? text)
    }

    /// The seconds from the beginning to `moment`, with two decimals.
    func seconds(at moment: Date) -> String {
        String(format: "%.2f", moment.timeIntervalSince(beginning))
    }
}
