"""Opening and window checks of both versions of IMG2ASCII."""

from __future__ import annotations

import numpy as np

NAME_LENGTH = 40
PER_LINE = 12


def clipped_window(task, source, complaint: str):
    """sl, ss, nl, ns inside the image and whether it had to be clipped; None with a message if it begins outside."""
    window = task.size_field(source)
    sl, ss, nl, ns = window.sl, window.ss, window.nl, window.ns
    if sl > source.nl or ss > source.ns:
        task.message(complaint)
        return None
    clipped = sl + nl - 1 > source.nl or ss + ns - 1 > source.ns
    return sl, ss, min(nl, source.nl - sl + 1), min(ns, source.ns - ss + 1), clipped


class TextFile:
    """The text file; it changes only when all lines are there, so that a read error leaves the old one."""

    def __init__(self, task):
        self.path = task.directory / task.string("OUT", "")[:NAME_LENGTH].rstrip(" ")
        self.usable = self.path.parent.is_dir() and not self.path.is_dir()
        self.lines: list[str] = []

    def write(self) -> None:
        """Without lines, a file that exists is left as it is."""
        if not self.lines and self.path.exists():
            return
        self.path.write_bytes("".join(f" {line}\n" for line in self.lines).encode("latin-1"))


def extremes(values: np.ndarray, low, high):
    """Running minimum and maximum; NaN is passed over."""
    return np.fmin.reduce(values, initial=low), np.fmax.reduce(values, initial=high)
