import EngineStore
import Expressions
import HTTPTypes
import JSON
import Testing

@testable import EngineAPI

/// The members of an object given as text.
func fields(_ text: String) throws -> JSONFields { try JSONFields(try JSONParser.parse(text)) }

@Suite struct `Members of a body` {
    @Test(
        arguments: [
            ("\"w\"", "w"), ("\"\"", ""), ("5", "5"), ("1.5", "1.5"), ("true", "true"), ("null", nil),
            ("12345678901234567890", "12345678901234567890"),
        ] as [(String, String?)]
    )
    func `are read as text`(json: String, text: String?) throws {
        #expect(try fields("{\"a\":\(json)}").string("a") == text)
        #expect(try fields("{}").string("a") == nil)
    }

    @Test(arguments: ["[]", "{}", "[\"w\"]"])
    func `are no text when they are objects or arrays`(json: String) throws {
        let fields = try fields("{\"a\":\(json)}")
        #expect(throws: APIError.malformedBody) { try fields.string("a") }
    }

    @Test func `are no text with U+0000, which the database cannot keep`() throws {
        let fields = try fields(#"{"a":"x\u0000y"}"#)
        #expect(throws: APIError.unstorable) { try fields.string("a") }
    }

    @Test(arguments: [
        ("2", 2), ("\"2\"", 2), ("\" -7 \"", -7), ("2.9", 2), ("-2.9", -2), ("1e3", 1000), ("null", 0), ("\"\"", 0),
        ("2147483647", 2_147_483_647),
    ])
    func `are read as whole numbers`(json: String, number: Int32) throws {
        #expect(try fields("{\"a\":\(json)}").int32("a") == number)
        #expect(try fields("{\"a\":\(json)}").int64("a") == Int64(number))
    }

    @Test(arguments: ["2147483648", "3e9", "true", "\"x\"", "\"2.9\"", "[]", "{}", "12345678901234567890"])
    func `are no numbers of 32 bits when they do not fit`(json: String) throws {
        let fields = try fields("{\"a\":\(json)}")
        #expect(throws: APIError.malformedBody) { try fields.int32("a") }
    }

    @Test(arguments: [
        ("true", true), ("\"true\"", true), ("\"FALSE\"", false), ("null", false), ("1", true), ("0", false),
    ])
    func `are read as Booleans`(json: String, value: Bool) throws {
        #expect(try fields("{\"a\":\(json)}").bool("a") == value)
    }

    @Test(arguments: ["\"x\"", "1.5", "[]"])
    func `are no Booleans otherwise`(json: String) throws {
        let fields = try fields("{\"a\":\(json)}")
        #expect(throws: APIError.malformedBody) { try fields.bool("a") }
    }

    @Test func `are read as dates, also from milliseconds`() throws {
        let fields = try fields(#"{"a":"1970-01-01T00:00:01.000+0000","b":1000,"c":"","d":"Z"}"#)
        #expect(try fields.date("a") == Instant(millisecondsSinceEpoch: 1000))
        #expect(try fields.date("b") == Instant(millisecondsSinceEpoch: 1000))
        #expect(try fields.date("c") == nil)
        #expect(throws: APIError.malformedBody) { try fields.date("d") }
    }

    @Test func `are read as lists, null elements included`() throws {
        let fields = try fields(#"{"a":["x",5,null],"b":"x"}"#)
        #expect(try fields.strings("a") == ["x", "5", nil])
        #expect(try fields.strings("c") == nil)
        #expect(throws: APIError.malformedBody) { try fields.strings("b") }
    }
}

@Suite struct `A query string` {
    @Test func `gives the first of repeated parameters, decoded`() {
        let query = QueryParameters("a=1&a=2&b=x%20y+z&c&d=%zz&%61=3")
        #expect(query["a"] == "1")
        #expect(query["b"] == "x y z")
        #expect(query["c"] == "")
        #expect(query["d"] == "%zz")
        #expect(query["e"] == nil)
    }

    @Test func `gives lists`() {
        let query = QueryParameters("a=x,y,,z,,&b=")
        #expect(query.strings("a") == ["x", "y", "", "z"])
        #expect(query.strings("b") == [""])
        #expect(query.strings("c") == nil)
    }

    @Test func `words what it cannot read`() {
        let query = QueryParameters("locked=TRUE&n=x&d=foo&q=%22x%22")
        #expect(
            throws: APIError.invalidRequest(
                "Cannot set query parameter 'locked' to value 'TRUE': "
                    + "Cannot convert value TRUE to java type java.lang.Boolean"
            )
        ) { try query.bool("locked") }
        #expect(
            throws: APIError.invalidRequest(
                "Cannot set query parameter 'n' to value 'x': Cannot convert value x to java type java.lang.Integer"
            )
        ) { try query.int32("n") }
        #expect(
            throws: APIError.invalidRequest(
                "Cannot set query parameter 'd' to value 'foo': Cannot convert value \"foo\" to java type java.util.Date"
            )
        ) { try query.date("d") }
        #expect(
            throws: APIError.invalidRequest(
                "Cannot set query parameter 'q' to value '\"x\"': "
                    + "Cannot convert value \"x\" to java type java.util.Date because of double quotes"
            )
        ) { try query.date("q") }
    }

    @Test func `gives the page, or 404`() throws {
        #expect(try QueryParameters("firstResult=1&maxResults=2").page().maxResults == 2)
        #expect(try QueryParameters("maxResults=0").page().isEmpty)
        #expect(try QueryParameters("").page().maxResults == nil)
        let error = #expect(throws: APIError.self) { try QueryParameters("firstResult=x").page() }
        #expect(error?.status == .notFound)
        #expect(error?.type == "NotFoundException")
    }
}

@Suite struct `An Accept header` {
    @Test(
        arguments: [
            (nil, .json), ("*/*", .json), ("application/*", .json), ("application/json; charset=utf-8", .json),
            ("application/hal+json", .hal), ("application/hal+json, application/json, */*", .json),
            ("application/json;q=0.5, application/hal+json", .hal), ("text/plain", nil), ("application/json;q=0", nil),
            ("", .json),
        ] as [(String?, MediaType?)]
    )
    func `chooses between plain JSON and HAL`(header: String?, kind: MediaType?) {
        #expect(AcceptHeader(header).best(of: [.json, .hal]) == kind)
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON ; charset=utf-8", true), ("application/vnd.x+json", false),
        ("text/plain", false), ("", false),
    ])
    func `is not confused with Content-Type`(header: String, isJSON: Bool) {
        #expect(MediaType.json.matches(contentType: header) == isJSON)
    }
}
