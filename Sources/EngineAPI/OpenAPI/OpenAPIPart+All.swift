extension OpenAPIPart {
    /// Every part, in the order in which readers find them.
    static var all: [OpenAPIPart] {
        [
            .externalTask, .deployment, .processDefinition, .processInstance, .execution, .userTask, .variableInstance,
            .incident, .eventSubscription, .message, .batch, .job, .historicProcessInstance, .historicActivityInstance,
            .historicVariableInstance,
            .historicTask, .historicIncident, .externalTaskLog, .server, .hal,
        ]
    }
}
