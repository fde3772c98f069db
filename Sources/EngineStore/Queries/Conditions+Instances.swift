// A definition's rows are found through its process instances: the rows themselves, of which every cycle writes many,
// have no index on their definition. A sub-select rather than a condition on joined rows, so that the planner can begin
// with the instances.

extension Conditions {
    /// The column names a running or ended process instance of a definition.
    mutating func instances(_ column: StaticString, ofDefinition id: String?) {
        guard let id, id.isStorable else { return id == nil ? () : matchNothing() }
        add(column)
        continueWith(" in (select id from process_instance where definition_id = ", id)
        continueWith(" union all select id from history_process_instance where definition_id = ", id, ")")
    }

    /// The column names a running or ended process instance of some version of a process.
    mutating func instances(_ column: StaticString, ofKey key: String?) {
        guard let key, key.isStorable else { return key == nil ? () : matchNothing() }
        add(column)
        continueWith(" in (select id from process_instance where definition_key = ", key)
        continueWith(" union all select id from history_process_instance where definition_key = ", key, ")")
    }

    /// The column names a running process instance of a definition.
    mutating func runningInstances(_ column: StaticString, ofDefinition id: String?) {
        guard let id, id.isStorable else { return id == nil ? () : matchNothing() }
        add(column)
        continueWith(" in (select id from process_instance where definition_id = ", id, ")")
    }
}
