import Foundation

/// What a person sees at the other end of a file descriptor.
enum Terminal {
    static func isTerminal(_ fileDescriptor: Int32) -> Bool {
        isatty(fileDescriptor) == 1
    }

    /// Colours for terminals, unless `NO_COLOR` or a dumb terminal says otherwise; `CLICOLOR_FORCE` says that there is
    /// a terminal further on.
    static func wantsColor(_ fileDescriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        guard environment["NO_COLOR", default: ""].isEmpty else { return false }
        guard environment["CLICOLOR_FORCE", default: "0"] == "0" else { return true }
        return isTerminal(fileDescriptor) && environment["TERM"] != "dumb"
    }
}

/// A colour or weight of text on a terminal.
enum TextStyle: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
    case cyan = "36"

    /// The text in this style, or as it is when there are no colours.
    func apply(to text: String, isColored: Bool) -> String {
        isColored ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
