import Foundation
import Processes

/// Clocks that go wrong, by a library of the lab's that stands between a node and the system.
enum ClockSkew {
    /// The library, which is built beside this program; nil when it was not.
    static var library: String? {
        let path = URL(fileURLWithPath: ChildProcess.ownExecutable).deletingLastPathComponent()
            .appendingPathComponent("libClockSkew.so").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The first node is an hour ahead, the second an hour behind; the others are right.
    static func apply(_ library: String, to settings: inout LabNode.Settings, at index: Int) {
        guard index < 2 else { return }
        settings.environment["LD_PRELOAD"] = library
        settings.environment["BATON_LAB_SKEW"] = index == 0 ? "3600" : "-3600"
        settings.peculiarities.append(index == 0 ? "its clock an hour ahead" : "its clock an hour behind")
    }
}
