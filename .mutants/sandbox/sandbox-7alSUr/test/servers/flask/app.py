"""The service of every tutorial: a model, one route, and nothing else."""

import os

import joblib
from flask import Flask, jsonify, request

app = Flask(__name__)

model = joblib.load(os.environ["MODEL_FILE"])


@app.route("/predict", methods=["POST"])
def predict():
    data = request.get_json()
    features = data["features"]
    prediction = model.predict([features])
    return jsonify({"prediction": prediction.tolist()})


if __name__ == "__main__":
    port = int(os.environ.get("PORT", 5000))
    app.run(host="127.0.0.1", port=port)
