"""What the stories share: boto3 clients of the local cloud, its clock, and what was called. argv: endpoint."""

import json
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
BOUND_SECONDS = 30
CALLED = set()

_session = boto3.session.Session(region_name="us-east-1")


def _note(model, **_):
    CALLED.add(f"{model.service_model.service_name}:{model.name}")


def client(service):
    made = _session.client(
        service,
        endpoint_url=ENDPOINT,
        config=Config(retries={"total_max_attempts": 1}),
    )
    made.meta.events.register("before-call", _note)
    return made


def _clock():
    with urllib.request.urlopen(f"{ENDPOINT}/clock") as answer:
        return json.load(answer)


_ORIGIN = _clock()


def now():
    """The cloud's time, epoch seconds."""
    real_ms = time.time() * 1000
    return (_ORIGIN["virtualMs"] + (real_ms - _ORIGIN["realMs"]) * _ORIGIN["speed"]) / 1000


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def minute(back=0):
    """The start of the running minute of the cloud, or of an earlier one."""
    return (int(now()) // 60 - back) * 60


def until(what, ask):
    """Asks until the answer counts as true, as an operator's script does, and gives it back."""
    deadline = time.monotonic() + BOUND_SECONDS
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.03)
    raise TimeoutError(f"never happened: {what}")


def get(url, headers=None):
    """Status and body of one request."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def refusal(call, **arguments):
    """[code, exception class, HTTP status] that boto3 shows for a call that must fail."""
    try:
        call(**arguments)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return [error.response["Error"]["Code"], type(error).__name__, status]
    return "it was not refused"


def define(ecs, family, container):
    """The ARN of a task definition of Fargate with this one container, which is called model."""
    return ecs.register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "model", **container}],
    )["taskDefinition"]["taskDefinitionArn"]


def tell(**findings):
    """What the test looks at, on standard output."""
    print(json.dumps({**findings, "called": sorted(CALLED)}, default=str))
