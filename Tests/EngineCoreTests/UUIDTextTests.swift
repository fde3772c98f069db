import EngineCore
import FoundationEssentials
import Testing

@Suite struct `The text of a UUID` {
    @Test func `is what Foundation writes, in lower case, and is read back`() {
        for _ in 0..<1000 {
            let uuid = UUID()
            #expect(uuid.text == uuid.uuidString.lowercased())
            #expect(UUID(text: uuid.text) == uuid)
            #expect(UUID(text: uuid.uuidString) == uuid)
        }
    }

    @Test(arguments: [
        "", "0", "0191a3f0-7e1b-7000-8000-00000000000", "0191a3f0-7e1b-7000-8000-0000000000000",
        "0191a3f0 7e1b-7000-8000-000000000000", "0191a3f0-7e1b-7000-8000-00000000000g",
        "0191a3f0-7e1b-7000-8000-0000000000é", "0191a3f07e1b-7000-8000-0-00000000000",
        "{0191a3f0-7e1b-7000-8000-0000000000}",
    ])
    func `that is anything else is not read`(text: String) {
        #expect(UUID(text: text) == nil)
    }
}
