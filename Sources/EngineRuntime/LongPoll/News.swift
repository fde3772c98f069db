/// What a node has to tell.
package enum News: Sendable, Hashable {
    /// Tasks became claimable, or will: for the other nodes.
    case work([TopicWork])
    /// Polls that take the place of older ones of their workers: for all nodes.
    case polls([WorkerPoll])
    /// Batches have something to do: for the other nodes.
    case batches
}
