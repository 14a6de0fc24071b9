"""KServe's Python server with a model of one's own. It has no scikit-learn: a logistic regression is a product."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
from kserve import Model, ModelServer, model_server


class Digits(Model):
    def load(self) -> bool:
        weights = json.loads(Path(os.environ["WEIGHTS_FILE"]).read_text())
        self.coefficients = np.array(weights["coefficients"])
        self.intercepts = np.array(weights["intercepts"])
        self.ready = True
        return self.ready

    def predict(self, payload: dict, headers: dict[str, str] | None = None) -> dict:
        scores = np.array(payload["instances"]) @ self.coefficients.T + self.intercepts
        return {"predictions": scores.argmax(axis=1).tolist()}


if __name__ == "__main__":
    arguments = ArgumentParser(parents=[model_server.parser]).parse_args()
    model = Digits("digits")
    model.load()
    ModelServer(http_port=arguments.http_port, enable_grpc=False, workers=1).start([model])
