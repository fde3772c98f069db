"""Breaks the nodes behind a balancer while clients work through it, and counts what became of the work.

Started by scripts/test-containers, which brings the containers up. Ends with 1 when something was lost or done twice, or
when a client saw an error while a node ended in an orderly way.
"""

import argparse
import collections
import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid

KEY = "containers"
STEPS = ("first", "second")
MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="containers">
  <process id="containers" isExecutable="true" camunda:historyTimeToLive="P1D">
    <startEvent id="start"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="first"/>
    <serviceTask id="first" camunda:type="external" camunda:topic="first"/>
    <sequenceFlow id="b" sourceRef="first" targetRef="second"/>
    <serviceTask id="second" camunda:type="external" camunda:topic="second"/>
    <sequenceFlow id="c" sourceRef="second" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"""
LOCK_MILLISECONDS = 5_000
POLL_MILLISECONDS = 20_000
# How long the work may take to come to its end when nobody breaks anything any more.
PATIENCE_SECONDS = 60
# Polls for a topic that nobody starts are parked until they are answered empty.
IDLE_TOPIC = "nothing"
# What nobody answers is an error, too; a poll may take as long as it asked for, and a little.
ANSWER_SECONDS = POLL_MILLISECONDS / 1000 + 15


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:200].decode(errors='replace')}")
        self.status = status


class Client:
    """One connection that is kept, as clients do; a new one after an error."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.root = parts.hostname, parts.port or 80, parts.path.rstrip("/")
        self.connection = None

    def call(self, method, path, body=None, content_type="application/json"):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=ANSWER_SECONDS)
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            headers = {"Content-Type": content_type} if body is not None else {}
            self.connection.request(method, self.root + path, data, headers)
            answer = self.connection.getresponse()
            content = answer.read()
            if answer.will_close:
                self.connection = None
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise
        if answer.status >= 300:
            raise Refused(answer.status, content)
        return json.loads(content) if content else None


