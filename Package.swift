// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "baton",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "baton", targets: ["baton"]),
        .library(name: "BatonClient", targets: ["BatonClient"]),
        .library(name: "BatonClientTesting", targets: ["BatonClientTesting"]),
        // What the lab loads into nodes to show them a wrong time.
        .library(name: "ClockSkew", type: .dynamic, targets: ["ClockSkew"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.4.1"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.1"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    ],
    targets: [
        // What all that runs may count with.
        .target(
            name: "Measures",
            dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: settings
        ),

        // Around the core: the database.
        .systemLibrary(
            name: "CLibpq",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "Postgres",
            dependencies: ["CLibpq", "Measures", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .target(
            name: "EmbeddedPostgres",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .target(
            name: "Processes",
            dependencies: [.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")],
            swiftSettings: settings
        ),
        .target(
            name: "sql",
            path: "sql",
            exclude: ["schema.sql"],
            resources: [.embedInCode("migrations")],
            swiftSettings: settings
        ),

        // The core: pure.
        .target(
            name: "JSON",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(
            name: "Expressions",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(
            name: "BPMN",
            dependencies: ["Expressions", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: settings
        ),
        .target(
            name: "EngineCore",
            dependencies: [
                "BPMN", "Expressions", "JSON",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),

        // Around it: rows, what runs, HTTP.
        .target(
            name: "EngineStore",
            dependencies: ["EngineCore", "Postgres", "BPMN", "Expressions"],
            swiftSettings: settings
        ),
        .target(
            name: "EngineRuntime",
            dependencies: [
                "EngineCore", "EngineStore", "Measures", "Postgres", "BPMN", "Expressions", "sql",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Access",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "EngineAPI",
            dependencies: [
                "Access", "EngineRuntime", "EngineStore", "EngineCore", "BPMN", "Expressions", "JSON", "Measures",
                "Postgres",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "baton",
            dependencies: [
                "Access", "BatonClient", "EngineAPI", "EngineRuntime", "EngineStore", "EmbeddedPostgres", "Measures",
                "Postgres", "Processes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // What programs with workers import; nothing of the engine.
        .target(
            name: "BatonClient",
            dependencies: [
                "JSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings
        ),

        // What their tests import: an engine in memory and a clock.
        .target(
            name: "BatonClientTesting",
            dependencies: [
                "BatonClient", "JSON",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Programs to learn from: they see what everybody sees.
        .executableTarget(
            name: "video-transcoding",
            dependencies: [
                "BatonClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/VideoTranscoding",
            resources: [.embedInCode("video.bpmn")],
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "order-process",
            dependencies: [
                "BatonClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/OrderProcess",
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bearer-tokens",
            dependencies: [
                "BatonClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/BearerTokens",
            packageAccess: false,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "migration",
            dependencies: [
                "BatonClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Examples/Migration",
            exclude: ["worker.py"],
            resources: [.embedInCode("invoice.bpmn")],
            packageAccess: false,
            swiftSettings: settings
        ),

        // Measuring.
        .executableTarget(
            name: "baton-benchmarks",
            dependencies: [
                "EmbeddedPostgres", "Postgres", "Processes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks",
            swiftSettings: settings
        ),

        // The failure lab.
        .target(name: "ClockSkew", path: "Lab/ClockSkew"),
        .target(name: "LabChecker", path: "Lab/Checker", swiftSettings: settings),
        .executableTarget(
            name: "baton-lab",
            dependencies: [
                "LabChecker", "EmbeddedPostgres", "Postgres", "Processes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Lab/Program",
            swiftSettings: settings
        ),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [
                "EmbeddedPostgres", "Postgres", "EngineRuntime", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "RandomProcesses",
            dependencies: [
                "EngineCore", "BPMN", "Expressions",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            path: "Tests/RandomProcesses",
            swiftSettings: settings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(
            name: "MeasuresTests",
            dependencies: [
                "Measures", "TestSupport", .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExpressionsTests",
            dependencies: ["Expressions", .product(name: "OrderedCollections", package: "swift-collections")],
            swiftSettings: settings
        ),
        .testTarget(name: "BPMNTests", dependencies: ["BPMN", "Expressions"], swiftSettings: settings),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["Postgres", "EmbeddedPostgres", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes"], swiftSettings: settings),
        .testTarget(
            name: "EngineCoreTests",
            dependencies: [
                "EngineCore", "BPMN", "Expressions", "JSON", "RandomProcesses",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineStoreTests",
            dependencies: ["EngineStore", "EngineCore", "BPMN", "Expressions", "Postgres", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineRuntimeTests",
            dependencies: [
                "EngineRuntime", "EngineStore", "EngineCore", "BPMN", "EmbeddedPostgres", "Expressions", "Measures",
                "Postgres", "RandomProcesses", "TestSupport", "sql",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AccessTests",
            dependencies: [
                "Access", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineAPITests",
            dependencies: [
                "Access", "EngineAPI", "EngineRuntime", "EngineStore", "EngineCore", "Expressions", "JSON", "Postgres",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BatonClientTests",
            dependencies: [
                "BatonClient", "JSON", "EmbeddedPostgres", "Processes", "baton",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "BPMN", "CLibpq", "EngineAPI", "EngineCore", "EngineStore", "Expressions", "JSON", "Postgres",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            path: "Fuzz",
            exclude: ["CLibFuzzer", "Corpus", "Dictionaries", "Findings", "Program"],
            sources: ["Properties", "Replay"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BatonClientTestingTests",
            dependencies: [
                "BatonClient", "BatonClientTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            packageAccess: false,
            swiftSettings: settings
        ),
        .testTarget(
            name: "LabTests",
            dependencies: ["LabChecker", "Processes", "TestSupport", "baton", "baton-lab"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BatonTests",
            dependencies: [
                "baton", "Access", "EngineAPI", "EngineRuntime", "EngineStore", "Postgres", "Processes", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
    ]
)

// Fuzzing (docs/fuzzing.md): with BATON_FUZZ in the environment this package is another, small one, whose modules are
// instrumented for libFuzzer: the fuzzers, what they try, and of the API what reads and needs no server.
if Context.environment["BATON_FUZZ"] != nil {
    let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])]
    let modules: Set = ["JSON", "Expressions", "BPMN", "Postgres", "EngineAPI"]
    // Only what they declare is used; the optimizer of Swift 6.3 fails in the second with testing enabled.
    let plain: Set = ["EngineCore", "EngineStore", "Measures"]
    package.products = []
    package.targets.removeAll { !modules.union(plain).union(["CLibpq"]).contains($0.name) }
    for target in package.targets where target.name != "CLibpq" {
        target.swiftSettings = settings + (plain.contains(target.name) ? [.unsafeFlags(["-Onone"])] : instrumented)
        guard target.name == "EngineAPI" else { continue }
        target.dependencies = [
            "EngineCore", "EngineStore", "Expressions", "JSON", "Measures", "Postgres",
            .product(name: "HTTPTypes", package: "swift-http-types"),
        ]
        target.sources = [
            "Reading", "Answers/Answer.swift", "Answers/APIError.swift", "Answers/APIError+Rejection.swift",
            "Answers/MissingPermission.swift",
            "Commands/FetchBody.swift", "Queries/JSONWriter+Nulls.swift", "Queries/Filtering/Filters.swift",
            "Queries/Filtering/Filters+Moments.swift", "Queries/Filtering/Filters+Sorting.swift",
            "Queries/Filtering/Filters+UserTaskOrder.swift", "Queries/Filtering/Filters+Variables.swift",
            "Routing/APIError+Routing.swift", "Routing/MediaType.swift", "Routing/PercentDecoding.swift",
            "Routing/RequestPath.swift", "Server/Metrics/OperationMeasures.swift", "Variables/JSONWriter+Dates.swift",
            "Variables/JSONWriter+Variables.swift",
            "Variables/ValueText.swift", "Variables/VariableEntry.swift", "Variables/VariableEntry+Conversion.swift",
        ]
    }
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
        .target(
            name: "FuzzProperties",
            dependencies: [
                "BPMN", "CLibpq", "EngineAPI", "EngineCore", "EngineStore", "Expressions", "JSON", "Postgres",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            path: "Fuzz/Properties",
            swiftSettings: settings + instrumented
        ),
        .executableTarget(
            name: "baton-fuzz",
            dependencies: ["CLibFuzzer", "FuzzProperties"],
            path: "Fuzz/Program",
            swiftSettings: settings + instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        ),
    ]
}
