"""Trains a support vector machine on the digits that are not in the golden set, and writes model.joblib."""

import argparse
import json
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.svm import SVC

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="1", help="the model version that answers carry")
    parser.add_argument("--golden", type=Path, default=HERE.parent / "digits" / "golden.jsonl")
    parser.add_argument("--output", type=Path, default=HERE / "model.joblib")
    arguments = parser.parse_args()

    golden = [json.loads(line) for line in arguments.golden.read_text().splitlines()]
    held_out = {tuple(example["features"]) for example in golden}
    images, labels = load_digits(return_X_y=True)
    is_training = [tuple(image) not in held_out for image in images]

    estimator = SVC(gamma=0.001).fit(images[is_training], labels[is_training])
    accuracy = estimator.score([example["features"] for example in golden], [example["label"] for example in golden])
    metadata = {
        "model": "digits",
        "modelVersion": arguments.version,
        "kind": "support vector machine with an RBF kernel",
        "input": {"features": {"shape": [64], "minimum": 0, "maximum": 16}},
        "output": {"prediction": {"minimum": 0, "maximum": 9}},
        "trainingData": f"{sum(is_training)} of the 1,797 images of scikit-learn's load_digits; "
        f"the other {len(golden)} are golden.jsonl",
        "accuracy": accuracy,
    }
    joblib.dump({"estimator": estimator, "metadata": metadata}, arguments.output)
    print(f"{metadata['kind']}: {accuracy:.2%} on golden")


if __name__ == "__main__":
    main()
