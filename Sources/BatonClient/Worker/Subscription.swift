/// A topic, the handler of its tasks, and how they are treated.
///
/// What a handler does decides what becomes of its task:
///
/// | the handler | the task |
/// |---|---|
/// | returns nothing, variables or ``TaskOutcome/completed(_:local:)`` | is completed |
/// | returns another ``TaskOutcome`` | as that says |
/// | throws ``BPMNError`` | leaves by the model's error event |
/// | throws ``TaskFailure`` | has failed, with what that says |
/// | throws a ``NonRetryableError`` | has failed and becomes an incident |
/// | throws anything else | has failed, and is tried again as the ``RetryPolicy`` says |
/// | throws when it was cancelled because the worker stops | is given back at once |
/// | throws when it was cancelled because the lock was lost | belongs to somebody else; nothing is reported |
///
/// The last two rows win over those above them; but a ``BPMNError``, and a ``TaskFailure`` with `retries`, are reported
/// although the worker stops.
///
/// A handler that was cancelled and returns all the same has done its work: what it returns is reported, unless the
/// engine has said that the task is not ours any more.
public struct Subscription: Sendable {
    /// What is done with a task.
    public typealias Handler = @Sendable (ExternalTask, TaskContext) async throws -> TaskOutcome

    /// The topic.
    public let topic: String
    /// How long a task is locked at a time: 1 ms to 36,500 days, sent in whole milliseconds.
    ///
    /// When a worker dies, its tasks wait for the end of their locks. A worker that lives extends them in time.
    public var lockDuration: Duration
    /// Whether and when the lock is extended while the handler runs.
    public var lockExtension: LockExtension
    /// How long a handler may take, 1 ms to 36,500 days; nil for no bound.
    ///
    /// Then it is cancelled, and the attempt has failed when the handler throws.
    public var timeout: Duration?
    /// What becomes of a task whose handler throws.
    public var retryPolicy: RetryPolicy
    /// Which tasks of the topic are wanted, and what they bring along.
    public var options: TopicOptions
    /// What is done with a task.
    public let handler: Handler

    /// A handler that returns variables to complete its tasks with, or another outcome.
    ///
    /// - Parameters:
    ///   - topic: The topic; not empty, and once per worker.
    ///   - lockDuration: How long a task is locked at a time, 1 ms to 36,500 days.
    ///   - lockExtension: Whether and when the lock is extended while the handler runs.
    ///   - timeout: How long a handler may take, 1 ms to 36,500 days; nil for no bound.
    ///   - retryPolicy: What becomes of a task whose handler throws.
    ///   - options: Which tasks, and what they bring along.
    ///   - handler: What is done with a task. Runs in a task of its own, which is cancelled when its result is not
    ///     wanted any more.
    public init(
        _ topic: String,
        lockDuration: Duration = .seconds(30),
        lockExtension: LockExtension = .automatic,
        timeout: Duration? = nil,
        retryPolicy: RetryPolicy = .exponential(),
        options: TopicOptions = TopicOptions(),
        handler: @escaping Handler
    ) {
        self.topic = topic
        self.lockDuration = lockDuration
        self.lockExtension = lockExtension
        self.timeout = timeout
        self.retryPolicy = retryPolicy
        self.options = options
        self.handler = handler
    }

    /// A handler that returns nothing: its tasks are completed without variables.
    ///
    /// A closure of several statements that falls out at its end is not taken for one: end it with `return .completed`.
    ///
    /// The parameters are those of the other initializer.
    @_disfavoredOverload  // A closure that is one expression, such as a literal, is meant for the other one.
    public init(
        _ topic: String,
        lockDuration: Duration = .seconds(30),
        lockExtension: LockExtension = .automatic,
        timeout: Duration? = nil,
        retryPolicy: RetryPolicy = .exponential(),
        options: TopicOptions = TopicOptions(),
        handler: @escaping @Sendable (ExternalTask, TaskContext) async throws -> Void
    ) {
        self.init(
            topic,
            lockDuration: lockDuration,
            lockExtension: lockExtension,
            timeout: timeout,
            retryPolicy: retryPolicy,
            options: options
        ) { task, context -> TaskOutcome in
            try await handler(task, context)
            return .completed
        }
    }
}

/// Whether and when a task's lock is extended while its handler runs.
public struct LockExtension: Sendable, Hashable {
    /// The part of the lock's duration after which it is extended; nil for never.
    let fraction: Double?

    /// Extends at half of the lock's duration, again and again until the handler ends.
    public static let automatic = LockExtension(fraction: 0.5)

    /// Extends at a part of the lock's duration, 0.1 to 0.9; a worker throws at its creation when it is another one.
    public static func automatic(at fraction: Double) -> LockExtension { LockExtension(fraction: fraction) }

    /// Never extends; the handler may, with ``TaskContext/extendLock(for:)``.
    public static let manual = LockExtension(fraction: nil)
}

/// Puts subscriptions together, with `if`, `for` and arrays.
@resultBuilder
public enum SubscriptionBuilder {
    /// One subscription.
    public static func buildExpression(_ subscription: Subscription) -> [Subscription] { [subscription] }
    /// Several subscriptions.
    public static func buildExpression(_ subscriptions: [Subscription]) -> [Subscription] { subscriptions }
    /// All of a block.
    public static func buildBlock(_ parts: [Subscription]...) -> [Subscription] { parts.flatMap(\.self) }
    /// All of a loop.
    public static func buildArray(_ parts: [[Subscription]]) -> [Subscription] { parts.flatMap(\.self) }
    /// What an `if` without `else` has.
    public static func buildOptional(_ part: [Subscription]?) -> [Subscription] { part ?? [] }
    /// What the first branch has.
    public static func buildEither(first part: [Subscription]) -> [Subscription] { part }
    /// What the second branch has.
    public static func buildEither(second part: [Subscription]) -> [Subscription] { part }
}
