"""Exposure times of frames: from their labels, and of whole lists of frames. Sources: ``vos/p2/prog/ltgen``, ``momgen``."""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.prnt import prnt

MOST_FILES, MOST_LEVELS = 500, 100
PLACES = (("EXPOSURE_DURATION", {"property": "CASSINI-ISS"}), ("EXP", {}))


def exposure_of(image) -> np.float32 | None:
    """Exposure of a frame as Cassini or Galileo labels say it."""
    for key, place in PLACES:
        try:
            place = place or {"task": image.label.tasks()[0][0]}
            return np.float32(image.label.get(key, format="REAL", **place))
        except (VicarError, IndexError):
            continue
    return None


def listed_files(path) -> list[str]:
    """The names in a list of files, whose first line does not count. Raises OSError."""
    with open(path, encoding="latin-1") as file:
        return [line[:80].rstrip() for line in file.read().splitlines()[1:]]


def read_list(task, name: str) -> tuple[list[np.float32], int]:
    """Different exposures of a list, in order, and the greatest number of frames of one."""
    try:
        names = listed_files(task.directory / name.rstrip())
    except OSError:
        task.abend("??E - Error openning input list file", name)
    if len(names) > MOST_FILES:
        task.abend("??E - more than 500 filenames in list")
    found = []
    for file in names:
        with task.open(file=file) as image:
            found.append(exposure_of(image))
    task.messages(*prnt("FULL", len(names), "NUMBER OF FILES  =."))
    exposures, counts = [], []
    for value in found:
        value = np.float32(0) if value is None else value
        if not exposures or value != exposures[-1]:
            if len(exposures) == MOST_LEVELS:
                task.abend("??E - more than 100 exposure levels")
            exposures.append(value)
            counts.append(0)
        counts[-1] += 1
    if None in found:
        exposures = []
    task.messages(*prnt("FULL", len(exposures), "NUMBER OF LEVELS =."))
    task.messages(*prnt("FULL", max(counts, default=0), "MAX FRAMES/LEVEL =."))
    return exposures, max(counts, default=0)
