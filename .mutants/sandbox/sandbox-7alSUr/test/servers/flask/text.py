"""The same with a text in place of numbers: what LiteLLM's mock answers, on one route."""

import os

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/predict", methods=["POST"])
def predict():
    data = request.get_json()
    return jsonify({"prediction": os.environ["ANSWER"], "asked": data["text"]})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
