extension RouteTable {
    /// Every operation that only reads.
    mutating func addQueries() {
        addProcessDefinitionQueries()
        addDeploymentQueries()
        addProcessInstanceQueries()
        addExecutionQueries()
        addExternalTaskQueries()
        addUserTaskQueries()
        addVariableQueries()
        addIncidentQueries()
        addEventSubscriptionQueries()
        addHistoricInstanceQueries()
        addHistoricActivityQueries()
        addHistoricVariableQueries()
        addHistoricIncidentQueries()
        addHistoricTaskQueries()
        addExternalTaskLogQueries()
        addHistoricBatches()
    }
}
