package import BPMN
package import Expressions
package import FoundationEssentials

/// What a decision may know besides the tree and the command.
package struct Facts: Sendable {
    /// The moment of the decision, by the database's clock, read after the locks were held.
    package var moment: Instant
    /// Where fresh identifiers come from; the same facts give the same identifiers.
    package var identifiers: IdentifierSource
    /// The definitions that were loaded.
    package var definitions: [DefinitionID: ProcessDefinition]
    /// The tenants of those that belong to one.
    package var tenants: [DefinitionID: String]

    package init(
        moment: Instant,
        identifiers: IdentifierSource,
        definitions: [DefinitionID: ProcessDefinition],
        tenants: [DefinitionID: String] = [:]
    ) {
        self.moment = moment
        self.identifiers = identifiers
        self.definitions = definitions
        self.tenants = tenants
    }
}

/// A deterministic source of fresh identifiers: the same seed gives the same ones, so that a decision that is made
/// again after something was loaded comes out the same.
///
/// They are version 7 UUIDs: near each other in an index when made at the same time, and those of one decision in the
/// order in which they were made. Nothing may depend on their order. The last
/// two bytes (the *kin*) are the same for everything below one root process instance, so that whoever knows any id of
/// a tree knows which lane its commands go to, without asking the database.
package struct IdentifierSource: Sendable {
    private var state: UInt64
    private var counter: UInt16 = 0
    private let kin: UInt16

    /// Makes a source from a random seed and the kin of the tree.
    package init(seed: UInt64, kin: UInt16) {
        state = seed
        self.kin = kin
    }

    /// The kin that an identifier carries.
    package static func kin(of uuid: UUID) -> UInt16 {
        UInt16(uuid.uuid.14) << 8 | UInt16(uuid.uuid.15)
    }

    /// The next identifier.
    package mutating func next(at moment: Instant) -> UUID {
        let time = UInt64(truncatingIfNeeded: moment.millisecondsSinceEpoch)
        let random = nextRandom()
        counter = (counter + 1) & 0x0fff
        return UUID(
            uuid: (
                UInt8(truncatingIfNeeded: time >> 40), UInt8(truncatingIfNeeded: time >> 32),
                UInt8(truncatingIfNeeded: time >> 24), UInt8(truncatingIfNeeded: time >> 16),
                UInt8(truncatingIfNeeded: time >> 8), UInt8(truncatingIfNeeded: time),
                0x70 | UInt8(truncatingIfNeeded: counter >> 8), UInt8(truncatingIfNeeded: counter),
                0x80 | UInt8(truncatingIfNeeded: random & 0x3f), UInt8(truncatingIfNeeded: random >> 8),
                UInt8(truncatingIfNeeded: random >> 16), UInt8(truncatingIfNeeded: random >> 24),
                UInt8(truncatingIfNeeded: random >> 32), UInt8(truncatingIfNeeded: random >> 40),
                UInt8(truncatingIfNeeded: kin >> 8), UInt8(truncatingIfNeeded: kin)
            )
        )
    }

    /// SplitMix64.
    private mutating func nextRandom() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
