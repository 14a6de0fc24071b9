"""Trains two regressions of Friedman's function, and their faulty variants, and writes them with the golden set.

    python examples/regression/train.py [folder of the models]

The data are made: scikit-learn's `make_friedman1` (Friedman, "Multivariate Adaptive Regression Splines", 1991). Five of
ten inputs count, x4 the most; noise of standard deviation 1 is all that no model can know.
"""

import json
import sys
from pathlib import Path

import joblib
import numpy as np
from faults import BlindTo, SlowFromSixteen
from sklearn.datasets import make_friedman1
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures

HERE = Path(__file__).parent
ROWS, GOLDEN, NOISE, SEED = 3_000, 400, 1.0, 7
NAMES = [f"x{index}" for index in range(1, 11)]
IGNORED = NAMES.index("x4")


def main(folder: Path) -> None:
    rows, values = make_friedman1(n_samples=ROWS, n_features=len(NAMES), noise=NOISE, random_state=SEED)
    golden, right = rows[:GOLDEN], values[:GOLDEN]
    training, known = rows[GOLDEN:], values[GOLDEN:]

    first = LinearRegression().fit(training, known)
    second = curved().fit(training, known)
    # Half a standard deviation of what is to be predicted.
    biased = curved().fit(training, known + right.std() / 2)
    blind = BlindTo(second, IGNORED, 0.5)
    slow = SlowFromSixteen(second)

    folder.mkdir(parents=True, exist_ok=True)
    for name, model in {"1": first, "2": second, "3-biased": biased, "3-blind": blind, "3-slow-at-16": slow}.items():
        joblib.dump(model, folder / f"{name}.joblib")
        error = abs(model.predict(golden) - right).mean()
        print(f"{name}: wrong by {error:.2f} on the average of {len(golden)} examples")
    write_golden(golden, right)


def curved():
    # Inputs are from 0 to 1; the powers of what is far outside would be no finite numbers.
    inside = FunctionTransformer(np.clip, kw_args={"a_min": 0, "a_max": 1})
    return make_pipeline(inside, PolynomialFeatures(3), Ridge(alpha=1))


def write_golden(rows, values) -> None:
    lines = [
        json.dumps(
            {
                "id": f"example-{index}",
                "input": {name: round(float(value), 6) for name, value in zip(NAMES, row, strict=True)},
                "label": round(float(right), 4),
                "slice": {"x4": "low" if row[IGNORED] < 0.5 else "high"},
            }
        )
        for index, (row, right) in enumerate(zip(rows, values, strict=True))
    ]
    (HERE / "golden.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "models")
