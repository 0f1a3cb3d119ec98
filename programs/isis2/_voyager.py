"""What VOYCAL and its tools know of a Voyager or Viking cube: camera state, exposure, distance from the sun.

Keywords as the documentation of VOYCAL lists them and a real label of 1996 has them. Parameters of the program stand
before the label; blank and zero mean "not given". Viking rows of the tables have numbers for filters, and a fourth camera
state where Voyager's have the planet: 1 for the extended mission of Viking 1's camera B, when its dust spots had moved
(ISIS3's VIK2ISIS and VIKCAL).
"""

from __future__ import annotations

import math

from programs.isis2._program import Isis
from vicar.isis2.errors import IsisError
from vicar.isis2.label import Label, text_value
from vicar.isis2.tables import CameraState
from vicar.isis2.values import Measure

VIKING_FILTERS = {"BLUE": "1", "MINUS_BLUE": "2", "VIOLET": "3", "CLEAR": "4", "GREEN": "5", "RED": "6"}
EXTENDED_CAMERA, EXTENDED_MISSION = "4", 44_800_000  # serial number; spacecraft clock


def camera_state(isis: Isis, label: Label) -> CameraState:
    """Camera state from parameters and label. Raises `IsisError` naming the keyword and the parameter that is missing."""

    def of(parameter: str, keyword: str) -> str:
        given = isis.text(parameter) or text_value(label.get(keyword, "QUBE"))
        if not given:
            raise missing(keyword, parameter)
        return given

    mission, spacecraft = _spacecraft(isis, label)
    count = label.get("NO_CAMERA_STATE", "QUBE", 3)
    if text_value(count) not in ("3", ""):
        raise IsisError("STATE", f"NO_CAMERA_STATE is {text_value(count)}: a Voyager camera has 3 camera states")
    camera, filter_ = of("INST_ID", "INSTRUMENT_ID").upper(), of("FILTER", "FILTER_NAME").upper()
    states = of("STATE1", "CAMERA_STATE_1"), of("STATE2", "CAMERA_STATE_2"), of("STATE3", "CAMERA_STATE_3")
    if mission == "VIKING":
        last = isis.text("TAR_CODE") or viking_state_4(image_number(isis, label), camera)
        return CameraState(mission, spacecraft, camera, VIKING_FILTERS.get(filter_, filter_), *states, last)
    return CameraState(mission, spacecraft, camera, filter_, *states, of("TAR_CODE", "CAL_TARGET_CODE").upper())


def image_number(isis: Isis, label: Label) -> str:
    """The frame's number, "" if nothing says it."""
    given = isis.number("IMAGE_NO")
    return str(int(given)) if given else text_value(label.get("IMAGE_NUMBER", "QUBE"))


def viking_state_4(clock: str, camera: str) -> str:
    """1 for the extended mission of Viking 1's camera B, else 0."""
    return str(int(camera == EXTENDED_CAMERA and clock.isdigit() and int(clock) > EXTENDED_MISSION))


def _spacecraft(isis: Isis, label: Label) -> tuple[str, str]:
    """Mission and number: VOYAGER_1 or VIKING_ORBITER_1 of the label, SPCRAFT (with or without the number) and SPNUM."""
    name = isis.text("SPCRAFT") or text_value(label.get("SPACECRAFT_NAME", "QUBE"))
    if not name:
        raise missing("SPACECRAFT_NAME", "SPCRAFT")
    mission, _, number = name.upper().replace(" ", "_").rpartition("_")
    if not number.isdigit():
        mission, number = name.upper(), ""
    if not number and isis.text("SPCRAFT"):
        number = text_value(label.get("SPACECRAFT_NAME", "QUBE")).rpartition("_")[2]
    given = isis.number("SPNUM")
    number = str(int(given)) if given else number
    if not number.isdigit():
        raise missing("number of the spacecraft in SPACECRAFT_NAME", "SPNUM")
    return mission.removesuffix("_ORBITER"), number


def exposure(isis: Isis, label: Label) -> float:
    """Exposure time in seconds, before any correction."""
    given = isis.number("EXP")
    if given is not None:
        return given
    value = label.get("EXPOSURE_DURATION", "QUBE")
    if not isinstance(value, int | float):
        raise missing("EXPOSURE_DURATION", "EXP")
    milliseconds = isinstance(value, Measure) and value.unit.upper().startswith(("MS", "MILLI"))
    return float(value) / 1000 if milliseconds else float(value)


def sun_vector_length(label: Label) -> float | None:
    """Distance from the sun in km that SC_SUN_POSITION_VECTOR gives, or None."""
    vector = label.get("SC_SUN_POSITION_VECTOR", "QUBE")
    if not isinstance(vector, tuple) or len(vector) != 3 or not all(isinstance(v, int | float) for v in vector):
        return None
    length = math.sqrt(sum(float(v) * float(v) for v in vector))
    return length if length > 0 else None


def missing(keyword: str, parameter: str) -> IsisError:
    return IsisError("NOKEY", f"The labels have no {keyword}, and the parameter {parameter} is not given")
