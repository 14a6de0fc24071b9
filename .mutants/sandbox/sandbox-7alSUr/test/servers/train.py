"""Trains one model of the digits for all servers, without the images of the golden set, and writes it into a folder.

model.joblib is for servers that have scikit-learn, weights.json for the one that has not. The same on every run.
"""

import json
import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

GOLDEN = Path(__file__).parents[2] / "examples" / "digits" / "golden.jsonl"


def main(folder: Path) -> None:
    golden = [json.loads(line) for line in GOLDEN.read_text().splitlines()]
    held_out = {tuple(example["features"]) for example in golden}
    images, labels = load_digits(return_X_y=True)
    is_training = [tuple(image) not in held_out for image in images]
    model = LogisticRegression(C=0.01, max_iter=2000).fit(images[is_training], labels[is_training])
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    weights = {"coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist()}
    (folder / "weights.json").write_text(json.dumps(weights))
    accuracy = model.score([one["features"] for one in golden], [one["label"] for one in golden])
    print(f"logistic regression: {accuracy:.2%} of the golden set")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
