package import EngineCore
import FoundationEssentials
package import Postgres

/// Notes something about an open incident, or clears the note.
///
/// A row for the incident that is open, none when there is no such.
package struct AnnotateIncident: Statement {
    private let id: UUID
    private let annotation: String?

    package init(_ id: IncidentID, annotation: String?) {
        self.id = id.rawValue
        self.annotation = annotation
    }

    package static let sql: SQLText = "update incident set annotation = $2 where id = $1 returning id"
    package static let parameters = ParameterEncoder(\Self.id, \.annotation)
    package static let rows = RowDecoder { (id: UUID) in IncidentID(id) }
}
