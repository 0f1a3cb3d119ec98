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


def open_text(task):
    """The text file, or None if it cannot be made; only 40 characters of its name count."""
    try:
        return (task.directory / task.string("OUT", "")[:NAME_LENGTH].rstrip(" ")).open("w", encoding="latin-1", newline="")
    except OSError:
        return None


def extremes(values: np.ndarray, low, high):
    """Running minimum and maximum; NaN is passed over."""
    return np.fmin.reduce(values, initial=low), np.fmax.reduce(values, initial=high)
