import Foundation

/// What `baton deploy` prints.
enum DeploymentReport {
    /// The definitions of a deployment as a table, in the order of their keys.
    static func success(_ deployment: Wire.Deployment) -> String {
        let definitions = (deployment.deployedProcessDefinitions ?? [:]).values.sorted { $0.key < $1.key }
        let head = "Deployed \(deployment.name ?? "") (deployment \(deployment.id))"
        guard !definitions.isEmpty else { return "\(head). It contains no process definition." }
        let rows = definitions.map { [$0.key, String($0.version), $0.name ?? "", $0.resource ?? "", $0.id] }
        return head + "\n" + TextTable(columns: ["KEY", "VERSION", "NAME", "FILE", "ID"], rows: rows).description
    }

    /// What was wrong, one problem per line with file, line and column, as compilers write it.
    static func refusal(_ refusal: EngineClient.Refusal) -> String {
        let report = try? JSONDecoder().decode(Wire.DeploymentRefusal.self, from: refusal.body)
        let problems = (report?.details ?? [:]).sorted { $0.key < $1.key }.flatMap { file, report in
            (report.errors ?? []).map { line(file, "error", $0) }
                + (report.warnings ?? []).map { line(file, "warning", $0) }
        }
        guard !problems.isEmpty else { return "Nothing was deployed: \(refusal)" }
        return "Nothing was deployed.\n" + problems.joined(separator: "\n")
    }

    private static func line(_ file: String, _ kind: String, _ problem: Wire.ModelProblem) -> String {
        let place = [file, problem.line.map(String.init), problem.column.map(String.init)].compactMap(\.self)
        let element = problem.mainElementId.map { " [\($0)]" } ?? ""
        return "\(place.joined(separator: ":")): \(kind): \(problem.message ?? "")\(element)"
    }
}

/// Text in columns.
struct TextTable: CustomStringConvertible {
    var columns: [String]
    /// Each with as many cells as there are columns.
    var rows: [[String]]

    var description: String {
        let lines = [columns] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
