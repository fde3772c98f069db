import Access
import EngineRuntime
import HTTPTypes
import Measures

extension EngineResponder {
    /// The page of `GET /metrics`.
    ///
    /// - Throws: ``APIError`` when there is none, none with the method, or none for the caller.
    func metrics(for identity: Identity?, _ path: RequestPath, method: HTTPRequest.Method) async throws -> Answer {
        guard configuration.showsMetrics else { throw APIError.unknownPath(path.text) }
        guard method == .get || method == .head else { throw APIError.otherMethod(method) }
        guard identity?.limits.isWorker != true else {
            throw APIError.notPermitted([MissingPermission("READ", on: "System")])
        }
        var page = PrometheusText()
        page.add(Self.buildFamily, build, 1)
        for engine in engines.all { await engine.show(in: &page) }
        requests.show(in: &page)
        ProcessMeasures.show(in: &page)
        configuration.addMetrics(&page)
        return Answer(status: .ok, headers: [.contentType: PrometheusText.contentType], body: page.bytes)
    }

    private static let buildFamily = MetricFamily("baton_build_info", .gauge, "1; its labels say what runs here.")

    private var build: PrometheusText.Labels {
        [
            (name: "api_version", value: configuration.version), (name: "build", value: ProductVersion.build),
            (name: "version", value: ProductVersion.number),
        ]
    }
}
