import ArgumentParser
import EngineRuntime
import Foundation
import NIOSSL

/// `baton deploy`: models to a running server.
struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deploy models to a running server.",
        discussion: """
            Sends all files as one deployment and prints the process definitions it made. If a model cannot be used, \
            nothing is deployed, and every problem is printed with its file, line and column.

            Examples:
              baton deploy Examples/order.bpmn
              baton deploy order.bpmn shipping.bpmn --name orders --url http://127.0.0.1:8081/engine-rest
              baton deploy order.bpmn --engine orders --tenant acme
              BATON_PASSWORD=secret baton deploy order.bpmn --user anna --url https://baton.example.com/engine-rest
            """
    )

    @Argument(help: "The files: BPMN models and whatever belongs to them.", completion: .file())
    var files: [String]
    @Option(help: "The name of the deployment. (default: the name of the first file)")
    var name: String?
    @Option(help: "The engine to deploy to. (default: the server's default engine)")
    var engine: String?
    @Option(help: "The tenant that the deployment is for. (default: none)")
    var tenant: String?
    @OptionGroup var address: ServerAddressFlags
    @OptionGroup(title: "Credentials") var credentials: CredentialFlags

    func run() async throws {
        let url = try apiURL()
        let form = try form()
        let credentials = try credentials.credentials()
        do {
            let deployment = try await EngineClient.with(url: url, credentials) { client in
                try await client.post("/deployment/create", form, as: Wire.Deployment.self)
            }
            print(DeploymentReport.success(deployment))
        } catch let refusal as EngineClient.Refusal {
            throw CommandFailure(DeploymentReport.refusal(refusal))
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as DecodingError {
            throw CommandFailure("The answer of \(url) is not that of an engine: \(error)")
        } catch is NIOSSLError {
            throw CommandFailure("The certificate of \(url) is not trusted. Name its authority with --ca-certificate.")
        } catch {
            throw CommandFailure(
                "There is no answer from \(url) (\(reason(for: error))). Is the server running? Try: baton dev"
            )
        }
    }

    /// The address of the API of the engine.
    private func apiURL() throws -> String {
        let url = SettingReader(address).text(.url) ?? ""
        guard let engine else { return url }
        guard let name = EngineName(engine) else {
            throw ValidationError("--engine \(EngineName.rule), but is “\(engine)”.")
        }
        return "\(EngineClient(url: url).url)/engine/\(name)"
    }

    private func form() throws -> MultipartForm {
        var form = MultipartForm()
        form.addField("deployment-name", name ?? lastComponent(files.first ?? ""))
        form.addField("deployment-source", "baton deploy")
        if let tenant { form.addField("tenant-id", tenant) }
        var names: Set<String> = []
        for file in files {
            guard let content = FileManager.default.contents(atPath: file) else {
                throw CommandFailure("\(file) cannot be read.")
            }
            guard names.insert(lastComponent(file)).inserted else {
                throw CommandFailure(
                    "Two files are called \(lastComponent(file)); in a deployment every name is unique."
                )
            }
            form.addFile(lastComponent(file), content)
        }
        return form
    }

    private func lastComponent(_ path: String) -> String {
        URL(fileURLWithPath: path).lastPathComponent
    }
}
