/// A moment of the clock that all processes of the lab share and that never jumps, in microseconds since some beginning.
package struct LabMoment: RawRepresentable, Sendable, Hashable, Codable, Comparable {
    package var rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: LabMoment, right: LabMoment) -> Bool { left.rawValue < right.rawValue }

    /// The moment that lies microseconds later.
    package static func + (moment: LabMoment, microseconds: Int64) -> LabMoment {
        LabMoment(rawValue: moment.rawValue + microseconds)
    }

    /// The microseconds from one moment to a later one.
    package static func - (later: LabMoment, earlier: LabMoment) -> Int64 { later.rawValue - earlier.rawValue }
}

/// A moment of the database's clock, in microseconds since 1970.
package struct DatabaseMoment: RawRepresentable, Sendable, Hashable, Codable, Comparable {
    package var rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: DatabaseMoment, right: DatabaseMoment) -> Bool { left.rawValue < right.rawValue }

    /// The moment that lies microseconds later.
    package static func + (moment: DatabaseMoment, microseconds: Int64) -> DatabaseMoment {
        DatabaseMoment(rawValue: moment.rawValue + microseconds)
    }
}
