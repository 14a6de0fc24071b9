"""The digits model as a Flask service, with the HTTP contract of examples/README.md."""

import json
import os
from pathlib import Path

import joblib
from flask import Flask, g, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, UnsupportedMediaType

PIXELS = 64
MAXIMUM_INK = 16
MAXIMUM_BODY_BYTES = 64 * 1024

# Loaded before the first request is accepted: an answer from /health means that the model is there.
MODEL = joblib.load(os.environ.get("MODEL_FILE") or Path(__file__).parent / "model.joblib")
ESTIMATOR, METADATA = MODEL["estimator"], MODEL["metadata"]
IMAGE_DIGEST = os.environ.get("IMAGE_DIGEST")

app = Flask(__name__)


@app.before_request
def read_body():
    """Reads a body to its end, even one that is too large.

    gunicorn leaves up to 64 KiB for itself to read; with more it closes the connection without a "Connection: close",
    and the load balancer, which does not know, sends the next user's request into it: a 502. Werkzeug's own
    MAX_CONTENT_LENGTH leaves the rest unread, and cuts a chunked body off without an error.
    """
    g.body = request.stream.read(MAXIMUM_BODY_BYTES + 1)
    while request.stream.read(MAXIMUM_BODY_BYTES):
        pass
    if len(g.body) > MAXIMUM_BODY_BYTES:
        raise RequestEntityTooLarge(f"the body may have up to {MAXIMUM_BODY_BYTES} bytes")


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/metadata")
def metadata():
    return METADATA | ({"imageDigest": IMAGE_DIGEST} if IMAGE_DIGEST else {})


@app.post("/predict")
def predict():
    prediction = ESTIMATOR.predict([read_features()])[0]
    return {"prediction": int(prediction), "model": METADATA["model"], "modelVersion": METADATA["modelVersion"]}


def read_features() -> list[float]:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("content-type must be application/json")
    body = parse_json(g.body)
    if not isinstance(body, dict) or "features" not in body:
        raise BadRequest('the body must be an object with the key "features"')
    features = body["features"]
    if not isinstance(features, list) or len(features) != PIXELS:
        raise BadRequest(f"features must be a list of {PIXELS} numbers")
    for index, value in enumerate(features):
        if not is_ink(value):
            raise BadRequest(f"features[{index}] must be a number from 0 to {MAXIMUM_INK}")
    return features


def parse_json(body: bytes):
    try:
        return json.loads(body)
    # RecursionError: Python's json gives up on deep nesting with an error that is not a ValueError.
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body is not JSON") from error


def is_ink(value) -> bool:
    # In Python True is an int, and json reads NaN as a float; NaN fails the comparison.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= MAXIMUM_INK


@app.errorhandler(HTTPException)
def as_json(error: HTTPException):
    """Flask's own errors are HTML pages; keeps their status and headers (405 has an Allow)."""
    answer = error.get_response()
    answer.data = jsonify(error=error.description).data
    answer.content_type = "application/json"
    return answer
