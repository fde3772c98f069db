import EngineStore
import JSON

extension Filters {
    /// The wanted order of a list.
    ///
    /// See the REST reference, *Sorting, paging, errors*.
    func sorting<Field: SortField>(by field: Field.Type = Field.self) throws(APIError) -> [Sorting<Field>] {
        switch source {
        case .query(let parameters): try Self.single(parameters["sortBy"], parameters["sortOrder"])
        case .body(let body):
            try Self.single(try body.string("sortBy"), try body.string("sortOrder")) + (try Self.list(body))
        }
    }

    static func single<Field: SortField>(
        _ by: String?,
        _ order: String?
    ) throws(APIError) -> [Sorting<Field>] {
        var field: Field?
        if let by {
            field = Field(rawValue: by)
            if field == nil { throw .unsettable("sortBy", by) }
        }
        var direction: SortDirection?
        if let order {
            direction = SortDirection(rawValue: order)
            if direction == nil { throw .unsettable("sortOrder", order) }
        }
        switch (field, direction) {
        case (nil, nil): return []
        case (let field?, let direction?): return [Sorting(field, direction)]
        case (nil, _), (_, nil):
            throw .invalidRequest("Only a single sorting parameter specified. sortBy and sortOrder required")
        }
    }

    private static func list<Field: SortField>(_ body: JSONFields) throws(APIError) -> [Sorting<Field>] {
        var sorting: [Sorting<Field>] = []
        for entry in try body.list("sorting") ?? [] { sorting.append(try Self.sorting(entry)) }
        return sorting
    }

    /// One entry of the list.
    static func sorting<Field: SortField>(_ entry: JSONFields?) throws(APIError) -> Sorting<Field> {
        guard let field = try entry?.string("sortBy").flatMap(Field.init(rawValue:)) else {
            throw .notValid(
                """
                You should call any of the orderBy methods first before specifying a direction: \
                currentOrderingProperty is null
                """
            )
        }
        return Sorting(field, try direction(entry))
    }

    /// The direction of one entry of the list.
    static func direction(_ entry: JSONFields?) throws(APIError) -> SortDirection {
        guard let direction = try entry?.string("sortOrder").flatMap(SortDirection.init(rawValue:)) else {
            throw .notValid("Invalid query: call asc() or desc() after using orderByXX(): direction is null")
        }
        return direction
    }
}
