import Access
import EngineRuntime
import HTTPTypes
import Hummingbird

/// A request of somebody who could not say who it is.
struct NotAdmitted: Error {
    var challenges: [String]

    /// 401 without content, as in the contract.
    var answer: Answer {
        var headers = HTTPFields()
        for challenge in challenges { headers.append(HTTPField(name: .wwwAuthenticate, value: challenge)) }
        return Answer(status: .unauthorized, headers: headers)
    }
}

extension EngineResponder {
    /// Who calls; nil when nobody is asked: the list of engines is for everybody.
    ///
    /// The body is not read before this is known.
    ///
    /// - Throws: ``NotAdmitted``; ``APIError`` when the path names an engine that does not exist.
    func admit(_ request: Request, to path: RequestPath) async throws -> Identity? {
        // Those who watch over the node are not asked who they are.
        guard let gates, path.healthSteps?.isEmpty ?? true else { return nil }
        let list = configuration.contextPath + "/engine"
        guard path.text != list, path.text != list + "/" else { return nil }
        var engine = engines.default
        if let name = path.engineName {
            guard let named = engines[name] else {
                throw APIError(.notFound, "InvalidRequestException", "Process engine \(name) not available")
            }
            engine = named
        }
        guard let gate = gates[engine.name] else { preconditionFailure("engine \(engine.name) has no gate") }
        let fields = request.headers[values: .authorization]
        switch try await gate.authenticate(fields.count == 1 ? fields[0] : nil) {
        case .identity(let identity): return identity
        case .refused(let challenges): throw NotAdmitted(challenges: challenges)
        }
    }
}
