import Access
import EngineRuntime

/// The head of a request that is answered on its connection's event loop, past the server's usual way.
struct HotRequest: Sendable {
    /// The engine that the path names.
    let engine: Engine
    let route: Route
    /// Who calls; nil when nobody is asked.
    let identity: Identity?
    /// The values of the path's parameters, in order.
    let values: [String]
    /// The path of the API's root, with the engine when the request named one.
    let root: String
    let head: RequestHead
}
