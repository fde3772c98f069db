import Access
import EngineRuntime
import HTTPTypes
package import Hummingbird
import JSON
package import Logging
package import NIOCore

/// What a responder knows of a request besides the request.
package struct ConnectionContext: InitializableFromSource {
    package let channel: any Channel
    package let logger: Logger

    package init(source: ApplicationRequestContextSource) {
        channel = source.channel
        logger = source.logger
    }
}

/// Finds the operation that a request asks for, has it done, and turns what went wrong into the contract's errors.
package struct EngineResponder: HTTPResponder {
    package typealias Context = ConnectionContext

    let engines: Engines
    let configuration: EngineAPI.Configuration
    /// By engine; nil when everybody may do everything.
    let gates: [EngineName: Gate]?
    private let clients: ClientRegistry
    private let readiness: @Sendable () async -> [Readiness]
    let draining = Draining()
    private let log: ErrorLog
    private let logger: Logger
    private let routes = RouteTable.all
    let requests = RequestMeasures(of: RouteTable.all)
    /// Finds the requests for ``answer(_:body:over:)``.
    let hotRoutes: HotRoutes
    private let largeBodies: LargeBodies
    private let contextSteps: [String]

    init(
        engines: Engines,
        configuration: EngineAPI.Configuration,
        gates: [EngineName: Gate]?,
        clients: ClientRegistry,
        logger: Logger,
        readiness: @escaping @Sendable () async -> [Readiness]
    ) {
        self.engines = engines
        self.configuration = configuration
        if let gates {
            precondition(engines.all.allSatisfy { gates[$0.name] != nil }, "Every engine needs a gate, or none has one")
        }
        self.gates = gates
        self.clients = clients
        self.logger = logger
        self.readiness = readiness
        log = ErrorLog(logger: logger)
        hotRoutes = HotRoutes(of: routes, engines: engines, configuration: configuration, gates: gates)
        largeBodies = LargeBodies(
            capacity: configuration.largeBodyCapacity,
            patience: configuration.largeBodyPatience
        )
        contextSteps = configuration.contextPath.split(separator: "/").map(String.init)
    }

    package func respond(to request: Request, context: ConnectionContext) async -> Response {
        let connection = clients.connection(of: context.channel)
        var answer = await settled(answer(to: request, over: connection), over: connection)
        let path = request.uri.path
        if request.method == .get || request.method == .head, !path.hasSuffix("xml") {
            answer.headers[.cacheControl] = "no-cache"
        }
        if draining.hasBegun { answer.headers[.connection] = "close" }
        if let onUndelivered = answer.onUndelivered, let connection,
            !connection.expectDelivery(orElse: onUndelivered)
        {
            // What is being given back must not be sent to a client that may still read.
            answer.body = Array("[]".utf8)
        }
        return answer.response(to: request.method)
    }

    private func answer(to request: Request, over connection: ClientConnection?) async -> Answer {
        let began = ContinuousClock.now
        var measures = requests.others
        let answer = await answer(to: request, over: connection, as: &measures)
        return answer.counted(as: measures, since: began)
    }

    private func answer(
        to request: Request,
        over connection: ClientConnection?,
        as measures: inout OperationMeasures
    ) async -> Answer {
        var pattern: String?
        var identity: Identity?
        do {
            let path = RequestPath(request.uri.path, root: contextSteps)
            identity = try await admit(request, to: path)
            switch try target(of: path, method: request.method) {
            case .health(let check):
                measures = requests.health
                return await answer(check)
            case .metrics:
                measures = requests.metrics
                pattern = "/metrics"
                return try await metrics(for: identity, path, method: request.method)
            case .operation(let route, let values):
                measures = requests[route]
                let engineName = path.engineName
                pattern = route.pattern
                let head = RequestHead(request)
                let mediaType = try route.negotiate(head)
                let engine = engineName.map { engines[$0] } ?? engines.default
                guard engine != nil || !route.needsEngine else {
                    throw APIError.invalidRequest("No process engine available")
                }
                let call = Call(
                    engine: engine ?? engines.default,
                    identity: identity,
                    engines: engines,
                    head: head,
                    content: .stream(request),
                    path: PathParameters(names: route.parameters, values: values),
                    query: QueryParameters(request.uri.query),
                    mediaType: mediaType,
                    configuration: configuration,
                    root: root(engineName: engineName),
                    connection: connection,
                    logger: logger
                )
                try await call.checkAccess(to: route)
                return try await largeBodies.holding(call.bodyBound) {
                    try await route.handler(call).pending(at: route.pattern)
                }
            }
        } catch let refusal as NotAdmitted {
            return refusal.answer
        } catch {
            return answer(to: error, method: request.method, route: pattern, from: identity)
        }
    }

    /// Answers a request that was found before it came here.
    func answer(_ request: HotRequest, body: ByteBuffer, over connection: ClientConnection) async -> Answer {
        let began = ContinuousClock.now
        let answer = await find(request, body: body, over: connection)
        return answer.counted(as: requests[request.route], since: began)
    }

    private func find(_ request: HotRequest, body: ByteBuffer, over connection: ClientConnection) async -> Answer {
        do {
            let call = Call(
                engine: request.engine,
                identity: request.identity,
                engines: engines,
                head: request.head,
                content: .collected(body),
                path: PathParameters(names: request.route.parameters, values: request.values),
                query: QueryParameters(nil),
                mediaType: try request.route.negotiate(request.head),
                configuration: configuration,
                root: request.root,
                connection: connection,
                logger: logger
            )
            try await call.checkAccess(to: request.route)
            return try await request.route.handler(call).pending(at: request.route.pattern)
        } catch {
            return answer(to: error, method: .post, route: request.route.pattern, from: request.identity)
        }
    }

    /// Waits, with the task of the request, until an answer is there.
    private func settled(_ answer: Answer, over connection: ClientConnection?) async -> Answer {
        var answer = answer
        while let pending = answer.pending {
            let resumption = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    connection?.onClose(pending.cancel)
                    pending.park { continuation.resume(returning: $0) }
                }
            } onCancel: {
                pending.cancel()
            }
            connection?.onClose(nil)
            answer = await self.answer(resuming: resumption, of: pending)
        }
        return answer
    }

    /// Goes on with a request whose answer was pending.
    func answer(resuming resumption: PendingAnswer.Resumption, of pending: PendingAnswer) async -> Answer {
        let answer = await answer(of: resumption, pending)
        guard let (measures, began) = pending.measured else { return answer }
        return answer.counted(as: measures, since: began)
    }

    private func answer(of resumption: PendingAnswer.Resumption, _ pending: PendingAnswer) async -> Answer {
        do {
            return try await resumption().pending(at: pending.route)
        } catch {
            return answer(to: error, method: .post, route: pending.route)
        }
    }

    private func answer(
        to error: any Error,
        method: HTTPRequest.Method,
        route: String?,
        from identity: Identity? = nil
    ) -> Answer {
        var described = APIError(describing: error)
        if let identity { described = described?.naming(identity.userID) }
        log.report(error, as: described, of: ErrorLog.Operation(method: method, route: route))
        var answer = (described ?? .unexpected).answer
        answer.isForNobody = error is CancellationError
        return answer
    }

    private func root(engineName: String?) -> String {
        engineName.map { "\(configuration.contextPath)/engine/\($0)" } ?? configuration.contextPath
    }
}

