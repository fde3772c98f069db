/// Restricts a list of user tasks by who may take them.
package struct CandidateFilter: Sendable, Hashable {
    package var user: String?
    package var group: String?
    package var groupLike: String?
    package var groups: [String]?
    /// Also what is assigned already, when one of the above is set.
    package var includesAssigned = false
    package var withGroups = false
    package var withoutGroups = false
    package var withUsers = false
    package var withoutUsers = false
    /// Assignee, owner, or linked to the task in any way.
    package var involvedUser: String?

    package init() {}

    package var isAboutCandidates: Bool {
        user != nil || group != nil || groupLike != nil || !(groups ?? []).isEmpty
    }
}

extension Conditions {
    /// The user task `u` satisfies the filter.
    mutating func candidates(_ filter: CandidateFilter) {
        if filter.isAboutCandidates {
            allOf { rows in
                rows.add("u.assignee is null", if: !filter.includesAssigned)
                rows.candidate("l.user_id = ", filter.user)
                rows.candidate("l.group_id = ", filter.group)
                rows.candidate("l.group_id like ", filter.groupLike.map(Conditions.closed))
                if let groups = filter.groups, !groups.isEmpty {
                    rows.add(
                        """
                        exists (select from identity_link l
                            where l.task_id = u.id and l.type = 'candidate' and l.group_id = any (
                        """,
                        groups.filter(\.isStorable),
                        "))"
                    )
                }
            }
        }
        add(Self.withCandidateGroups, if: filter.withGroups)
        addNot(Self.withCandidateGroups, if: filter.withoutGroups)
        add(Self.withCandidateUsers, if: filter.withUsers)
        addNot(Self.withCandidateUsers, if: filter.withoutUsers)
        involved(filter.involvedUser)
    }

    private static let withCandidateGroups: StaticString = """
        exists (select from identity_link l
            where l.task_id = u.id and l.type = 'candidate' and l.group_id is not null)
        """
    private static let withCandidateUsers: StaticString = """
        exists (select from identity_link l
            where l.task_id = u.id and l.type = 'candidate' and l.user_id is not null)
        """

    private mutating func candidate(_ comparison: StaticString, _ name: String?) {
        guard let name else { return }
        guard name.isStorable else { return matchNothing() }
        add("exists (select from identity_link l where l.task_id = u.id and l.type = 'candidate' and ")
        continueWith(comparison, name, ")")
    }

    private mutating func addNot(_ fragment: StaticString, if isWanted: Bool) {
        guard isWanted else { return }
        add("not ")
        end(self, with: fragment)
    }

    private mutating func involved(_ user: String?) {
        guard let user else { return }
        guard user.isStorable else { return matchNothing() }
        add("(u.assignee = ", user)
        continueWith(" or u.owner = ", user)
        continueWith(
            " or exists (select from identity_link l where l.task_id = u.id and l.user_id = ",
            user,
            "))"
        )
    }
}
