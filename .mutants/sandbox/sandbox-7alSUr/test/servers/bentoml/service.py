"""A BentoML service with one API."""

import os

import bentoml
import joblib


@bentoml.service
class Digits:
    def __init__(self) -> None:
        self.model = joblib.load(os.environ["MODEL_FILE"])

    @bentoml.api
    def predict(self, features: list[float]) -> int:
        return int(self.model.predict([features])[0])
