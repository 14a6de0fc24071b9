"""What a model can have that only some requests feel. Importable where it is served: the saved model names this class."""

import time

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
