import BatonClient
import Logging

/// Transcodes videos segment by segment.
///
/// The encoder is a stand-in that takes its time; everything around it is as with a real one.
struct Transcoder: Sendable {
    /// How long a segment takes.
    var segmentDuration: Duration
    /// The segment that fails at a task's first attempt.
    var failingSegment: Int?

    /// A lock of 10 seconds, extended for as long as the handler works: a worker that dies is replaced soon.
    var subscription: Subscription {
        Subscription(
            "transcode-video",
            lockDuration: .seconds(10),
            retryPolicy: .exponential(attempts: 5, firstDelay: .seconds(2), longestDelay: .seconds(60))
        ) { task, context in
            let file: String = try task.variables.require("file")
            let segments: Int = try task.variables.require("segments")
            // What an earlier attempt has done, on whatever machine.
            let done: Int = try task.variables.value("doneSegments") ?? 0
            var bar = ProgressBar(title: file, total: segments)
            defer { bar.end() }
            bar.show(done)
            for segment in done..<max(done, segments) {
                if segment == failingSegment, task.retries == nil {
                    throw TaskFailure("The encoder crashed in segment \(segment)")
                }
                try await encode(segment)
                try await context.setLocalVariables(["doneSegments": Variable(segment + 1)])
                bar.show(segment + 1)
            }
            context.logger.info("Video transcoded")
            return ["transcodedFile": Variable("\(file).mp4")]
        }
    }

    private func encode(_ segment: Int) async throws {
        try await Task.sleep(for: segmentDuration)
    }
}
