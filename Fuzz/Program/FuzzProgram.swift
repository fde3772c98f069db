import CLibFuzzer
import Foundation
import FuzzProperties

/// The fuzzer: libFuzzer with the target that the environment names in `BATON_FUZZ_TARGET`.
///
/// The arguments are libFuzzer's. The environment names the target because libFuzzer starts itself again with the
/// same arguments when it minimizes.
@main
enum FuzzProgram {
    private static let target = ProcessInfo.processInfo.environment["BATON_FUZZ_TARGET"].flatMap(FuzzTarget.init)

    static func main() {
        guard target != nil else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("BATON_FUZZ_TARGET must be one of: \(names)")
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
                FuzzProgram.test(UnsafeBufferPointer(start: bytes, count: count))
                return 0
            }
        )
    }

    private static func test(_ input: UnsafeBufferPointer<UInt8>) {
        do {
            try target?.check(Array(input))
        } catch {
            fatalError("\(error)")
        }
    }
}
