/// A page in Prometheus' text format, read as strictly as its specification reads.
package struct PrometheusPage: Sendable {
    /// One line that is no comment.
    package struct Sample: Sendable, Hashable {
        package var name: String
        package var labels: [String: String]
        package var value: Double
    }

    /// What is wrong with a page, and where.
    package struct Problem: Error, CustomStringConvertible {
        package var description: String
    }

    package private(set) var samples: [Sample] = []
    /// The types of the families, by name.
    package private(set) var types: [String: String] = [:]
    /// The help of the families, by name, as it was meant.
    package private(set) var help: [String: String] = [:]

    /// Reads a page.
    ///
    /// - Throws: ``Problem`` for the first thing that is not as it must be.
    package init(_ text: String) throws {
        guard text.isEmpty || text.utf8.last == UInt8(ascii: "\n") else {
            throw Problem(description: "no last line end")
        }
        var family: String?
        var finished: Set<String> = []
        var seen: Set<[String]> = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = String(Substring(line))
            if line.hasPrefix("# HELP ") {
                let (name, rest) = try Self.word(line.dropFirst(7))
                guard help[name] == nil else { throw Problem(description: "two helps: \(line)") }
                if let family { finished.insert(family) }
                family = name
                help[name] = try Self.unescaped(rest, quotes: false)
            } else if line.hasPrefix("# TYPE ") {
                let (name, rest) = try Self.word(line.dropFirst(7))
                guard name == family, types[name] == nil, ["counter", "gauge", "histogram", "summary"].contains(rest)
                else { throw Problem(description: "a type out of place: \(line)") }
                types[name] = String(rest)
            } else {
                let sample = try Self.sample(line)
                guard let family, Self.families(of: sample.name).contains(family), types[family] != nil,
                    !finished.contains(family)
                else { throw Problem(description: "a sample out of place: \(line)") }
                let identity = [sample.name] + sample.labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
                guard seen.insert(identity).inserted else { throw Problem(description: "twice: \(line)") }
                samples.append(sample)
            }
        }
        try checkHistograms()
    }

    /// The value of a sample with these labels, and any others; nil when there is none.
    package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }?.value
    }

    /// The names of all labels that samples of this name have; nil when there is no sample.
    package func labels(of name: String) -> Set<String>? {
        let named = samples.filter { $0.name == name }
        return named.isEmpty ? nil : Set(named.flatMap(\.labels.keys))
    }

    private static func families(of name: String) -> [String] {
        [name] + ["_bucket", "_sum", "_count"].filter { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
    }

    /// Buckets never shrink, and the last one holds all.
    private func checkHistograms() throws {
        for (family, type) in types where type == "histogram" {
            var last: [[String: String]: (bound: Double, count: Double)] = [:]
            for sample in samples where sample.name == "\(family)_bucket" {
                var labels = sample.labels
                guard let bound = labels.removeValue(forKey: "le").flatMap(Self.number) else {
                    throw Problem(description: "a bucket without a bound: \(sample)")
                }
                if let before = last[labels], before.bound >= bound || before.count > sample.value {
                    throw Problem(description: "a bucket that is not above the one before: \(sample)")
                }
                last[labels] = (bound, sample.value)
            }
            for (labels, bucket) in last {
                let count = samples.first { $0.name == "\(family)_count" && $0.labels == labels }
                let sum = samples.first { $0.name == "\(family)_sum" && $0.labels == labels }
                guard bucket.bound == .infinity, count?.value == bucket.count, sum != nil else {
                    throw Problem(description: "an incomplete histogram: \(family) \(labels)")
                }
            }
        }
    }

    /// By scalars, because the text behind the space may begin with a mark that belongs to it.
    private static func word(_ text: Substring) throws -> (String, Substring) {
        guard let space = text.unicodeScalars.firstIndex(of: " ") else {
            throw Problem(description: "no name: \(text)")
        }
        return (try name(text[..<space]), text[text.unicodeScalars.index(after: space)...])
    }

    private static func name(_ text: Substring) throws -> String {
        guard text.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil else {
            throw Problem(description: "not a name: \(text)")
        }
        return String(text)
    }

    private static func number(_ text: some StringProtocol) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: text.contains(where: \.isLetter) && !text.contains("e") ? nil : Double(text)
        }
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = line[...]
        let end = rest.firstIndex { $0 == "{" || $0 == " " } ?? rest.endIndex
        var sample = Sample(name: try name(rest[..<end]), labels: [:], value: 0)
        rest = rest[end...]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                guard let equals = rest.firstIndex(of: "=") else { throw Problem(description: "no label: \(line)") }
                let label = try name(rest[..<equals])
                rest = rest[equals...].dropFirst()
                let value = try quoted(&rest)
                guard sample.labels.updateValue(value, forKey: label) == nil else {
                    throw Problem(description: "a label twice: \(line)")
                }
            } while rest.first == ","
            guard rest.first == "}" else { throw Problem(description: "labels without an end: \(line)") }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = number(rest.dropFirst()) else {
            throw Problem(description: "no value: \(line)")
        }
        sample.value = value
        return sample
    }

    /// A text in quotation marks, which is taken off; by scalars, because a mark may be half of a character.
    private static func quoted(_ rest: inout Substring) throws -> String {
        var scalars = rest.unicodeScalars
        guard scalars.popFirst() == "\"" else { throw Problem(description: "no quotation mark: \(rest)") }
        var raw = ""
        while let scalar = scalars.popFirst(), scalar != "\"" {
            raw.unicodeScalars.append(scalar)
            if scalar == "\\", let next = scalars.popFirst() { raw.unicodeScalars.append(next) }
        }
        rest = Substring(scalars)
        return try unescaped(raw[...], quotes: true)
    }

    private static func unescaped(_ text: Substring, quotes: Bool) throws -> String {
        var scalars = text.unicodeScalars
        var plain = ""
        while let scalar = scalars.popFirst() {
            guard scalar == "\\" else {
                plain.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.popFirst() {
            case "\\": plain += "\\"
            case "n": plain += "\n"
            case "\"" where quotes: plain += "\""
            default: throw Problem(description: "an escape of something else: \(text)")
            }
        }
        return plain
    }
}
