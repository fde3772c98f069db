import EngineCore
package import EngineStore
import Postgres

// Changes that no process notices.

extension Engine {
    /// The longest annotation, in UTF-16 units.
    package static let maximumAnnotationLength = 4000

    /// Notes something about an open incident; nil clears the note.
    ///
    /// - Returns: Whether there is such an incident.
    /// - Throws: ``Rejection/valueTooLong(parameter:maximum:)``.
    package func annotateIncident(_ id: String, _ annotation: String?) async throws -> Bool {
        guard annotation?.utf16.count ?? 0 <= Self.maximumAnnotationLength else {
            throw Rejection.valueTooLong(parameter: "annotation", maximum: Self.maximumAnnotationLength)
        }
        guard let id = IncidentID(id) else { return false }
        return try await !pool.run(AnnotateIncident(id, annotation: annotation)).isEmpty
    }

    /// Deletes the history of a variable that is no longer there.
    package func deleteHistoricVariable(_ id: String) async throws -> DeleteHistoryVariable.Outcome {
        guard let id = VariableID(id) else { return .missing }
        return try await pool.run(DeleteHistoryVariable(id)).first ?? .missing
    }
}
