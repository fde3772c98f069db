package import EngineCore
import Postgres

extension BatchID: PostgresCodable {}
extension JobID: PostgresCodable {}
extension JobDefinitionID: PostgresCodable {}
