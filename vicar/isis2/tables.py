"""Calibration tables of VOYCAL: voycal.sav (one row a camera state) and voylin.sav (linearity).

No copy of the Voyager tables survives; their layout is that of the Viking tables of the same family, which ISIS3's vikcal
still parses: words between blanks, rows with fewer words than a row has are comments, the first match wins.

    mission sc camera filter state1 state2 state3 target W0 DIST0 GAIN OFF DEL_EXP gainfile offsetfile     (voycal.sav)
    mission sc camera filter state1 state2 state3 B K LINORM                                               (voylin.sav)

Chosen: the eighth word, a fourth camera state for Viking, is the planet (CAL_TARGET_CODE J, S, U), since W0 and DIST0 belong
to an encounter. Cameras are NA and WA. W0 is per second, DIST0 in km, DEL_EXP in milliseconds (as ISIS3 takes it); the file
names get .cub where they have no extension. Rows of the mission VIKING are as in the Viking tables: cameras are serial
numbers, W0 is per millisecond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vicar.isis2.errors import IsisError

ROW_WORDS, LINEARITY_WORDS = 15, 10


@dataclass(frozen=True)
class CameraState:
    """What a row is looked up by."""

    mission: str
    spacecraft: str
    camera: str
    filter: str
    state1: str
    state2: str
    state3: str
    target: str = ""  # planet; for Viking the fourth camera state

    @property
    def words(self) -> tuple[str, ...]:
        return (self.mission, self.spacecraft, self.camera, self.filter, self.state1, self.state2, self.state3, self.target)

    def __str__(self) -> str:
        return (f"{self.mission} {self.spacecraft}, camera {self.camera}, filter {self.filter}, "
                f"states {self.state1} {self.state2} {self.state3}, target {self.target}")


@dataclass(frozen=True)
class Calibration:
    """A row of voycal.sav."""

    w0: float  # per second
    dist0: float  # km
    gain: float
    offset: float
    del_exp: float  # ms
    gain_file: str
    offset_file: str


@dataclass(frozen=True)
class Linearity:
    """A row of voylin.sav: B*(X/LINORM)**K is added to (1 - B/LINORM)*X."""

    b: float
    k: float
    linorm: float


def same_word(word: str, value: str) -> bool:
    """Whole numbers are compared as numbers, everything else without case."""
    try:
        return int(word) == int(value)
    except ValueError:
        return word.upper() == value.upper()


def _row(text: str, state: CameraState, keys: int, words: int) -> list[str] | None:
    for line in text.splitlines():
        found = line.split()
        if len(found) < words:
            continue
        if all(same_word(w, v) for w, v in zip(found[:keys], state.words)):
            return found
    return None


def _numbers(words: list[str], name: str) -> list[float]:
    try:
        found = [float(w.upper().replace("D", "E")) for w in words]
        if all(map(math.isfinite, found)):
            return found
    except ValueError:
        pass
    raise IsisError("TABLE", f"A row of {name} has a word that is no number: {' '.join(words)}")


def find_calibration(text: str, state: CameraState) -> Calibration | None:
    """The first row of voycal.sav for a camera state, or None."""
    row = _row(text, state, 8, ROW_WORDS)
    if row is None:
        return None
    w0, dist0, gain, offset, del_exp = _numbers(row[8:13], "voycal.sav")
    return Calibration(w0 * 1000 if state.mission == "VIKING" else w0, dist0, gain, offset, del_exp, row[13], row[14])


def find_linearity(text: str, state: CameraState) -> Linearity | None:
    """The first row of voylin.sav for a camera state, or None."""
    row = _row(text, state, 7, LINEARITY_WORDS)
    return None if row is None else Linearity(*_numbers(row[7:10], "voylin.sav"))


def calibration_row(state: CameraState, row: Calibration) -> str:
    """A row of voycal.sav as text; the numbers are written so that they read back equal."""
    numbers = (row.w0, row.dist0, row.gain, row.offset, row.del_exp)
    return " ".join([*state.words, *(repr(float(n)) for n in numbers), row.gain_file, row.offset_file]) + "\n"


def linearity_row(state: CameraState, row: Linearity) -> str:
    """A row of voylin.sav as text."""
    return " ".join([*state.words[:7], *(repr(float(n)) for n in (row.b, row.k, row.linorm))]) + "\n"
