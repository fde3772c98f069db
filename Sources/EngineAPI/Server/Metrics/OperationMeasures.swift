import HTTPTypes
import Measures

/// What is counted of the requests for one operation: how long they took, by how they ended.
final class OperationMeasures: Sendable {
    let method: String
    /// The pattern of the route.
    let route: String
    private let byClass: [Histogram]

    /// How answers are told apart; the last one is for clients that went before theirs.
    private static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx", "none"]

    init(method: String, route: String) {
        self.method = method
        self.route = route
        byClass = Self.classes.map { _ in Histogram(.seconds) }
    }

    /// A request was answered.
    func count(_ answer: Answer, after elapsed: Duration) {
        let index = answer.isForNobody ? 5 : min(max(answer.status.code / 100, 1), 5) - 1
        byClass[index].observe(elapsed)
    }

    /// Adds what there was.
    func show(in page: inout PrometheusText) {
        for (name, histogram) in zip(Self.classes, byClass) where histogram.snapshot.count > 0 {
            page.add(
                Self.family,
                [(name: "method", value: method), (name: "route", value: route), (name: "status", value: name)],
                histogram
            )
        }
    }

    private static let family = MetricFamily(
        "baton_http_request_duration_seconds",
        .histogram,
        """
        From the head of a request to its answer, by the pattern of its route; polls with the time for which they \
        waited. Status none: the client went before it was answered.
        """
    )
}
