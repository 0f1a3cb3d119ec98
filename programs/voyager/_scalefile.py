"""The scale correction file: radiometric factors by filter, planet and camera, one table a version.

A REAL image of 130 samples a line: 128 factors, filter fastest, then planet (Jupiter first), then camera (4 first), and
eight characters of date. Source: ``vos/p2/prog/fixvgr``, routine CORRECT.
"""

from __future__ import annotations

import numpy as np

from vicar.missions import voyager

WORDS = 130
_SHAPE = (len(voyager.CAMERAS), 4, len(voyager.FILTERS))


class ScaleFileError(Exception):
    """The file is of no use; the text is the original's message."""


class ScaleFile:
    """Open scale correction file of a task."""

    def __init__(self, task, name: str):
        self._image = task.open("X", file=name, convert=False)

    def newest(self, camera: int, filter_: int, planet: int) -> tuple[np.float32, str]:
        """Factor and date of the last version."""
        return self.version(self._versions(), camera, filter_, planet)

    def version(self, line: int, camera: int, filter_: int, planet: int) -> tuple[np.float32, str]:
        """Factor and date of one version (from 1)."""
        self._versions()
        factors, date = self._read(line)
        return self._factor(factors, camera, filter_, planet), date

    def dated(self, date: str, camera: int, filter_: int, planet: int) -> np.float32:
        """Factor of the version of that date."""
        for line in range(1, self._versions() + 1):
            factors, found = self._read(line)
            if found == date:
                return self._factor(factors, camera, filter_, planet)
        raise ScaleFileError("***Err searching for scale table--CORRECT")

    def _versions(self) -> int:
        if self._image.nl < 1 or self._image.ns != WORDS:
            raise ScaleFileError("***Invalid scale Correction File")
        return self._image.nl

    def _read(self, line: int) -> tuple[np.ndarray, str]:
        record = self._image.read(line)
        date = record[WORDS - 2 :].tobytes().decode("latin-1")
        return self._image.decode(record[: WORDS - 2]).reshape(_SHAPE), date

    @staticmethod
    def _factor(factors: np.ndarray, camera: int, filter_: int, planet: int) -> np.float32:
        return factors[camera - voyager.CAMERAS[0], planet - voyager.JUPITER, filter_]
