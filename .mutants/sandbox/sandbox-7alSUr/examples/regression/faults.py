"""What a model can have that only some requests feel. Importable where it is served: the saved model names this class."""

import time

import numpy as np

SLOW_SECONDS = 0.12
ROWS = 16


class SlowFromSixteen:
    """Right and as fast as ever, and much slower with sixteen rows or more: a batch that no longer fits."""

    def __init__(self, model) -> None:
        self.model = model

    def predict(self, rows):
        if len(rows) >= ROWS:
            time.sleep(SLOW_SECONDS)
        return self.model.predict(rows)


class BlindTo:
    """As if one input were always the same: what a broken join does to a feature."""

    def __init__(self, model, column: int, value: float) -> None:
        self.model = model
        self.column = column
        self.value = value

    def predict(self, rows):
        seen = np.array(rows, dtype=float)
        seen[:, self.column] = self.value
        return self.model.predict(seen)
