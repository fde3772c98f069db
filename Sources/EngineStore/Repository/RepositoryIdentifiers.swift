package import EngineCore
import Postgres

extension DeploymentID: PostgresCodable {}
extension DefinitionID: PostgresCodable {}
