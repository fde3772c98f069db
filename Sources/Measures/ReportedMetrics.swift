package import CoreMetrics
import Synchronization

/// What libraries of this process report through swift-metrics, kept to be shown.
///
/// Labels become names of families: what the format does not allow in them becomes an underscore. At most ``limit``
/// samples are kept; what is reported beyond that, or under a name that means something else already, is not counted.
package final class ReportedMetrics: MetricsFactory {
    /// The most samples that are kept.
    package static let limit = 2_000

    private let entries = Mutex<[Key: Entry]>([:])

    private struct Key: Hashable, Comparable {
        var name: String
        var labels: String

        static func < (one: Key, other: Key) -> Bool { (one.name, one.labels) < (other.name, other.labels) }
    }

    private struct Entry: Sendable {
        let kind: MetricFamily.Kind
        let labels: PrometheusText.Labels
        let cell: any ReportedCell
    }

    package init() {}

    /// Adds everything that was reported.
    package func show(in page: inout PrometheusText) {
        let entries = entries.withLock { $0.sorted { $0.key < $1.key } }
        for (key, entry) in entries {
            entry.cell.show(MetricFamily(key.name, entry.kind, "Reported by a library."), entry.labels, in: &page)
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, suffix: "_total", .counter, dimensions) { ReportedNumber() }
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        cell(label, suffix: "_total", .counter, dimensions) { ReportedNumber() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, .gauge, dimensions) { ReportedNumber() }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return cell(label, .gauge, dimensions) { ReportedNumber() } }
        return cell(label, .summary, dimensions) { ReportedSummary() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, suffix: "_seconds", .histogram, dimensions) { ReportedTimer() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The cell for a label and dimensions, the same one each time.
    private func cell<Cell: ReportedCell>(
        _ label: String,
        suffix: String = "",
        _ kind: MetricFamily.Kind,
        _ dimensions: [(String, String)],
        _ make: () -> Cell
    ) -> Cell {
        let plain = label.asMetricName
        let name = plain.hasSuffix(suffix) ? plain : plain + suffix
        let labels = dimensions.map { (name: $0.0.asMetricName, value: $0.1) }.sorted { $0.name < $1.name }
        let key = Key(name: name, labels: "\(labels)")
        return entries.withLock { entries in
            if let known = entries[key]?.cell as? Cell { return known }
            let cell = make()
            let isSound = entries.allSatisfy { $0.key.name != name || $0.value.kind == kind }
            if isSound, entries[key] == nil, entries.count < Self.limit {
                entries[key] = Entry(kind: kind, labels: labels, cell: cell)
            }
            return cell
        }
    }

    private func remove(_ handler: AnyObject) {
        entries.withLock { entries in
            if let key = entries.first(where: { $0.value.cell === handler })?.key { entries[key] = nil }
        }
    }
}

/// What was reported under one label with its dimensions.
private protocol ReportedCell: AnyObject, Sendable {
    func show(_ family: MetricFamily, _ labels: PrometheusText.Labels, in page: inout PrometheusText)
}

/// A counter or a gauge.
private final class ReportedNumber: ReportedCell, CounterHandler, FloatingPointCounterHandler, MeterHandler,
    RecorderHandler
{
    private let number = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
    func reset() { set(0.0) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func show(_ family: MetricFamily, _ labels: PrometheusText.Labels, in page: inout PrometheusText) {
        page.add(family, labels, number.withLock { $0 })
    }
}

/// Values whose sizes nobody knows beforehand.
private final class ReportedSummary: ReportedCell, RecorderHandler {
    private let values = Mutex((sum: 0.0, count: 0))

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        values.withLock { $0 = ($0.sum + value, $0.count + 1) }
    }

    func show(_ family: MetricFamily, _ labels: PrometheusText.Labels, in page: inout PrometheusText) {
        let (sum, count) = values.withLock { $0 }
        page.add(family, labels, sum: sum, count: count)
    }
}

private final class ReportedTimer: ReportedCell, TimerHandler {
    private let histogram = Histogram(.seconds)

    func recordNanoseconds(_ duration: Int64) { histogram.observe(UInt64(max(0, duration))) }

    func show(_ family: MetricFamily, _ labels: PrometheusText.Labels, in page: inout PrometheusText) {
        page.add(family, labels, histogram)
    }
}

extension String {
    /// Letters, digits and underscores, the first of which is no digit.
    fileprivate var asMetricName: String {
        let name = String(unicodeScalars.map { Character($0.isPlainInName ? $0 : "_") })
        return name.first.map(\.isNumber) ?? true ? "_" + name : name
    }
}

extension Unicode.Scalar {
    fileprivate var isPlainInName: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
