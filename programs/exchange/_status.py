"""The scale VTIFF3O draws on the terminal while it works."""

from __future__ import annotations

SCALE = "0%  10%  20%  30%  40%  50%  60%  70%  80%  90% 100%\n|----|----|----|----|----X----|----|----|----|----|"


class Status:
    """Draws the scale once the work is done; meanwhile reports progress."""

    def __init__(self, task, total: int):
        self.task, self.total = task, total

    def update(self, current: int) -> None:
        self.task.progress(current, self.total)
        if self.task.keyword("PRINT") and current >= self.total > 0:
            self.task.printf(f"{SCALE}\n|{'>' * 50}")
            self.total = -1
