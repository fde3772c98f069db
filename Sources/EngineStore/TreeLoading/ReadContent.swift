package import FoundationEssentials
package import Postgres

/// Names everything that rests or runs inside a scope.
package struct ReadContent: Statement {
    package var root: UUID
    package var scope: UUID

    package init(root: UUID, scope: UUID) {
        self.root = root
        self.scope = scope
    }

    package static let sql: SQLText = """
        select id from external_task
            where (instance_id = $1 or root_id = $1 and root_id <> instance_id) and path @> array[$2]
        union all select id from user_task where root_id = $1 and path @> array[$2]
        union all select id from token where root_id = $1 and path @> array[$2]
        union all select id from scope where root_id = $1 and path @> array[$2]
        """

    package static let parameters = ParameterEncoder(\ReadContent.root, \.scope)
    package static let rows = RowDecoder { (id: UUID) in id }
}

/// Names the tokens that wait at one join of a scope.
package struct ReadArrivals: Statement {
    package var scope: UUID
    package var activityID: String

    package init(scope: UUID, activityID: String) {
        self.scope = scope
        self.activityID = activityID
    }

    package static let sql: SQLText = """
        select id
        from token
        where scope_id = $1 and activity_id = $2 and kind = 1
        """

    package static let parameters = ParameterEncoder(\ReadArrivals.scope, \.activityID)
    package static let rows = RowDecoder { (id: UUID) in id }
}
