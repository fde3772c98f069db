import Foundation
import Processes
import Testing

@testable import baton

@Suite struct `The report of a deployment` {
    @Test func `lists the definitions by key`() {
        let deployment = Wire.Deployment(
            id: "d-1",
            name: "orders",
            deployedProcessDefinitions: [
                "p-2": .init(id: "p-2", key: "shipping", name: nil, version: 12, resource: "s.bpmn"),
                "p-1": .init(id: "p-1", key: "order", name: "Order", version: 1, resource: "order.bpmn"),
            ]
        )
        #expect(
            DeploymentReport.success(deployment) == """
                Deployed orders (deployment d-1)
                KEY       VERSION  NAME   FILE        ID
                order     1        Order  order.bpmn  p-1
                shipping  12              s.bpmn      p-2
                """
        )
    }

    @Test func `says that there are no definitions`() {
        let deployment = Wire.Deployment(id: "d-1", name: "texts", deployedProcessDefinitions: nil)
        #expect(
            DeploymentReport.success(deployment)
                == "Deployed texts (deployment d-1). It contains no process definition."
        )
    }

    @Test func `names file, line, column and element of each problem`() {
        let body = """
            {"type":"ParseException","message":"long","details":{"a.bpmn":{"errors":[
              {"message":"Timers are not supported","line":7,"column":3,"mainElementId":"wait"}],
              "warnings":[{"message":"odd","line":9,"column":1}]}}}
            """
        #expect(
            DeploymentReport.refusal(.init(status: 400, body: Data(body.utf8))) == """
                Nothing was deployed.
                a.bpmn:7:3: error: Timers are not supported [wait]
                a.bpmn:9:1: warning: odd
                """
        )
    }

    @Test(arguments: [
        (#"{"type":"RestException","message":"no name"}"#, "Nothing was deployed: no name"),
        ("<html>", "Nothing was deployed: HTTP status 502"),
    ])
    func `falls back to the message or the status`(body: String, text: String) {
        #expect(DeploymentReport.refusal(.init(status: 502, body: Data(body.utf8))) == text)
    }
}

@Suite struct `The welcome message` {
    @Test func `names an address that can be reached`() {
        let text = WelcomeMessage(host: "0.0.0.0", ports: [8080, 8081]).description
        #expect(text.contains("2 nodes"))
        #expect(text.contains("http://127.0.0.1:8081/engine-rest/external-task/fetchAndLock"))
        #expect(text.components(separatedBy: "curl").count == 4)
    }

    @Test func `puts brackets around IPv6 addresses`() {
        #expect(HTTPAddress(host: "127.0.0.2", port: 8080).isLoopback)
        #expect(!HTTPAddress(host: "0.0.0.0", port: 8080).isLoopback)
        #expect(HTTPAddress(host: "::", port: 8080).reachableFromHere.description == "http://[::1]:8080")
    }
}
