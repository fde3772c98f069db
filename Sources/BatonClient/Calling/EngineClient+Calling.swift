import HTTPTypes
import JSON
import Logging
import Synchronization

/// An answer that says yes, and whether an earlier attempt may have worked already.
struct Answer: Sendable {
    var status: Int
    var bytes: [UInt8]
}

/// Why a call did not work, and whether an earlier attempt may have.
struct FailedCall: Error {
    var error: BatonError
    /// Whether an earlier attempt was sent and not answered.
    var mayHaveWorkedBefore: Bool
}

extension EngineClient {
    /// Makes a call and reads its answer, repeating it as it allows.
    ///
    /// - Throws: ``BatonError``, `CancellationError`.
    func answer(to call: Call) async throws -> Answer {
        do {
            return try await attempts(at: call, patience: configuration.repetition.patience)
        } catch let failure as FailedCall {
            throw failure.error
        }
    }

    /// Makes a call and reads its answer as JSON.
    ///
    /// - Throws: ``BatonError``, `CancellationError`.
    func json(answering call: Call) async throws -> JSONValue {
        let answer = try await answer(to: call)
        do {
            return try JSONParser.parse(answer.bytes)
        } catch {
            throw BatonError(
                .invalidAnswer,
                operation: call.operation,
                status: answer.status,
                message: "The answer is not JSON: \(error)",
                cause: error
            )
        }
    }

    /// Makes a call until it gets through or `patience` is at its end.
    ///
    /// - Parameters:
    ///   - call: What to do.
    ///   - patience: For how long after the first attempt.
    ///   - wait: Waits between two attempts, and says whether there is to be another one; nil to wait in any case.
    /// - Returns: The answer.
    /// - Throws: ``FailedCall``, `CancellationError`.
    func attempts(
        at call: Call,
        patience: Duration,
        wait: (@Sendable (Duration) async throws -> Bool)? = nil
    ) async throws -> Answer {
        let beginning = timeline.now
        var attempt = RequestAttempt(number: 1)
        var mayHaveWorked = false
        while true {
            do {
                let answer = try await exchange(call, attempt) { response in
                    Answer(
                        status: response.status,
                        bytes: try await response.body.collect(upTo: configuration.maximumAnswerBytes)
                    )
                }
                if attempt.number > 1 {
                    logger.event(
                        .info,
                        "Call got through after it was repeated",
                        [.operation: "\(call.operation)", .attempt: "\(attempt.number)"]
                    )
                }
                return answer
            } catch let error as BatonError {
                let pause = pause(after: error, attempt.number)
                guard call.repeats(after: error), timeline.now - beginning + pause <= patience else {
                    throw FailedCall(error: error, mayHaveWorkedBefore: mayHaveWorked)
                }
                mayHaveWorked = mayHaveWorked || error.isOutcomeUnknown
                logger.event(
                    attempt.number == 1 ? .warning : .debug,
                    "Call did not get through and is repeated",
                    [.operation: "\(call.operation)", .attempt: "\(attempt.number)", .error: "\(error)"]
                )
                attempt = RequestAttempt(number: attempt.number + 1, lastError: error.code)
                if let wait {
                    guard try await wait(pause) else {
                        throw FailedCall(error: error, mayHaveWorkedBefore: mayHaveWorked)
                    }
                } else {
                    try await timeline.sleep(for: pause)
                }
            }
        }
    }

    private func pause(after error: BatonError, _ attempt: Int) -> Duration {
        let policy = configuration.repetition
        let longest = Growth(from: policy.firstPause, to: policy.longestPause).step(attempt)
        return (error.retryAfter ?? .zero) + Randomness.system.part(of: longest)
    }

    /// Makes one attempt at a call and reads the answer by `read`, all of it within the call's time.
    ///
    /// - Throws: ``BatonError``, also for every answer that says no; `CancellationError`.
    func exchange<Result: Sendable>(
        _ call: Call,
        _ attempt: RequestAttempt = RequestAttempt(number: 1),
        read: @escaping @Sendable (EngineResponse) async throws -> Result
    ) async throws -> Result {
        let beginning = timeline.now
        let wasSent = Mutex(false)
        do {
            let time = configuration.requestTimeout + call.additionalTime
            let result = try await timeline.within(time) {
                try await send(call, attempt, read) { wasSent.withLock { $0 = true } }
            }
            guard let result else {
                let wasSent = wasSent.withLock { $0 }
                throw BatonError(
                    .timedOut,
                    message: wasSent
                        ? "There was no answer within \(time)"
                        : "Nothing was sent within \(time): an interceptor took too long",
                    isOutcomeUnknown: wasSent
                )
            }
            ClientMetrics.called(call.operation, "ok", timeline.now - beginning)
            return result
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            var failure = (error as? BatonError) ?? interceptorFailed(error, call)
            failure.operation = call.operation
            ClientMetrics.called(call.operation, failure.code.description, timeline.now - beginning)
            throw failure
        }
    }

    private func send<Result: Sendable>(
        _ call: Call,
        _ attempt: RequestAttempt,
        _ read: @Sendable (EngineResponse) async throws -> Result,
        onSending: @Sendable () -> Void
    ) async throws -> Result {
        var headers: HTTPFields = [.accept: "application/json", .userAgent: "BatonClient"]
        if call.body != nil { headers[.contentType] = call.contentType }
        let request = EngineRequest(
            call.operation,
            method: call.method,
            url: configuration.root + call.path,
            headerFields: headers,
            body: call.body
        )
        let response = try await pass(request, attempt, through: configuration.interceptors[...], onSending: onSending)
        guard (200..<300).contains(response.status) else {
            throw BatonError(answer: response, body: try await response.body.collect(upTo: BatonError.maximumBody))
        }
        return try await read(response)
    }

    /// Sends a request through interceptors.
    private func pass(
        _ request: EngineRequest,
        _ attempt: RequestAttempt,
        through interceptors: ArraySlice<any Interceptor>,
        onSending: @Sendable () -> Void
    ) async throws -> EngineResponse {
        guard let first = interceptors.first else {
            onSending()
            return try await RequestSpan.trace(request, attempt) { try await sent($0) }
        }
        return try await first.intercept(request, attempt) { request in
            try await pass(request, attempt, through: interceptors.dropFirst(), onSending: onSending)
        }
    }

    private func sent(_ request: EngineRequest) async throws -> EngineResponse {
        do {
            return try await transport.send(request)
        } catch let error where !(error is BatonError) && !(error is CancellationError) {
            throw BatonError(.connectionLost, message: "\(error)", isOutcomeUnknown: true, cause: error)
        }
    }

    private func interceptorFailed(_ error: any Error, _ call: Call) -> BatonError {
        logger.event(
            .error,
            "Interceptor threw an error",
            [.operation: "\(call.operation)", .error: "\(type(of: error))"]
        )
        return BatonError(.interceptorFailed, message: "An interceptor failed: \(type(of: error))", cause: error)
    }
}
