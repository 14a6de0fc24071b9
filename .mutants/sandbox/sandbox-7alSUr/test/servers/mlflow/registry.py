"""Registers versions of a model as a team does (`register`), and shows them as MLflow's own client reads them (`show`)."""

import json
import sys

import mlflow
import pandas
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

what, uri = sys.argv[1], sys.argv[2]
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()

if what == "register":
    data = pandas.DataFrame({"amount": [0.0, 1.0, 1.0], "age": [1.0, 0.0, 1.0]})
    model = LogisticRegression().fit(data, [0, 1, 1])
    for version in ["1", "2"]:
        with mlflow.start_run():
            mlflow.set_tag("mlflow.source.git.commit", "0123456789abcdef" * 2 + "01234567")
            signature = infer_signature(data, model.predict(data))
            # Named, or MLflow finds them out by loading the model in another process.
            needs = {"signature": signature, "pip_requirements": ["scikit-learn"]}
            mlflow.sklearn.log_model(model, name="model", registered_model_name="fraud", **needs)
        image = "registry.example/fraud@sha256:" + version * 64
        client.set_model_version_tag("fraud", version, "deploy.image", image)
        client.set_model_version_tag("fraud", version, "deploy.protocol", "mlflow")
    client.set_registered_model_alias("fraud", "challenger", "2")

versions = client.search_model_versions("name = 'fraud'")
print(json.dumps({
    "tags": {one.version: one.tags for one in versions},
    "aliases": {name: str(version) for name, version in client.get_registered_model("fraud").aliases.items()},
}))
