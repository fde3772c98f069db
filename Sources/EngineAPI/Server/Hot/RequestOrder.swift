import NIOCore
import NIOHTTP1

/// Keeps the requests of one connection in order, of which some are answered here, the hot ones, and the rest by the
/// others: the handlers behind.
///
/// At any time either one hot request is under way or any number of the others' requests; whatever cannot go on yet
/// waits. A value: what it decides is carried out by ``ConnectionHandler``.
struct RequestOrder {
    /// What comes in on a connection.
    enum Arrival {
        /// The head of a request; `hot` when it may be answered here.
        case head(HTTPRequestHead, hot: HotRequest?)
        case body(ByteBuffer)
        case end(HTTPHeaders?)
        /// Nothing that follows can be read.
        case failed(any Error)
        /// The client will send nothing more.
        case inputClosed
    }

    /// What is to be done.
    enum Step {
        case passOn(Arrival)
        case answer(HotRequest, ByteBuffer)
        /// The connection is to be closed as soon as the others have answered theirs.
        case quiesce
    }

    /// Whose request the next part belongs to.
    private enum Turn {
        /// The others', or nobody's.
        case others
        /// A hot request whose body is incomplete.
        case collecting(HotRequest)
        /// A hot request that is being answered: what arrives belongs to later ones.
        case answering
    }

    private var turn = Turn.others
    /// What there is of the body of the hot request that is being collected.
    private var body = ByteBuffer()
    /// Whether the head of a request came whose end has not come yet.
    private(set) var isMidRequest = false
    /// The others' requests that have no complete answer yet.
    private var othersUnanswered = 0
    private var waiting = CircularBuffer<Arrival>(initialCapacity: 1)
    /// No request is answered here any more: one of the others' is the connection's last, or it is to be closed.
    private var isOthersOnly = false
    private var mustQuiesce = false
    private var isBlocked = false

    /// Whether more is to be read from the client: not while something waits, so that what waits is bounded.
    var wantsMore: Bool { waiting.isEmpty }

    /// Whether nothing is owed for an earlier request than the hot one whose body is incomplete.
    var isCollecting: Bool { if case .collecting = turn { true } else { false } }

    /// Whether the others have one request to answer, and nothing is owed for an earlier one.
    var isAlone: Bool { othersUnanswered == 1 }

    // MARK: What happens

    /// Something came in; see ``nextStep()``.
    mutating func arrived(_ arrival: Arrival) {
        switch arrival {
        case .head: isMidRequest = true
        case .body: break
        case .end, .failed, .inputClosed: isMidRequest = false
        }
        waiting.append(arrival)
    }

    /// The hot request that was under way has its answer.
    mutating func answered() { turn = .others }

    /// The others have written an answer to its end.
    mutating func othersAnswered() { othersUnanswered = max(0, othersUnanswered - 1) }

    /// The client takes its answers, or has so many of them to read first that no hot request begins.
    mutating func becameWritable(_ isWritable: Bool) { isBlocked = !isWritable }

    /// The server shuts down: the connection is to be closed after the requests that are under way.
    mutating func shutDown() { mustQuiesce = true }

    /// The connection is gone, and what waited with it.
    mutating func disconnected() {
        isMidRequest = false
        waiting.removeAll()
        body = ByteBuffer()
        turn = .others
        isOthersOnly = true
    }

    // MARK: What follows

    /// What can be done now; nil when there is nothing to do before something else happens.
    mutating func nextStep() -> Step? {
        while let arrival = waiting.first {
            if case .answering = turn { return nil }
            if startsHot(arrival), othersUnanswered > 0 || isBlocked { return nil }
            waiting.removeFirst()
            if let step = take(arrival) { return step }
        }
        guard mustQuiesce, case .others = turn else { return nil }
        mustQuiesce = false
        isOthersOnly = true
        return .quiesce
    }

    private func startsHot(_ arrival: Arrival) -> Bool {
        guard case .head(_, hot: .some) = arrival else { return false }
        return !isOthersOnly
    }

    private mutating func take(_ arrival: Arrival) -> Step? {
        switch (turn, arrival) {
        case (.others, .head(_, hot: let hot?)) where !isOthersOnly:
            turn = .collecting(hot)
            return nil
        case (.others, .head(let head, _)):
            othersUnanswered += 1
            if !head.isKeepAlive { isOthersOnly = true }
            return .passOn(arrival)
        case (.collecting, .body(var part)):
            // Copied, so that a poll that waits does not keep the buffer that it was received in.
            body.writeBuffer(&part)
            return nil
        case (.collecting(let request), .end):
            turn = .answering
            defer { body = ByteBuffer() }
            return .answer(request, body)
        case (.collecting, .failed), (.collecting, .inputClosed), (.collecting, .head):
            // The rest of the body will never come: the request is forgotten.
            turn = .others
            body = ByteBuffer()
            isOthersOnly = true
            return .passOn(arrival)
        case (.others, _):
            if case .failed = arrival { isOthersOnly = true }
            return .passOn(arrival)
        case (.answering, _): preconditionFailure("nothing is taken while a hot request is answered")
        }
    }
}
