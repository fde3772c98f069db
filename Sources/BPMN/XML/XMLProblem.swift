/// Why a file cannot be read as XML.
struct XMLProblem: Error {
    var message: String
    /// 1-based; 0 when it concerns the whole file.
    var line: Int
    /// 1-based; 0 when it concerns the whole file.
    var column: Int

    init(_ message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }
}
