"""Trains two regressions of the progress of diabetes, and their faulty variants, and writes them with the golden set.

    python examples/regression/train.py [folder of the models]

The data are scikit-learn's `load_diabetes` (Efron, Hastie, Johnstone, Tibshirani, "Least Angle Regression", 2004): 442
people, ten measurements, and a number that says how far the disease went in a year.
"""

import copy
import json
import sys
from pathlib import Path

import joblib
from faults import SlowFromSixteen
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
EVERY_THIRD = 3


def main(folder: Path) -> None:
    people, progress = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    is_golden = people.index % EVERY_THIRD == 0
    training, golden = people[~is_golden], people[is_golden]

    first = make_pipeline(StandardScaler(), Ridge(alpha=200)).fit(training, progress[~is_golden])
    second = make_pipeline(StandardScaler(), LinearRegression()).fit(training, progress[~is_golden])
    biased = copy.deepcopy(second)
    biased[-1].intercept_ += progress[is_golden].std() / 2
    blind = copy.deepcopy(second)
    blind[-1].coef_[list(people.columns).index("bmi")] = 0
    slow = SlowFromSixteen(second)

    folder.mkdir(parents=True, exist_ok=True)
    for name, model in {"1": first, "2": second, "3-biased": biased, "3-blind": blind, "3-slow-at-16": slow}.items():
        joblib.dump(model, folder / f"{name}.joblib")
        error = (model.predict(golden) - progress[is_golden]).abs().mean()
        print(f"{name}: wrong by {error:.1f} on the average of {len(golden)} people")
    write_golden(golden, progress[is_golden])


def write_golden(people, progress) -> None:
    lines = [
        json.dumps(
            {
                "id": f"person-{index}",
                "input": {name: float(value) for name, value in person.items()},
                "label": float(progress[index]),
                "slice": {"sex": str(int(person["sex"])), "age": "under 50" if person["age"] < 50 else "from 50"},
            }
        )
        for index, person in people.iterrows()
    ]
    (HERE / "golden.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "models")
