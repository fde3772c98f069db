import EngineCore
import Testing

@testable import EngineRuntime

@Suite struct `Announcements` {
    @Test func `can be read as they were written, whatever the topic`() {
        let work = [
            TopicWork(topic: "a", count: 3), TopicWork(topic: "two words\nand lines", inMilliseconds: 250),
            TopicWork(topic: "", count: 1), TopicWork(topic: "ünï\u{1F980}", count: 7),
        ]
        let payloads = Announcement.payloads(of: work, node: 0xABC)
        #expect(payloads.count == 1)
        #expect(payloads.compactMap(Announcement.init) == [Announcement(node: 0xABC, work: work)])
    }

    @Test func `of polls can be read as they were written, whatever the worker`() {
        let polls = ["w", "", "two words\nand lines", "ünï\u{1F980}"].enumerated().map { index, worker in
            WorkerPoll(worker: WorkerID(rawValue: worker), id: WaiterID(UInt64.max - UInt64(index)))
        }
        let work = [TopicWork(topic: "poll", count: 3)]
        let payloads = Announcement.payloads(of: work, polls, node: 1)
        #expect(payloads.compactMap(Announcement.init) == [Announcement(node: 1, work: work, polls: polls)])
        let long = WorkerPoll(worker: WorkerID(rawValue: String(repeating: "x", count: 8000)), id: WaiterID(1))
        #expect(Announcement.payloads(of: [], [long], node: 1).isEmpty)
    }

    @Test func `of batches can be read together with others`() {
        let work = [TopicWork(topic: "batches", count: 3)]
        let payloads = Announcement.payloads(of: work, hasBatches: true, node: 1)
        #expect(payloads.compactMap(Announcement.init) == [Announcement(node: 1, work: work, hasBatches: true)])
        let alone = Announcement.payloads(of: [], hasBatches: true, node: 1)
        #expect(alone.compactMap(Announcement.init) == [Announcement(node: 1, hasBatches: true)])
    }

    @Test func `are split before they are too long for the database`() {
        let work = (0..<500).map { TopicWork(topic: String(repeating: "ä", count: $0), count: 1) }
        let payloads = Announcement.payloads(of: work, node: .max)
        #expect(payloads.count > 10)
        #expect(payloads.allSatisfy { $0.utf8.count < 8000 })
        #expect(payloads.compactMap(Announcement.init).flatMap(\.work) == work)
        #expect(Announcement.payloads(of: [TopicWork(topic: String(repeating: "x", count: 8000))], node: 1).isEmpty)
    }

    @Test(arguments: [
        "", "2 a", "1", "1 x", "1 a\n", "1 a\n1 - 5 ab", "1 a\n1 - -1 ab", "1 a\n0 - 1 a", "1 a\n1 z 1 a",
        "1 a\n1 - 1 ab", "1 a\npoll x 1 a", "1 a\npoll -1 1 a", "1 a\npoll 1 2 a",
        "1 a\n99999999999999999999 - 1 a", "1 a\n1 - 99999999999999999999 a",
    ])
    func `that cannot be understood are refused`(payload: String) {
        #expect(Announcement(payload: payload) == nil || Announcement(payload: payload)?.work.isEmpty == true)
    }

    @Test func `are gathered by topic, the earliest moment of each`() {
        var list = AnnouncementList()
        list.add([TopicWork(topic: "a", count: 2), TopicWork(topic: "a", inMilliseconds: 500)], limit: 2)
        list.add([TopicWork(topic: "a", count: 3), TopicWork(topic: "a", inMilliseconds: 200)], limit: 2)
        list.add([TopicWork(topic: "b", count: .max), TopicWork(topic: "beyond the limit")], limit: 2)
        let expected: Set = [
            TopicWork(topic: "a", count: 5), TopicWork(topic: "a", inMilliseconds: 200),
            TopicWork(topic: "b", count: 100_000),
        ]
        #expect(Set(list.take()) == expected)
        #expect(list.isEmpty)
    }
}
