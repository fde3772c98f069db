/// A page of samples in the text format of Prometheus, version 0.0.4.
///
/// Samples of one family stand together, below its help and its type, however they were added.
package struct PrometheusText: Sendable {
    /// What an answer with such a page says of its content.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Names and values that tell samples of a family apart.
    package typealias Labels = [(name: String, value: String)]

    private var order: [String] = []
    private var sections: [String: Section] = [:]

    private struct Section: Sendable {
        let family: MetricFamily
        var bytes: [UInt8] = []
    }

    package init() {}

    /// Adds a sample.
    package mutating func add(_ family: MetricFamily, _ labels: Labels = [], _ value: Double) {
        add(family, text(labels), Self.text(value))
    }

    /// Adds a sample.
    package mutating func add(_ family: MetricFamily, _ labels: Labels = [], _ value: some BinaryInteger) {
        add(family, text(labels), "\(value)")
    }

    /// Adds a counter.
    package mutating func add(_ family: MetricFamily, _ labels: Labels = [], _ counter: EventCounter) {
        add(family, labels, counter.value)
    }

    /// Adds a histogram: each bucket with all below it, the sum and the count.
    package mutating func add(_ family: MetricFamily, _ labels: Labels = [], _ histogram: Histogram) {
        let snapshot = histogram.snapshot
        let labels = text(labels)
        let separator = labels.isEmpty ? "" : ","
        let unit = Double(histogram.scale.unit)
        var count: UInt64 = 0
        for (index, bucket) in snapshot.counts.enumerated() {
            count &+= bucket
            let bounds = histogram.scale.bounds
            let bound = index < bounds.count ? Self.text(Double(bounds[index]) / unit) : "+Inf"
            add(family, suffix: "_bucket", "\(labels)\(separator)le=\"\(bound)\"", "\(count)")
        }
        add(family, suffix: "_sum", labels, Self.text(Double(snapshot.sum) / unit))
        add(family, suffix: "_count", labels, "\(count)")
    }

    /// Adds a summary without quantiles.
    package mutating func add(_ family: MetricFamily, _ labels: Labels = [], sum: Double, count: Int) {
        let labels = text(labels)
        add(family, suffix: "_sum", labels, Self.text(sum))
        add(family, suffix: "_count", labels, "\(count)")
    }

    /// The page.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sections.values.reduce(0) { $0 + $1.bytes.count + 200 })
        for name in order {
            guard let section = sections[name] else { continue }
            bytes += "# HELP \(name) \(section.family.help.escapedForHelp)\n".utf8
            bytes += "# TYPE \(name) \(section.family.kind.rawValue)\n".utf8
            bytes += section.bytes
        }
        return bytes
    }

    private mutating func add(_ family: MetricFamily, suffix: String = "", _ labels: String, _ value: String) {
        if sections[family.name] == nil {
            sections[family.name] = Section(family: family)
            order.append(family.name)
        }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        sections[family.name]?.bytes += "\(family.name)\(suffix)\(braces) \(value)\n".utf8
    }

    private func text(_ labels: Labels) -> String {
        labels.map { "\($0.name)=\"\($0.value.escapedForLabel)\"" }.joined(separator: ",")
    }

    /// A number as the format writes it: whole ones without a fraction.
    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }
}

extension String {
    /// Without what would end the line.
    fileprivate var escapedForHelp: String { escaped(quotes: false) }

    /// Without what would end the line or the value.
    fileprivate var escapedForLabel: String { escaped(quotes: true) }

    private func escaped(quotes: Bool) -> String {
        let isPlain = utf8.allSatisfy { byte in
            byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\n") && (!quotes || byte != UInt8(ascii: "\""))
        }
        guard !isPlain else { return self }
        var text = ""
        // Scalars, because a line end may be half of a character.
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\"" where quotes: text += "\\\""
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
