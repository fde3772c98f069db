// The schemas of the user tasks' part.

extension OpenAPIPart {
    static let userTaskAnswers = #"""
        {
            "Task": {
                "type": "object",
                "description": "`variables` are there when they were asked for.",
                "x-optional": ["attachment", "comment", "variables"],
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string", "nullable": true},
                    "assignee": {"type": "string", "nullable": true},
                    "created": {"$ref": "#/components/schemas/DateTime"},
                    "lastUpdated": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "due": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "followUp": {"$ref": "#/components/schemas/DateTimeOrNull"},
                    "delegationState": {"type": "string", "nullable": true, "enum": ["PENDING", "RESOLVED", null]},
                    "description": {"type": "string", "nullable": true},
                    "executionId": {"type": "string", "nullable": true},
                    "owner": {"type": "string", "nullable": true},
                    "parentTaskId": {"type": "string", "nullable": true},
                    "priority": {"type": "integer", "format": "int32"},
                    "processDefinitionId": {"type": "string", "nullable": true},
                    "processInstanceId": {"type": "string", "nullable": true},
                    "taskDefinitionKey": {
                        "type": "string", "nullable": true,
                        "description": "The activity's id in the model."
                    },
                    "caseExecutionId": {"type": "string", "nullable": true},
                    "caseInstanceId": {"type": "string", "nullable": true},
                    "caseDefinitionId": {"type": "string", "nullable": true},
                    "suspended": {"type": "boolean"},
                    "formKey": {"type": "string", "nullable": true},
                    "camundaFormRef": {"$ref": "#/components/schemas/FormReference"},
                    "tenantId": {"type": "string", "nullable": true},
                    "taskState": {"type": "string", "enum": ["Created", "Updated"]},
                    "attachment": {
                        "type": "boolean",
                        "description": "Whether there are attachments, when that was asked for."
                    },
                    "comment": {
                        "type": "boolean",
                        "description": "Whether there are comments, when that was asked for."
                    },
                    "variables": {"$ref": "#/components/schemas/Variables"}
                }
            },
            "FormReference": {
                "type": "object",
                "nullable": true,
                "properties": {
                    "key": {"type": "string"},
                    "binding": {"type": "string"},
                    "version": {"type": "integer", "format": "int32", "nullable": true}
                }
            },
            "TaskForm": {
                "type": "object",
                "properties": {
                    "key": {"type": "string", "nullable": true},
                    "camundaFormRef": {"$ref": "#/components/schemas/FormReference"},
                    "contextPath": {"type": "string", "nullable": true}
                }
            },
            "IdentityLink": {
                "type": "object",
                "properties": {
                    "userId": {"type": "string", "nullable": true},
                    "groupId": {"type": "string", "nullable": true},
                    "type": {"type": "string", "description": "assignee, owner, candidate or any other."}
                }
            }
        }
        """#

    static let userTaskRequests = #"""
        {
            "TaskFilters": {
                "type": "object",
                "properties": {
                    "taskId": {"type": "string"},
                    "taskIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "processInstanceId": {"type": "string"},
                    "processInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceBusinessKey": {"type": "string"},
                    "processInstanceBusinessKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "processInstanceBusinessKeyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
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
                    "executionId": {"type": "string"},
                    "activityInstanceIdIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "parentTaskId": {"type": "string"},
                    "tenantIdIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "withoutTenantId": {"type": "boolean", "description": "Only what belongs to no tenant."},
                    "priority": {"type": "integer", "format": "int32"},
                    "maxPriority": {
                        "type": "integer", "format": "int32",
                        "description": "This priority or a lower one."
                    },
                    "minPriority": {
                        "type": "integer", "format": "int32",
                        "description": "This priority or a higher one."
                    },
                    "dueDate": {"$ref": "#/components/schemas/DateTime"},
                    "dueBefore": {"$ref": "#/components/schemas/DateTime"},
                    "dueAfter": {"$ref": "#/components/schemas/DateTime"},
                    "withoutDueDate": {"type": "boolean", "description": "Only tasks without a due date."},
                    "followUpDate": {"$ref": "#/components/schemas/DateTime"},
                    "followUpBefore": {"$ref": "#/components/schemas/DateTime"},
                    "followUpAfter": {"$ref": "#/components/schemas/DateTime"},
                    "followUpBeforeOrNotExistent": {"$ref": "#/components/schemas/DateTime"},
                    "createdOn": {"$ref": "#/components/schemas/DateTime"},
                    "createdBefore": {"$ref": "#/components/schemas/DateTime"},
                    "createdAfter": {"$ref": "#/components/schemas/DateTime"},
                    "updatedAfter": {"$ref": "#/components/schemas/DateTime"},
                    "active": {"type": "boolean", "description": "Only what is not suspended."},
                    "suspended": {"type": "boolean", "description": "Only what is suspended."},
                    "variableNamesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether names of variables are compared without regard to case."
                    },
                    "variableValuesIgnoreCase": {
                        "type": "boolean",
                        "description": "Whether texts in variables are compared without regard to case."
                    },
                    "taskVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on local variables of the task, which must all hold."
                    },
                    "processVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Conditions on variables of the process instance, which must all hold."
                    },
                    "caseInstanceId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseInstanceBusinessKey": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "caseInstanceBusinessKeyLike": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "caseDefinitionId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionKey": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionName": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseDefinitionNameLike": {
                        "type": "string",
                        "description": "Nothing here has one: matches nothing."
                    },
                    "caseExecutionId": {"type": "string", "description": "Nothing here has one: matches nothing."},
                    "caseInstanceVariables": {
                        "type": "array", "items": {"$ref": "#/components/schemas/VariableCondition"},
                        "description": "Nothing here has one: matches nothing."
                    },
                    "withCommentAttachmentInfo": {
                        "type": "boolean",
                        "description": "Also whether there are comments and attachments."
                    },
                    "includeAssignedTasks": {
                        "type": "boolean",
                        "description": "With a filter by candidates: also tasks that have an assignee."
                    },
                    "candidateUser": {"type": "string"},
                    "candidateGroup": {"type": "string"},
                    "candidateGroups": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "candidateGroupLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "assignee": {"type": "string"},
                    "assigneeLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "assigneeIn": {"type": "array", "items": {"type": "string"}, "description": "One of these."},
                    "assigneeNotIn": {"type": "array", "items": {"type": "string"}, "description": "None of these."},
                    "owner": {"type": "string"},
                    "delegationState": {"type": "string", "enum": ["PENDING", "RESOLVED"]},
                    "assigned": {"type": "boolean", "description": "Only tasks with an assignee."},
                    "unassigned": {"type": "boolean", "description": "Only tasks without an assignee."},
                    "withCandidateGroups": {"type": "boolean", "description": "Only tasks with candidate groups."},
                    "withoutCandidateGroups": {
                        "type": "boolean",
                        "description": "Only tasks without candidate groups."
                    },
                    "withCandidateUsers": {"type": "boolean", "description": "Only tasks with candidate users."},
                    "withoutCandidateUsers": {
                        "type": "boolean",
                        "description": "Only tasks without candidate users."
                    },
                    "involvedUser": {"type": "string", "description": "The assignee, the owner or a candidate."},
                    "taskDefinitionKey": {"type": "string"},
                    "taskDefinitionKeyIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "One of these."
                    },
                    "taskDefinitionKeyNotIn": {
                        "type": "array", "items": {"type": "string"},
                        "description": "None of these."
                    },
                    "taskDefinitionKeyLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "name": {"type": "string"},
                    "nameNotEqual": {"type": "string", "description": "Any other name."},
                    "nameLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "nameNotLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "description": {"type": "string"},
                    "descriptionLike": {
                        "type": "string",
                        "description": "A pattern: `%` stands for any text, `_` for any character."
                    },
                    "withTaskVariablesInReturn": {
                        "type": "boolean",
                        "description": "Also the variables that are visible from each task."
                    },
                    "withTaskLocalVariablesInReturn": {
                        "type": "boolean",
                        "description": "Also each task's own variables."
                    },
                    "orQueries": {
                        "type": "array", "items": {"$ref": "#/components/schemas/TaskFilters"}, "maxItems": 100,
                        "description": "Each must be met by one of its filters at least."
                    }
                }
            },
            "TaskProperties": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "description": "Of a new task; made by the server when missing."},
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "assignee": {"type": "string"},
                    "owner": {"type": "string"},
                    "delegationState": {"type": "string", "enum": ["PENDING", "RESOLVED"]},
                    "due": {"$ref": "#/components/schemas/DateTime"},
                    "followUp": {"$ref": "#/components/schemas/DateTime"},
                    "priority": {"type": "integer", "format": "int32"},
                    "parentTaskId": {"type": "string"},
                    "tenantId": {"type": "string"}
                }
            },
            "TaskUser": {
                "type": "object",
                "properties": {
                    "userId": {"type": "string"}
                }
            },
            "CompleteTask": {
                "type": "object",
                "properties": {
                    "variables": {"$ref": "#/components/schemas/VariableInputs"},
                    "withVariablesInReturn": {
                        "type": "boolean",
                        "description": "Whether the answer has the variables."
                    }
                }
            },
            "ResolveTask": {
                "type": "object",
                "properties": {
                    "variables": {"$ref": "#/components/schemas/VariableInputs"}
                }
            },
            "TaskBpmnError": {
                "type": "object",
                "required": ["errorCode"],
                "properties": {
                    "errorCode": {"type": "string", "minLength": 1},
                    "errorMessage": {"type": "string"},
                    "variables": {"$ref": "#/components/schemas/VariableInputs"}
                }
            },
            "IdentityLinkInput": {
                "type": "object",
                "required": ["type"],
                "description": "Of a user or of a group.",
                "properties": {
                    "userId": {"type": "string"},
                    "groupId": {"type": "string"},
                    "type": {"type": "string"}
                }
            }
        }
        """#
}
