// The schemas of the external tasks' part.

extension OpenAPIPart {
    static let externalTaskAnswers = #"""
        {
            "ExternalTask": {
                "type": "object",
                "properties": {
                    "activityId": {"type": "string"},
                    "activityInstanceId": {"type": "string"},
                    "errorMessage": {"type": "string", "nullable": true, "description": "Of the last failure."},
                    "executionId": {"type": "string"},
                    "id": {"type": "string", "description": "Also the id of its execution."},
                    "lockExpirationTime": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "createTime": {"$ref": "#/components/schemas/DateTime"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionVersionTag": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string"},
                    "retries": {
                        "type": "integer", "format": "int32", "nullable": true,
                        "description": "How often it can be tried again; null before the first failure."
                    },
                    "suspended": {"type": "boolean"},
                    "workerId": {"type": "string", "nullable": true, "description": "Who holds it or held it last."},
                    "topicName": {"type": "string", "nullable": true, "description": "What kind of work it is."},
                    "tenantId": {"type": "string", "nullable": true},
                    "priority": {"type": "integer", "format": "int64"},
                    "businessKey": {"type": "string", "nullable": true}
                }
            },
            "LockedExternalTask": {
                "type": "object",
                "description": "A task as the worker gets it that holds it from now on.",
                "properties": {
                    "activityId": {"type": "string"},
                    "activityInstanceId": {"type": "string"},
                    "errorMessage": {"type": "string", "nullable": true, "description": "Of the last failure."},
                    "errorDetails": {
                        "type": "string", "nullable": true,
                        "description": "Of the last failure that had some."
                    },
                    "executionId": {"type": "string"},
                    "id": {"type": "string", "description": "Also the id of its execution."},
                    "lockExpirationTime": {"$ref": "#/components/schemas/DateTime"},
                    "createTime": {"$ref": "#/components/schemas/DateTime"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionVersionTag": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string"},
                    "retries": {
                        "type": "integer", "format": "int32", "nullable": true,
                        "description": "How often it can be tried again; null before the first failure."
                    },
                    "suspended": {"type": "boolean"},
                    "workerId": {"type": "string", "description": "Who holds it."},
                    "topicName": {"type": "string", "nullable": true, "description": "What kind of work it is."},
                    "tenantId": {"type": "string", "nullable": true},
                    "variables": {"$ref": "#/components/schemas/Variables"},
                    "priority": {"type": "integer", "format": "int64"},
                    "businessKey": {"type": "string", "nullable": true},
                    "extensionProperties": {
                        "type": "object", "additionalProperties": {"type": "string", "nullable": true},
                        "description": "Properties of the activity in the model, when asked for."
                    }
                }
            }
        }
        """#

    static let externalTaskRequests = #"""
        {
            "ExternalTaskFilters": {
                "type": "object",
                "properties": {
                    "externalTaskId": {"type": "string"},
                    "externalTaskIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these ids."
                    },
                    "topicName": {"type": "string"},
                    "workerId": {"type": "string"},
                    "activityId": {"type": "string"},
                    "activityIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "executionId": {"type": "string"},
                    "processInstanceId": {"type": "string"},
                    "processInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionName": {"type": "string"},
                    "processDefinitionNameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "locked": {"type": "boolean", "description": "Only tasks that a worker holds."},
                    "notLocked": {"type": "boolean", "description": "Only tasks that nobody holds."},
                    "withRetriesLeft": {"type": "boolean", "description": "Only tasks that can be tried again."},
                    "noRetriesLeft": {"type": "boolean", "description": "Only tasks whose retries are used up."},
                    "active": {"type": "boolean", "description": "Only what is not suspended."},
                    "suspended": {"type": "boolean", "description": "Only what is suspended."},
                    "lockExpirationBefore": {"$ref": "#/components/schemas/DateTime"},
                    "lockExpirationAfter": {"$ref": "#/components/schemas/DateTime"},
                    "priorityHigherThanOrEquals": {
                        "type": "integer", "format": "int64",
                        "description": "This priority or a higher one."
                    },
                    "priorityLowerThanOrEquals": {
                        "type": "integer", "format": "int64",
                        "description": "This priority or a lower one."
                    },
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    },
                    "processVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on variables of the process instance, which must all hold."
                    }
                }
            },
            "FetchAndLock": {
                "type": "object",
                "required": ["workerId", "maxTasks"],
                "properties": {
                    "workerId": {"type": "string", "description": "In whose name the tasks are locked."},
                    "maxTasks": {
                        "type": "integer", "format": "int32", "minimum": 0,
                        "description": "The most tasks to take."
                    },
                    "usePriority": {"type": "boolean", "description": "Whether higher priorities go first."},
                    "sorting": {
                        "type": "array",
                        "items": {
                            "type": "object", "required": ["sortBy", "sortOrder"],
                            "properties": {
                                "sortBy": {"type": "string", "enum": ["createTime"]},
                                "sortOrder": {"type": "string", "enum": ["asc", "desc"]}
                            }
                        },
                        "description": "Only the create time can be sorted by."
                    },
                    "asyncResponseTimeout": {
                        "type": "integer", "format": "int64", "maximum": 1800000,
                        "description": "How many milliseconds to wait for tasks; not at all when missing."
                    },
                    "topics": {"type": "array", "items": {"$ref": "#/components/schemas/FetchTopic"}}
                }
            },
            "FetchTopic": {
                "type": "object",
                "required": ["topicName", "lockDuration"],
                "description": "Of several with one name the last counts.",
                "properties": {
                    "topicName": {"type": "string"},
                    "lockDuration": {
                        "type": "integer", "format": "int64", "minimum": 1,
                        "description": "How long the tasks are locked, in milliseconds."
                    },
                    "variables": {
                        "type": "array", "items": {"type": "string"},
                        "description": "Which variables to answer with; all when missing, none when empty."
                    },
                    "localVariables": {
                        "type": "boolean",
                        "description": "Whether only variables of the task itself count."
                    },
                    "deserializeValues": {
                        "type": "boolean",
                        "description": "Whether objects in JSON are answered as JSON."
                    },
                    "includeExtensionProperties": {"type": "boolean"},
                    "businessKey": {"type": "string"},
                    "processDefinitionId": {"type": "string"},
                    "processDefinitionIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionKey": {"type": "string"},
                    "processDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processDefinitionVersionTag": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "processVariables": {
                        "type": "object", "additionalProperties": {"$ref": "#/components/schemas/AnyValue"},
                        "description": "Values by name, of which the instance must have one; the JSON type counts."
                    }
                }
            },
            "CompleteExternalTask": {
                "type": "object",
                "required": ["workerId"],
                "properties": {
                    "workerId": {"type": "string", "description": "Who holds the task."},
                    "variables": {"$ref": "#/components/schemas/VariableInputs"},
                    "localVariables": {"$ref": "#/components/schemas/VariableInputs"}
                }
            },
            "ExternalTaskFailure": {
                "type": "object",
                "required": ["workerId"],
                "properties": {
                    "workerId": {"type": "string", "description": "Who holds the task."},
                    "errorMessage": {"type": "string", "description": "At most 666 characters are kept."},
                    "errorDetails": {"type": "string"},
                    "retries": {
                        "type": "integer", "format": "int32", "minimum": 0,
                        "description": "How often it can be tried again; 0 when missing."
                    },
                    "retryTimeout": {
                        "type": "integer", "format": "int64", "minimum": 0,
                        "description": "How many milliseconds nobody else gets the task."
                    },
                    "variables": {"$ref": "#/components/schemas/VariableInputs"},
                    "localVariables": {"$ref": "#/components/schemas/VariableInputs"}
                }
            },
            "ExternalTaskBpmnError": {
                "type": "object",
                "required": ["workerId", "errorCode"],
                "properties": {
                    "workerId": {"type": "string", "description": "Who holds the task."},
                    "errorCode": {"type": "string", "minLength": 1},
                    "errorMessage": {"type": "string"},
                    "variables": {"$ref": "#/components/schemas/VariableInputs"}
                }
            },
            "ExtendLock": {
                "type": "object",
                "required": ["workerId", "newDuration"],
                "properties": {
                    "workerId": {"type": "string", "description": "Who holds the task."},
                    "newDuration": {
                        "type": "integer", "format": "int64", "minimum": 1,
                        "description": "In milliseconds from now."
                    }
                }
            },
            "LockExternalTask": {
                "type": "object",
                "required": ["workerId", "lockDuration"],
                "properties": {
                    "workerId": {"type": "string", "description": "Who wants the task."},
                    "lockDuration": {
                        "type": "integer", "format": "int64", "minimum": 1,
                        "description": "In milliseconds."
                    }
                }
            },
            "Retries": {
                "type": "object",
                "required": ["retries"],
                "properties": {
                    "retries": {"type": "integer", "format": "int32", "minimum": 0}
                }
            },
            "Priority": {
                "type": "object",
                "required": ["priority"],
                "properties": {
                    "priority": {"type": "integer", "format": "int64"}
                }
            },
            "RetriesOfExternalTasks": {
                "type": "object",
                "required": ["retries"],
                "properties": {
                    "retries": {"type": "integer", "format": "int32", "minimum": 0},
                    "externalTaskIds": {"type": "array", "items": {"type": "string"}},
                    "processInstanceIds": {"type": "array", "items": {"type": "string"}},
                    "externalTaskQuery": {"$ref": "#/components/schemas/ExternalTaskFilters"},
                    "processInstanceQuery": {"$ref": "#/components/schemas/ProcessInstanceFilters"},
                    "historicProcessInstanceQuery": {"$ref": "#/components/schemas/HistoricProcessInstanceFilters"}
                }
            }
        }
        """#
}
