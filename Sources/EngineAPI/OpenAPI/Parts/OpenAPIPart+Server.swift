import HTTPTypes
import JSON

extension OpenAPIPart {
    /// What the server says about itself, and the schemas that several resources use.
    static var server: Self {
        Self(
            tag: "Server",
            description: "What the server says about itself.",
            operations: [
                OpenAPIOperation(
                    .get,
                    "/engine",
                    "getProcessEngineNames",
                    "List the engines",
                    answers: [.list("Engine", "The engines of this server.")]
                ),
                OpenAPIOperation(
                    .get,
                    "/version",
                    "getRestAPIVersion",
                    "Get the version of the contract",
                    answers: [.ok("Version", "The version whose behaviour this is.")]
                ),
                OpenAPIOperation(
                    .get,
                    "/openapi.json",
                    "getOpenAPIDocument",
                    "Get this document",
                    answers: [.ok(["type": "object"], "An OpenAPI document of exactly the operations there are.")]
                ),
            ],
            answers: sharedAnswers,
            requests: sharedRequests
        )
    }

    private static let sharedAnswers = #"""
        {
            "Engine": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Version": {"type": "object", "properties": {"version": {"type": "string"}}},
            "Count": {"type": "object", "properties": {"count": {"type": "integer", "format": "int64"}}},
            "Error": {
                "type": "object",
                "description": "What went wrong.",
                "x-optional": ["details"],
                "properties": {
                    "type": {"type": "string", "description": "The kind of error; clients tell errors apart by it."},
                    "message": {"type": "string", "description": "For people. Empty when the body is malformed."},
                    "code": {
                        "type": "integer", "format": "int32", "nullable": true,
                        "description": "A number when the engine refused, null when the request never reached it."
                    },
                    "details": {
                        "type": "object", "description": "The problems of deployed models, by file.",
                        "additionalProperties": {"$ref": "#/components/schemas/ModelReport"}
                    }
                }
            },
            "AuthorizationError": {
                "type": "object",
                "description": "Who is asking lacks a permission; any one of those named would do.",
                "properties": {
                    "type": {"type": "string"},
                    "message": {"type": "string"},
                    "code": {"type": "integer", "format": "int32", "nullable": true},
                    "userId": {"type": "string"},
                    "resourceName": {"type": "string", "nullable": true},
                    "resourceId": {"type": "string", "nullable": true},
                    "permissionName": {"type": "string", "nullable": true},
                    "missingAuthorizations": {
                        "type": "array", "items": {"$ref": "#/components/schemas/MissingAuthorization"}
                    }
                }
            },
            "MissingAuthorization": {
                "type": "object",
                "properties": {
                    "permissionName": {"type": "string"},
                    "resourceName": {"type": "string"},
                    "resourceId": {"type": "string", "nullable": true}
                }
            },
            "ModelReport": {
                "type": "object",
                "properties": {
                    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ModelProblem"}},
                    "warnings": {"type": "array", "items": {"$ref": "#/components/schemas/ModelProblem"}}
                }
            },
            "ModelProblem": {
                "type": "object",
                "properties": {
                    "message": {"type": "string"},
                    "line": {"type": "integer", "format": "int32"},
                    "column": {"type": "integer", "format": "int32"},
                    "mainElementId": {"type": "string", "nullable": true},
                    "elementIds": {"type": "array", "items": {"type": "string"}},
                    "\u0435lementIds": {
                        "type": "array", "items": {"type": "string"},
                        "description": "The same once more: the contract's name begins with a Cyrillic letter."
                    }
                }
            },
            "Link": {
                "type": "object",
                "properties": {
                    "method": {"type": "string"}, "href": {"type": "string"}, "rel": {"type": "string"}
                }
            },
            "DateTime": {
                "type": "string", "example": "2025-03-09T14:05:00.250+0000",
                "description": "A moment with milliseconds and an offset without colon.",
                "pattern": "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{4}$"
            },
            "DateTimeOrNull": {
                "type": "string", "nullable": true, "example": "2025-03-09T14:05:00.250+0000",
                "description": "A moment with milliseconds and an offset without colon.",
                "pattern": "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{4}$"
            },
            "AnyValue": {"nullable": true, "description": "Any JSON value; which, depends on the type."},
            "ValueInfo": {
                "type": "object",
                "description": "What belongs to a value; empty for most types.",
                "x-optional": ["filename", "mimeType", "encoding", "objectTypeName", "serializationDataFormat"],
                "properties": {
                    "filename": {"type": "string", "description": "Of a File: its name."},
                    "mimeType": {"type": "string", "description": "Of a File: its kind."},
                    "encoding": {"type": "string", "description": "Of a File: how its text is encoded."},
                    "objectTypeName": {"type": "string", "description": "Of an Object: its type."},
                    "serializationDataFormat": {"type": "string", "description": "Of an Object: its media type."}
                }
            },
            "VariableType": {
                "type": "string",
                "enum": [
                    "Null", "Boolean", "Short", "Integer", "Long", "Double", "String", "Date", "Bytes", "Json", "Xml",
                    "Object", "File"
                ]
            },
            "Variable": {
                "type": "object",
                "properties": {
                    "type": {"$ref": "#/components/schemas/VariableType"},
                    "value": {"$ref": "#/components/schemas/AnyValue"},
                    "valueInfo": {"$ref": "#/components/schemas/ValueInfo"}
                }
            },
            "Variables": {
                "type": "object",
                "description": "Variables by name.",
                "additionalProperties": {"$ref": "#/components/schemas/Variable"}
            }
        }
        """#

    private static let sharedRequests = #"""
        {
            "VariableInput": {
                "type": "object",
                "properties": {
                    "value": {"$ref": "#/components/schemas/AnyValue"},
                    "type": {
                        "type": "string",
                        "description": "One of VariableType, its initial in either case. Without it the value decides."
                    },
                    "valueInfo": {
                        "type": "object",
                        "properties": {
                            "filename": {"type": "string", "description": "Of a File: its name; it must have one."},
                            "mimeType": {"type": "string"},
                            "encoding": {"type": "string"},
                            "objectTypeName": {"type": "string"},
                            "serializationDataFormat": {"type": "string"},
                            "transient": {"type": "boolean", "description": "Whether the value is not to be kept."}
                        }
                    }
                }
            },
            "VariableInputs": {
                "type": "object",
                "description": "Variables by name.",
                "additionalProperties": {"$ref": "#/components/schemas/VariableInput"}
            },
            "VariableChanges": {
                "type": "object",
                "properties": {
                    "modifications": {"$ref": "#/components/schemas/VariableInputs"},
                    "deletions": {"type": "array", "items": {"type": "string"}, "description": "Names to remove."}
                }
            },
            "VariableUpload": {
                "type": "object",
                "required": ["data"],
                "properties": {
                    "data": {"type": "string", "format": "binary", "description": "With its name and kind."},
                    "valueType": {"type": "string", "enum": ["Bytes", "File"], "description": "Bytes when missing."},
                    "type": {"type": "string", "description": "Makes an Object of this type from `data` in JSON."}
                }
            },
            "VariableCondition": {
                "type": "object",
                "required": ["name", "operator"],
                "properties": {
                    "name": {"type": "string"},
                    "operator": {
                        "type": "string", "enum": ["eq", "neq", "gt", "gteq", "lt", "lteq", "like", "notLike"]
                    },
                    "value": {"$ref": "#/components/schemas/AnyValue"}
                }
            }
        }
        """#
}
