import ArgumentParser
import BatonClient
import Logging
import ServiceLifecycle
import UnixSignals

/// Transcodes videos: a task that takes long, whose lock is extended by itself, and which goes on where it failed.
@main
struct VideoTranscoding: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "video-transcoding",
        abstract: "Transcodes the videos of the process in Examples/VideoTranscoding/video.bpmn.",
        discussion: """
            Deploys the model, starts it as often as --start says, and works until Ctrl-C or SIGTERM. A task is locked for \
            10 seconds at a time; kill this program in the middle and start it again, and it goes on where it was.
            """
    )

    @Option(help: "The address of the API.")
    var url = "http://127.0.0.1:8080/engine-rest"
    @Option(help: "How many videos to upload.")
    var start = 0
    @Option(help: "How many segments a video has that is uploaded.")
    var segments = 40
    @Option(help: "How many milliseconds a segment takes.")
    var segmentMilliseconds = 250
    @Option(help: "How many videos are transcoded at the same time.")
    var maximumTasks = 1
    @Option(help: "The segment that fails at the first attempt; none without.")
    var failAt: Int?

    func validate() throws {
        guard start >= 0 else { throw ValidationError("--start must be at least 0") }
        guard segments > 0, segmentMilliseconds > 0, maximumTasks > 0 else {
            throw ValidationError("--segments, --segment-milliseconds and --maximum-tasks must be more than 0")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "video-transcoding")
        let client = try EngineClient(url: url, logger: logger)
        try await client.deploy(
            DeploymentRequest(
                name: "video",
                skipsDuplicates: true,
                files: ["video.bpmn": PackageResources.video_bpmn]
            )
        )
        for number in 0..<start {
            let video: Variables = ["file": "video-\(number + 1).mov", "segments": Variable(segments)]
            let instance = try await client.startProcess(StartRequest("video", variables: video))
            print("Uploaded video-\(number + 1).mov: process instance \(instance.id)")
        }

        var configuration = Worker.Configuration()
        configuration.maximumTasks = maximumTasks
        let transcoder = Transcoder(segmentDuration: .milliseconds(segmentMilliseconds), failingSegment: failAt)
        let worker = try Worker(client: client, configuration: configuration, logger: logger) {
            transcoder.subscription
        }
        let group = ServiceGroup(
            services: [worker],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        try await group.run()
    }
}
