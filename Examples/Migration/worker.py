#!/usr/bin/env python3
"""Archives invoices, as the Swift program in this folder does; only the standard library is needed.

This is the worker that is to be replaced: it fetches one task after the other with long polling and completes it.
"""
import argparse
import json
import os
import time
import urllib.error
import urllib.request


def call(url, path, body):
    """Posts JSON; returns what is answered, None for an answer without content."""
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def archive(invoice):
    """The variables that an archived invoice is completed with."""
    time.sleep(0.2)
    total = sum(line["cents"] for line in invoice["lines"])
    print(f"Python has archived invoice {invoice['number']}: {total} cents", flush=True)
    entry = {"number": invoice["number"], "totalCents": total, "archivedBy": "Python"}
    return {"archiveEntry": {"type": "Json", "value": json.dumps(entry)}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080/engine-rest", help="the address of the API")
    url = parser.parse_args().url
    worker = f"python-{os.getpid()}"
    topic = {"topicName": "archive-invoice", "lockDuration": 20000, "variables": ["invoice"]}
    fetch = {"workerId": worker, "maxTasks": 1, "asyncResponseTimeout": 20000, "topics": [topic]}
    while True:
        try:
            for task in call(url, "/external-task/fetchAndLock", fetch):
                variables = archive(json.loads(task["variables"]["invoice"]["value"]))
                call(url, f"/external-task/{task['id']}/complete", {"workerId": worker, "variables": variables})
        except (urllib.error.URLError, OSError) as error:
            print(f"Tries again in a second: {error}", flush=True)
            time.sleep(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
