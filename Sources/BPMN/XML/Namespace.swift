/// The XML namespaces that a model is read by.
enum Namespace {
    static let bpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    static let diagram = "http://www.omg.org/spec/BPMN/20100524/DI"
    static let diagramCommon = "http://www.omg.org/spec/DD/20100524/DC"
    static let diagramInterchange = "http://www.omg.org/spec/DD/20100524/DI"
    static let schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"
    /// The extensions of the execution engine; its older and younger relatives are read as this one.
    static let camunda = "http://camunda.org/schema/1.0/bpmn"

    private static let camundaRelatives: Set = ["http://activiti.org/bpmn", "http://operaton.org/schema/1.0/bpmn"]

    /// The namespace that stands for `uri` and all that mean the same.
    static func canonical(_ uri: String) -> String {
        camundaRelatives.contains(uri) ? camunda : uri
    }
}
