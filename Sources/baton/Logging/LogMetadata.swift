import Logging

extension LogHandler {
    /// All that belongs to an event, the most specific value of each key: the event's, the handler's, the provider's.
    ///
    /// An error of the event stands under `error`.
    func merged(_ event: LogEvent) -> Logger.Metadata {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { _, new in new }
        if let error = event.error {
            all["error"] = "\(error)"
        }
        if let own = event.metadata {
            all.merge(own) { _, new in new }
        }
        return all
    }
}