class Record:
    """What clients asked for and were told; all threads write to it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.started = {}  # business key: instance id
        self.unknown_starts = set()
        self.completed = {}  # task id: worker
        self.unknown_completions = set()
        self.errors = []  # (moment, what, reason)
        self.counts = collections.Counter()

    def error(self, what, reason):
        with self.lock:
            self.errors.append((time.monotonic(), what, f"{type(reason).__name__} {reason}"))

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def errors_since(self, moment):
        with self.lock:
            return [error for error in self.errors if error[0] >= moment]


class Load:
    """Starters and workers, each with a connection of its own."""

    def __init__(self, url, starters, workers, idlers, pause):
        self.url, self.record, self.pause = url, Record(), pause
        self.starting, self.working = threading.Event(), threading.Event()
        self.starting.set()
        self.working.set()
        jobs = [(self.start, f"starter-{n}") for n in range(starters)]
        jobs += [(self.work, f"worker-{n}") for n in range(workers)]
        jobs += [(self.idle, f"idler-{n}") for n in range(idlers)]
        self.threads = [threading.Thread(target=job, args=(name,), daemon=True) for job, name in jobs]

    def begin(self):
        for thread in self.threads:
            thread.start()

    def start(self, name):
        client = Client(self.url)
        while self.starting.is_set():
            key = f"{name}-{uuid.uuid4()}"
            try:
                answer = client.call("POST", f"/process-definition/key/{KEY}/start", {"businessKey": key})
                with self.record.lock:
                    self.record.started[key] = answer["id"]
            except (OSError, http.client.HTTPException, Refused) as reason:
                # It may have been carried out or not. Never asked for again: that would be another start.
                with self.record.lock:
                    self.record.unknown_starts.add(key)
                self.record.error("start", reason)
                time.sleep(0.2)
            time.sleep(self.pause)

    def work(self, name):
        client = Client(self.url)
        topics = [{"topicName": step, "lockDuration": LOCK_MILLISECONDS} for step in STEPS]
        poll = {"workerId": name, "maxTasks": 5, "asyncResponseTimeout": POLL_MILLISECONDS, "topics": topics}
        while self.working.is_set():
            try:
                tasks = client.call("POST", "/external-task/fetchAndLock", poll)
                self.record.count("polls answered")
                if not tasks:
                    self.record.count("polls answered empty")
            except (OSError, http.client.HTTPException, Refused) as reason:
                self.record.error("poll", reason)
                time.sleep(0.2)
                continue
            for task in tasks:
                self.complete(client, name, task["id"])

    def idle(self, name):
        """Polls for what never comes: what ends such a poll early is a node that ends."""
        client = Client(self.url)
        topics = [{"topicName": IDLE_TOPIC, "lockDuration": LOCK_MILLISECONDS}]
        poll = {"workerId": name, "maxTasks": 1, "asyncResponseTimeout": POLL_MILLISECONDS, "topics": topics}
        while self.working.is_set():
            began = time.monotonic()
            try:
                client.call("POST", "/external-task/fetchAndLock", poll)
            except (OSError, http.client.HTTPException, Refused) as reason:
                self.record.error("parked poll", reason)
                time.sleep(0.2)
                continue
            if time.monotonic() - began < POLL_MILLISECONDS / 1000 - 1:
                self.record.count("parked polls moved on")

    def complete(self, client, worker, task):
        try:
            client.call("POST", f"/external-task/{task}/complete", {"workerId": worker})
            with self.record.lock:
                if task in self.record.completed:
                    self.record.counts["completions acknowledged twice"] += 1
                self.record.completed[task] = worker
        except Refused as reason:
            with self.record.lock:
                excused = task in self.record.unknown_completions
                if reason.status >= 500:
                    self.record.unknown_completions.add(task)
            if not excused:
                self.record.error("complete", reason)
        except (OSError, http.client.HTTPException) as reason:
            with self.record.lock:
                self.record.unknown_completions.add(task)
            self.record.error("complete", reason)


class Containers:
    """The nodes, by the container engine and the compose program."""

    def __init__(self, engine, compose, project):
        self.engine, self.compose, self.project = engine.split(), compose.split(), project

    def nodes(self):
        filters = [f"label=com.docker.compose.{k}={v}" for k, v in (("project", self.project), ("service", "node"))]
        found = self.run(self.engine + ["ps", "-q"] + [word for f in filters for word in ("--filter", f)])
        return found.split()

    def kill(self, node):
        self.run(self.engine + ["kill", "--signal", "KILL", node])
        self.run(self.engine + ["rm", "-f", node])

    def stop(self, node):
        """Asks a node to end and waits until it has; the seconds that it took."""
        began = time.monotonic()
        self.run(self.engine + ["stop", "--time", "40", node])
        took = time.monotonic() - began
        code = self.run(self.engine + ["inspect", "--format", "{{.State.ExitCode}}", node]).strip()
        self.run(self.engine + ["rm", "-f", node])
        return took, code

    def scale(self, count):
        # podman-compose knows no --scale; the file takes the number from this variable, too.
        os.environ["BATON_REPLICAS"] = str(count)
        arguments = ["up", "-d", "--no-build"] + ([] if "podman-compose" in self.compose[0] else ["--no-recreate"])
        self.run(self.compose + arguments)
        return len(self.nodes())

    def run(self, command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def say(text):
    print(f"{time.monotonic() - BEGAN:8.1f} s  {text}", flush=True)


def pages(client, path, size=2000):
    for first in itertools.count(0, size):
        separator = "&" if "?" in path else "?"
        page = client.call("GET", f"{path}{separator}firstResult={first}&maxResults={size}")
        yield from page
        if len(page) < size:
            return


def verify(url, record):
    """What is wrong with what became of the work; nothing when it is as it was told to clients."""
    client, wrong = Client(url), []
    instances = collections.defaultdict(list)
    for instance in pages(client, f"/history/process-instance?processDefinitionKey={KEY}&sortBy=instanceId&sortOrder=asc"):
        instances[instance["businessKey"]].append(instance)
    runs = collections.defaultdict(list)
    for activity in pages(client, "/history/activity-instance?sortBy=activityInstanceId&sortOrder=asc"):
        runs[activity["processInstanceId"], activity["activityId"]].append(activity)
    successes = collections.defaultdict(list)
    for entry in pages(client, "/history/external-task-log?successLog=true&sortBy=externalTaskId&sortOrder=asc"):
        successes[entry["externalTaskId"]].append(entry["workerId"])

    for key, instance in record.started.items():
        if [found["id"] for found in instances[key]] != [instance]:
            wrong.append(f"start {key} was acknowledged as {instance}, but is there {len(instances[key])} times")
    for key in set(instances) - set(record.started):
        if not instances[key]:
            continue
        if key not in record.unknown_starts or len(instances[key]) != 1:
            wrong.append(f"start {key} was not acknowledged, but is there {len(instances[key])} times")
    for key, found in instances.items():
        for instance in found:
            if instance["state"] != "COMPLETED":
                wrong.append(f"instance {instance['id']} of start {key} is {instance['state']}")
            for step in STEPS:
                of_step = [run for run in runs[instance["id"], step] if run["endTime"] and not run["canceled"]]
                if len(of_step) != 1 or len(runs[instance["id"], step]) != 1:
                    wrong.append(f"instance {instance['id']} has {len(of_step)} runs of {step}")
    for task, worker in record.completed.items():
        if successes[task] != [worker]:
            wrong.append(f"completion of {task} by {worker} was acknowledged, but the log has {successes[task]}")
    for task, workers in successes.items():
        if len(workers) > 1 or (workers and task not in record.completed and task not in record.unknown_completions):
            wrong.append(f"the log has completions of {task} by {workers}, which nobody was told")
    total = sum(len(found) for found in instances.values())
    if len(successes) - sum(not workers for workers in successes.values()) != total * len(STEPS):
        wrong.append(f"{total} instances have {len(successes)} completed tasks")
    for what in ("process-instance", "external-task"):
        left = client.call("GET", f"/{what}/count")["count"]
        if left:
            wrong.append(f"{left} rows of {what} are left over")
    if record.counts["completions acknowledged twice"]:
        wrong.append("a completion was acknowledged twice")
    say(
        f"counted: {len(record.started)} starts acknowledged, {len(record.unknown_starts)} of unknown outcome, {total} instances"
        f" completed; {len(record.completed)} completions acknowledged, {len(record.unknown_completions)} of unknown outcome"
    )
    return wrong


def deploy(url):
    boundary = "containers"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="model.bpmn"; filename="model.bpmn"\r\n\r\n{MODEL}\r\n'
        f"--{boundary}--\r\n"
    )
    Client(url).call("POST", "/deployment/create", body.encode(), f"multipart/form-data; boundary={boundary}")


def until(condition, seconds, what):
    """Waits for something that is due; fails when it does not come."""
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException, Refused):
            pass
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.2)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--engine", default="docker")
    arguments.add_argument("--compose", default="docker compose")
    arguments.add_argument("--project", required=True)
    arguments.add_argument("--nodes", type=int, default=2)
    arguments.add_argument("--more-nodes", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=8, help="how long the load runs between two events")
    arguments.add_argument("--starters", type=int, default=4)
    arguments.add_argument("--workers", type=int, default=16)
    arguments.add_argument("--idlers", type=int, default=16, help="polls that wait for what never comes")
    options = arguments.parse_args()
    containers = Containers(options.engine, options.compose, options.project)
    problems = []

    until(lambda: Client(options.url).call("GET", "/engine"), 90, "an answer through the balancer")
    deploy(options.url)
    load = Load(options.url, options.starters, options.workers, options.idlers, pause=0.01)
    record = load.record
    load.begin()
    say(f"{len(containers.nodes())} nodes; {options.starters} starters and {options.workers} workers go through the balancer")

    def flow(what):
        """Lets the load run; work must get done."""
        before = len(record.completed)
        time.sleep(options.seconds)
        done = len(record.completed) - before
        say(f"{what}: {done / options.seconds:.0f} tasks/s")
        if not done:
            problems.append(f"{what}: no task was completed")

    def orderly(what, action):
        """Something that no client may notice."""
        moment = time.monotonic()
        result = action()
        flow(what)
        seen = record.errors_since(moment)
        if seen:
            problems.append(f"{what}: clients saw {len(seen)} errors, the first: {seen[0][1]} {seen[0][2]}")
        return result

    orderly("all nodes", lambda: None)
    moment = time.monotonic()
    containers.kill(containers.nodes()[0])
    flow("SIGKILL to a node, nobody replaces it")
    say(f"clients saw {len(record.errors_since(moment))} errors, and went on")
    orderly("the node is replaced", lambda: containers.scale(options.nodes))
    orderly(f"{options.more_nodes} nodes", lambda: containers.scale(options.more_nodes))
    for number, node in enumerate(containers.nodes()[: options.more_nodes - options.nodes], 1):
        before = record.counts["parked polls moved on"]
        took, code = orderly(f"node {number} is asked to end", lambda: containers.stop(node))
        moved = record.counts["parked polls moved on"] - before
        say(f"it took {took:.1f} s and ended with {code}; {moved} times a parked poll was answered empty and moved on")
        if options.idlers and not moved:
            problems.append("no parked poll moved on when its node ended")
        if code != "0":
            problems.append(f"a node that was asked to end did so with {code}")

    load.starting.clear()
    say("no more starts; the work comes to its end")
    until(lambda: Client(options.url).call("GET", "/process-instance/count")["count"] == 0, PATIENCE_SECONDS, "all ended")
    load.working.clear()
    problems += verify(options.url, record)
    say(f"polls: {record.counts['polls answered']} answered, {record.counts['polls answered empty']} of them empty")
    for kind, count in collections.Counter((what, reason[:60]) for _, what, reason in record.errors).most_common(8):
        say(f"errors: {count} × {kind[0]}: {kind[1]}")
    for problem in problems[:20]:
        say(f"WRONG: {problem}")
    say("nothing was lost, nothing was done twice" if not problems else f"{len(problems)} problems")
    # Polls that still wait end with the process.
    sys.stdout.flush()
    os._exit(1 if problems else 0)


BEGAN = time.monotonic()
if __name__ == "__main__":
    main()
