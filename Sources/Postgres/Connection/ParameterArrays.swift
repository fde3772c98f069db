/// The arrays in which libpq wants the parameters of a statement; their room is used again and again.
struct ParameterArrays {
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    /// All binary; as many as the longest statement needed.
    private var formats: [Int32] = []

    /// Calls `body` with the values, lengths and formats of some of the parameters that `writer` collected.
    ///
    /// They are valid only during the call.
    mutating func with<Result>(
        _ range: Range<Int>,
        of writer: ParameterWriter,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        let missing = range.count - formats.count
        if missing > 0 { formats.append(contentsOf: repeatElement(1, count: missing)) }
        return writer.withBytes { bytes in
            values.removeAll(keepingCapacity: true)
            lengths.removeAll(keepingCapacity: true)
            // An empty value has an address too; only a null has none.
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            for place in writer.places[range] {
                values.append(place.isNull ? nil : start?.advanced(by: place.offset))
                lengths.append(place.isNull ? 0 : Int32(clamping: place.length))
            }
            return body(values, lengths, formats)
        }
    }
}
