"""Saves the trained model as mlflow saves models, with a signature."""

import shutil
import sys
from pathlib import Path

import joblib
import mlflow
import numpy as np
from mlflow.models import infer_signature

model = joblib.load(sys.argv[1])
folder = Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
example = np.zeros((1, 64))
mlflow.sklearn.save_model(
    model, folder, signature=infer_signature(example, model.predict(example)), serialization_format="cloudpickle"
)
