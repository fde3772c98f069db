import EngineCore
import EngineRuntime
import EngineStore
import HTTPTypes
import JSON

extension RouteTable {
    /// Who has to do with user tasks.
    mutating func addIdentityLinkCommands() {
        get("/task/{id}/identity-links") { call in
            let type = call.query["type"]
            let links = try await call.engine.identityLinks(ofUserTask: call.path["id"])
            return .json(list: links.filter { type == nil || $0.type == type }) { $0.write(to: &$1) }
        }
        post("/task/{id}/identity-links") { call in
            try await call.changeLink {
                .link($0)
            } assigning: {
                $0
            }
        }
        post("/task/{id}/identity-links/delete") { call in
            try await call.changeLink {
                .unlink($0)
            } assigning: { _ in
                nil
            }
        }
    }
}

extension Call {
    /// Changes the link that the body names; assignee and owner are properties of the task rather than links.
    fileprivate func changeLink(
        _ change: (IdentityLink) -> UserTaskChange,
        assigning person: (String) -> String?
    ) async throws -> Answer {
        let fields = try await fields()
        let (user, group) = (try fields.string("userId"), try fields.string("groupId"))
        let type = try fields.string("type")
        let party: IdentityLink.Party
        switch (user, group) {
        case (let user?, nil): party = .user(user)
        case (nil, let group?): party = .group(group)
        case (nil, nil): throw APIError.invalidRequest("Identity Link requires userId or groupId.")
        case (.some, .some): throw APIError.invalidRequest("Identity Link requires userId or groupId, but not both.")
        }
        guard let type else { throw APIError.missing("type") }
        switch (type, party) {
        case ("assignee", .user(let user)): try await engine.changeUserTask(path["id"], .assign(user: person(user)))
        case ("owner", .user(let user)): try await engine.changeUserTask(path["id"], .own(user: person(user)))
        case ("assignee", .group), ("owner", .group):
            throw APIError.engine("Incompatible usage: cannot use type '\(type)' together with a groupId")
        default: try await engine.changeUserTask(path["id"], change(IdentityLink(type: type, party)))
        }
        return .noContent
    }
}

extension IdentityLinkView {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("userId", userID)
        writer.member("groupId", groupID)
        writer.member("type", type)
        writer.endObject()
    }
}
