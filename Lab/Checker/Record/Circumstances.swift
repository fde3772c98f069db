/// A process of workers was killed: from now on it holds and knows nothing.
package struct Death: Sendable, Codable, Hashable {
    package var life: String
    package var moment: LabMoment

    package init(life: String, moment: LabMoment) {
        self.life = life
        self.moment = moment
    }
}

/// A fault begins, or what it broke is whole again.
package struct FaultNote: Sendable, Codable, Hashable {
    package var number: Int
    package var kind: String
    package var target: String
    package var moment: LabMoment
    package var isOver: Bool

    package init(number: Int, kind: String, target: String, moment: LabMoment, isOver: Bool) {
        self.number = number
        self.kind = kind
        self.target = target
        self.moment = moment
        self.isOver = isOver
    }
}

/// What the database's clock said between two moments of the lab's.
package struct ClockSample: Sendable, Codable, Hashable {
    package var sent: LabMoment
    package var database: DatabaseMoment
    package var received: LabMoment

    package init(sent: LabMoment, database: DatabaseMoment, received: LabMoment) {
        self.sent = sent
        self.database = database
        self.received = received
    }
}
