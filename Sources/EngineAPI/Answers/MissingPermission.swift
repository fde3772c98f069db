import HTTPTypes
import JSON

/// A permission that would have sufficed, in the contract's names.
struct MissingPermission: Sendable, Hashable {
    var name: String
    var resource: String
    /// Nil for all of that kind, or one that does not exist yet.
    var resourceID: String?

    init(_ name: String, on resource: String, _ resourceID: String? = nil) {
        self.name = name
        self.resource = resource
        self.resourceID = resourceID
    }

    fileprivate var text: String {
        "'\(name)' permission on resource '\(resourceID.map { "\($0)' of type '" } ?? "")\(resource)'"
    }
}

extension APIError {
    /// The caller may not do this: one of the permissions would be needed.
    ///
    /// Whose they are is added by whoever knows the caller: ``naming(_:)``.
    static func notPermitted(_ permissions: [MissingPermission]) -> APIError {
        var error = APIError(.forbidden, "AuthorizationException", "", code: 0)
        error.missingPermissions = permissions
        return error
    }

    /// The error with the name of the caller, where it says what the caller may not do.
    func naming(_ userID: String) -> APIError {
        guard !missingPermissions.isEmpty else { return self }
        var error = self
        let texts = missingPermissions.map(\.text)
        error.userID = userID
        error.message =
            texts.count == 1
            ? "The user with id '\(userID)' does not have \(texts[0])."
            : "The user with id '\(userID)' does not have one of the following permissions: "
                + texts.joined(separator: " or ")
        return error
    }

    /// Writes what is missing: one permission in members of its own, too.
    func writeMissingPermissions(to writer: inout JSONWriter) {
        let single = missingPermissions.count == 1 ? missingPermissions.first : nil
        writer.member("userId", userID)
        writer.member("resourceName", single?.resource)
        writer.member("resourceId", single?.resourceID)
        writer.member("permissionName", single?.name)
        writer.key("missingAuthorizations")
        writer.beginArray()
        for permission in missingPermissions {
            writer.beginObject()
            writer.member("permissionName", permission.name)
            writer.member("resourceName", permission.resource)
            writer.member("resourceId", permission.resourceID)
            writer.endObject()
        }
        writer.endArray()
    }
}
