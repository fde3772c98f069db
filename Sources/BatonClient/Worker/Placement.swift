/// Where the tasks of a worker run that are not children of others.
package enum Placement {
    /// The executor that they prefer, nil for the usual one; a test kit sets it to learn when all of them are at rest.
    @TaskLocal package static var executor: (any TaskExecutor)?
}
