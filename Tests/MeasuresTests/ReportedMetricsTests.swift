import CoreMetrics
import TestSupport
import Testing

@testable import Measures

@Suite struct `What libraries report` {
    private func page(_ reported: ReportedMetrics) throws -> PrometheusPage {
        var page = PrometheusText()
        reported.show(in: &page)
        return try PrometheusPage(String(decoding: page.bytes, as: UTF8.self))
    }

    @Test func `is shown by kind, under names that the format allows`() throws {
        let reported = ReportedMetrics()
        let counter = Counter(label: "http.requests", dimensions: [("target-host", "a\"b")], factory: reported)
        counter.increment(by: 2)
        Counter(label: "http.requests", dimensions: [("target-host", "a\"b")], factory: reported).increment()
        FloatingPointCounter(label: "load_total", factory: reported).increment(by: 1.5)
        let gauge = Gauge(label: "2nd level", factory: reported)
        gauge.record(7)
        gauge.record(3.5)
        let meter = Meter(label: "depth", factory: reported)
        meter.set(5)
        meter.decrement(by: 2)
        let recorder = Recorder(label: "sizes", aggregate: true, factory: reported)
        recorder.record(4)
        recorder.record(0.5)
        Timer(label: "work", factory: reported).recordMilliseconds(20)
        let page = try page(reported)
        #expect(page.value("http_requests_total", ["target_host": "a\"b"]) == 3)
        #expect(page.value("load_total") == 1.5)
        #expect(page.value("_2nd_level") == 3.5)
        #expect(page.value("depth") == 3)
        #expect(page.value("sizes_sum") == 4.5)
        #expect(page.value("sizes_count") == 2)
        #expect(page.value("work_seconds_bucket", ["le": "0.025"]) == 1)
        #expect(page.value("work_seconds_bucket", ["le": "0.01"]) == 0)
        #expect(page.types["work_seconds"] == "histogram")
    }

    @Test func `is not shown when it is destroyed, or its name means something else`() throws {
        let reported = ReportedMetrics()
        let gauge = Gauge(label: "level", factory: reported)
        gauge.record(1)
        Recorder(label: "level", dimensions: [("a", "b")], aggregate: true, factory: reported).record(1)
        #expect(try page(reported).samples.map(\.name) == ["level"])
        gauge.destroy()
        #expect(try page(reported).samples.isEmpty)
    }

    @Test func `is bounded`() throws {
        let reported = ReportedMetrics()
        for number in 0..<(ReportedMetrics.limit + 10) {
            Counter(label: "c", dimensions: [("n", "\(number)")], factory: reported).increment()
        }
        #expect(try page(reported).samples.count == ReportedMetrics.limit)
    }
}
