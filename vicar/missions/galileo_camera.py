"""What the labels of Galileo SSI frames say of the exposure, of ground calibration and of flight.

Source: ``vos/p2/sub/able86`` (the first items), ``vos/p2/sub/getlabcon``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.fortran import read_integer, read_real

MISSING = -999
SUMMED_RATES = (1, 5)
_GROUND, _LINE = "GLL/S", 72
_RATES = {2: 1, 8: 2, 3: 3}  # first digit of the frame rate in ground labels -> code
_USUAL_RATE = 4


class Exposure(NamedTuple):
    """-999 where the label does not say; ``compression`` is the FIBE code."""

    frame: int = MISSING
    exposure: np.float32 = np.float32(MISSING)
    filter: int = MISSING
    rate: int = MISSING
    gain: int = MISSING
    compression: int = MISSING

    @property
    def camera(self) -> int:
        """2 for frames of summed pixels."""
        return 2 if self.rate in SUMMED_RATES else 1


def is_galileo(text: str) -> bool:
    """Whether a label names the mission, as programs look for it."""
    return "MISSION='GALILEO'" in text or "LAB01='GLL/SSI" in text


def exposure(label) -> tuple[Exposure | None, list[str]]:
    """The items, None for a label of something else, and the messages on what could not be read."""
    tasks = label.tasks()
    first = tasks[0][0] if tasks else ""
    count = label.get("NLABS", task=first, default=0) if tasks else 0
    if count:
        cards = (str(label.get(f"LAB{n:02d}", task=first, default=""))[:_LINE].ljust(_LINE) for n in range(1, min(count, 20) + 1))
        return _ground("".join(cards))
    if tasks and _item(label, first, "MISSION", "STRING", "")[:7] == "GALILEO":
        if _item(label, first, "SENSOR", "STRING", "")[:3] == "SSI":
            return _flight(label, first), []
    return None, []


def _item(label, task: str, key: str, form: str, default=MISSING):
    try:
        return label.get(key, task=task, format=form)
    except VicarError:
        return default


def _ground(text: str) -> tuple[Exposure | None, list[str]]:
    start = text.find(_GROUND)
    if start < 0:
        return None, []
    text, faults = text[start:], []

    def field(mark: str, width: int, fault: str):
        at = text.find(mark)
        if at < 0:
            faults.append(fault)
            return None
        return text[at + len(mark) :][:width].replace(" ", "")

    def digits(mark: str, width: int, fault: str) -> int:
        found = field(mark, width, fault)
        return MISSING if found is None else read_integer(found)

    frame = digits(" FRAME", 2, " ***ABLE86 -err in frame number")
    time = field("EXP=", 7, " ***ABLE86 -expo time error")
    filter_ = digits("  FILTER=", 1, " ***ABLE86 -filter position error")
    rate = digits(" FR.RATE=", 1, " ***ABLE86 -Scan-rate error")
    gain = digits(" GAIN=", 1, " ***ABLE86 gain error")
    shown = np.float32(MISSING if time is None else read_real(time, 1))
    rate = rate if rate == MISSING else _RATES.get(rate, _USUAL_RATE)
    return Exposure(frame, shown, filter_, rate, gain), faults


def _flight(label, task: str) -> Exposure:
    later = _item(label, task, "ENCODING_TYPE", "STRING", None) is not None
    frame, part = _item(label, task, "RIM", "INT"), _item(label, task, "MOD91", "INT", None)
    code = _item(label, task, "MOFIBE" if later else "FIBE", "STRING", None)
    return Exposure(
        frame if part is None else 100 * frame + part,
        np.float32(_item(label, task, "EXP", "REAL")),
        _item(label, task, "FILTER", "INT"),
        _item(label, task, "RATE", "INT"),
        _item(label, task, "GAIN", "INT"),
        MISSING if code is None else read_integer(code[: 6 if later else 4].replace(" ", "")),
    )
