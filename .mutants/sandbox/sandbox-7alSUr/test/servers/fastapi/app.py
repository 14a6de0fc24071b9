"""FastAPI as its own tutorial has it. An input that is NaN gets 500 of it, out of the box."""

import os

import joblib
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
model = joblib.load(os.environ["MODEL_FILE"])


class Image(BaseModel):
    features: list[float]


@app.post("/predict")
def predict(image: Image) -> dict[str, int]:
    return {"prediction": int(model.predict([image.features])[0])}