extension Answer {
    /// The answer, which knows where it comes from when it is still pending.
    fileprivate func pending(at route: String?) -> Answer {
        var answer = self
        answer.pending?.route = route
        return answer
    }

    /// Counts the answer, or remembers where to when there is none yet.
    fileprivate func counted(as measures: OperationMeasures, since began: ContinuousClock.Instant) -> Answer {
        guard pending == nil else {
            var answer = self
            answer.pending?.measured = (measures, began)
            return answer
        }
        measures.count(self, after: ContinuousClock.now - began)
        return self
    }
}

// MARK: Finding the operation

extension EngineResponder {
    private enum Target {
        case health(HealthCheck)
        case metrics
        case operation(Route, [String])
    }

    private func target(of path: RequestPath, method: HTTPRequest.Method) throws(APIError) -> Target {
        if let steps = path.healthSteps { return .health(try HealthCheck(steps, of: path, method: method)) }
        if path.isMetrics { return .metrics }
        switch routes.match(try path.operationSteps(), method: method) {
        case .route(let route, let values): return .operation(route, values)
        case .otherMethods: throw .otherMethod(method)
        case .nothing: throw .unknownPath(path.text)
        }
    }
}

// MARK: Health

extension EngineResponder {
    private func answer(_ check: HealthCheck) async -> Answer {
        switch check {
        case .live: .live
        case .ready: .ready(await readiness())
        }
    }
}
