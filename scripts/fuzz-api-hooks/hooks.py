"""What the fuzzer knows of this API besides its document: things that exist, and which 5xx are answers.

Schemathesis invents requests from the OpenAPI document. Left alone it would hardly ever name a thing that exists, so
identifiers are replaced by real ones most of the time, and names of workers by that of the worker who holds the tasks.
"""

import json
import os
import pathlib
import random
import threading
import time
import urllib.error
import urllib.request

import schemathesis

ROOT = os.environ["FUZZ_URL"]
WORKER = "fuzz"
TOPICS = ["fuzz-a", "fuzz-b", "charge-card", "send-parcel"]
KEYS = ["fuzzed", "order"]
# The kind of what waits for a message.
WAITING = "waiting execution"
MESSAGE, SIGNAL, TENANT = "fuzz-message", "fuzz-signal", "fuzz-tenant"
VARIABLES = ["amount", "text", "list", "object", "file", "bytes", "gone"]
# How often an identifier is a real one.
REAL = 0.85
# The longest that a poll may wait, in milliseconds.
PATIENCE = 500
chance = random.Random(os.environ.get("FUZZ_SEED"))


def call(method, path, body=None, content_type="application/json"):
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(ROOT + path, data, {"Content-Type": content_type}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def deploy():
    """Deploys the models that are run, for everybody and for a tenant; the fuzzer may delete them."""
    here = pathlib.Path(__file__).parent
    for tenant in [b"", b'--b\r\nContent-Disposition: form-data; name="tenant-id"\r\n\r\n' + TENANT.encode() + b"\r\n"]:
        deploy_for(tenant, here)


def deploy_for(form, here):
    for file in [here / "fuzzed.bpmn", here.parent.parent / "Examples" / "order.bpmn"]:
        head = f'--b\r\nContent-Disposition: form-data; name="{file.name}"; filename="{file.name}"\r\n\r\n'
        form += head.encode() + file.read_bytes() + b"\r\n"
    call("POST", "/deployment/create", form + b"--b--\r\n", "multipart/form-data; boundary=b")


class Things:
    """Identifiers of what exists, looked up again when they have become old."""

    LISTS = {
        "external-task": "/external-task", "task": "/task", "process-instance": "/process-instance",
        "execution": "/execution", "variable-instance": "/variable-instance", "incident": "/incident",
        "deployment": "/deployment", "process-definition": "/process-definition", "job": "/job", "batch": "/batch",
        WAITING: "/event-subscription?eventType=message",
        "history/process-instance": "/history/process-instance",
        "history/activity-instance": "/history/activity-instance",
        "history/variable-instance": "/history/variable-instance", "history/incident": "/history/incident",
        "history/external-task-log": "/history/external-task-log", "history/task": "/history/task",
        "history/detail": "/history/detail", "history/user-operation": "/history/user-operation",
        "history/batch": "/history/batch",
    }
    OLD = 2.0

    def __init__(self):
        self.lock = threading.Lock()
        self.ids = {}
        self.asked = {}

    def one(self, kind):
        with self.lock:
            if time.monotonic() - self.asked.get(kind, -self.OLD) >= self.OLD:
                self.asked[kind] = time.monotonic()
                self.ids[kind] = self.look(kind)
            return chance.choice(self.ids[kind]) if self.ids[kind] else None

    def look(self, kind):
        try:
            member = "executionId" if kind == WAITING else "id"
            path = self.LISTS[kind] + ("&" if "?" in self.LISTS[kind] else "?") + "maxResults=50"
            found = [thing[member] for thing in call("GET", path)]
        except (OSError, KeyError, TypeError, ValueError):
            return []
        if kind == "process-instance" and len(found) < 20:
            self.plant()
        return found

    def plant(self):
        """Starts instances, and fails and holds some of their tasks."""
        try:
            self.start()
        except urllib.error.HTTPError:
            # What was there has been deleted or suspended, or is at this moment.
            deploy()

    def start(self):
        for key in KEYS:
            for number in range(10):
                call("POST", f"/process-definition/key/{key}/start", {
                    "businessKey": f"k{number}",
                    "variables": {
                        "amount": {"value": number * 20}, "text": {"value": "t"}, "list": {"value": [1, 2, 3]},
                        "object": {"value": '{"a":1}', "type": "Json"},
                        "file": {"value": "YWJj", "type": "File", "valueInfo": {"filename": "a.txt"}},
                        "bytes": {"value": "YWJj", "type": "Bytes"}, "gone": {"value": None},
                    },
                })
        topics = [{"topicName": topic, "lockDuration": 600_000} for topic in TOPICS]
        body = {"workerId": WORKER, "maxTasks": 100, "topics": topics}
        for task in call("POST", "/external-task/fetchAndLock", body):
            if chance.random() < 0.3:
                report = {"workerId": WORKER, "errorMessage": "no", "errorDetails": "why", "retries": 0}
                call("POST", f"/external-task/{task['id']}/failure", report)


things = Things()


deploy()
things.plant()

# What identifiers in queries and bodies name.
NAMED = {
    "processInstanceId": "process-instance", "processDefinitionId": "process-definition", "executionId": "execution",
    "externalTaskId": "external-task", "taskId": "task", "deploymentId": "deployment", "incidentId": "incident",
    "rootProcessInstanceId": "process-instance", "processInstanceIds": "process-instance",
    "processInstanceIdIn": "process-instance", "externalTaskIds": "external-task", "executionIdIn": "execution",
    "externalTaskIdIn": "external-task", "taskIdIn": "task", "processDefinitionIdIn": "process-definition",
}
CONSTANT = {
    "workerId": [WORKER], "topicName": TOPICS, "processDefinitionKey": KEYS, "key": KEYS,
    "variableName": ["amount", "text", "file", "bytes"], "activityId": ["work", "ask", "charge"],
    "lockDuration": [1, 1000, 60_000], "newDuration": [1, 1000, 60_000], "maxTasks": [0, 1, 5],
    "messageName": [MESSAGE],
}


def real(name):
    if name in NAMED:
        return things.one(NAMED[name])
    return chance.choice(CONSTANT[name]) if name in CONSTANT else None


def improve(value):
    """Replaces what names things inside a body."""
    if isinstance(value, list):
        return [improve(element) for element in value]
    if not isinstance(value, dict):
        return value
    improved = {}
    for name, element in value.items():
        found = real(name) if chance.random() < REAL else None
        if found is None:
            improved[name] = improve(element)
        else:
            improved[name] = [found] if name.endswith(("In", "Ids")) else found
    if isinstance(improved.get("asyncResponseTimeout"), (int, float)):
        if PATIENCE < improved["asyncResponseTimeout"] <= 1_800_000:
            improved["asyncResponseTimeout"] = PATIENCE
    return improved


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    # Not too often: without deployments and definitions there is nothing to do.
    keeps = case.method.upper() == "DELETE" and path.startswith(("/deployment", "/process-definition"))
    constant = {"varName": VARIABLES, "tenant-id": [TENANT], "messageName": [MESSAGE]}
    for name in case.path_parameters or {}:
        found = chance.choice(constant[name]) if name in constant else None
        if name == "id" and not keeps:
            kinds = [kind for kind in Things.LISTS if path.startswith(f"/{kind}/")]
            kind = WAITING if "/messageSubscriptions/" in path else max(kinds, key=len, default=None)
            found = things.one(kind) if kind else None
        elif name == "key" and not keeps:
            found = chance.choice(KEYS)
        if found is not None and chance.random() < REAL:
            case.path_parameters[name] = found
    for name in list(case.query or {}):
        found = real(name) if chance.random() < REAL / 2 else None
        if found is not None:
            case.query[name] = found
    if isinstance(case.body, (dict, list)) and case.media_type == "application/json":
        case.body = improve(case.body)
        if path == "/signal" and isinstance(case.body, dict) and chance.random() < REAL:
            case.body["name"] = SIGNAL


# The errors that the contract answers with 500.
PRESCRIBED = {
    "NullValueException", "NullPointerException", "ProcessEngineException", "ClassCastException",
    "IllegalArgumentException", "StringIndexOutOfBoundsException", "RestException", "InvalidRequestException",
    "ProcessEnginePersistenceException", "TaskAlreadyClaimedException",
}


@schemathesis.check
def only_prescribed_server_errors(context, response, case):
    """A 5xx is an answer of the contract, not a fault."""
    if response.status_code < 500:
        return
    described = f"{response.status_code} {response.content.decode(errors='replace')[:500]}"
    assert response.status_code == 500, f"The database is there all the time: {described}"
    error = response.json()
    assert error["type"] in PRESCRIBED, f"Not an error of the contract: {described}"
    assert "failed unexpectedly" not in error["message"], f"A fault: {described}"
    if "persistence layer" in error["message"] and error["code"] == 0:
        request = response.request
        sent = (request.body or b"") if isinstance(request.body, (bytes, type(None))) else str(request.body).encode()
        holds_nul = b"\\u0000" in sent or b"\0" in sent or "%00" in (request.url or "")
        assert holds_nul, f"The database refuses what was let through: {described}"
