/// Why a decision did not come out: the caller asked for what cannot be, or something must be loaded first.
package enum Refusal: Error, Sendable, Hashable {
    case rejected(Rejection)
    case needs(Need)
}

/// What must be loaded before the same command can be decided again from the start.
package enum Need: Sendable, Hashable {
    /// A parsed definition.
    case definition(DefinitionID)
    /// Everything inside a scope: inner scopes, resting tokens, their variables' names, their incidents.
    case subtree(ExecutionID)
    /// The tokens that wait at one join of a scope.
    case arrivals(scope: ExecutionID, activityID: String)
    /// What an execution waits for.
    case subscriptions(ExecutionID)
    /// Everyone in the tree who waits for a signal of this name.
    case subscribers(signal: String)
    /// A variable's value.
    case value(VariableID)
}
