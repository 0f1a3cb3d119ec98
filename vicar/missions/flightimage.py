"""What the label of a flight image says of camera, time and target: Voyager, Galileo and Cassini.

Sources: ``vos/p2/sub/getproj``, ``vos/p2/sub/getlabcon``, ``vos/p2/sub/able86`` (Galileo), ``able97`` (Cassini),
``scet_update`` and ``date_check`` there. Messages are the original's, in its order.

known: the ground calibration labels of Galileo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vicar.ctext import CText
from vicar.label import Label
from vicar.missions import cassini, voyager
from vicar.missions.voyager import ABSENT

SEARCHED = 3600  # characters of the label in which missions are looked for
VOYAGER = ("VGR-1", "VGR-2")
SUMMED_RATES = (1, 5)  # frame rates of Galileo's summed frames, whose camera has number 2
NO_TIME = (ABSENT,) * 6
CASSINI = ("MISSION_NAME='CASSINI'", "MISSION_NAME='CASSINI-HUYGENS'")
_CASSINI_CAMERAS = {"ISSNA": 1, "ISSWA": 2}
_CASSINI_SUMS = {"SUM2": 20, "SUM4": 40}
_OTHERS = ("INSTRUME=  WFPC", "VIS ", "VO75 ", "MVM73", "MARINER 9")
# items of a Galileo label without which it counts as incomplete, in the order they are read
_GALILEO_FIRST = ("RIM", "MOD91", "EXP", "FILTER", "RATE")
_GALILEO_TIME = ("SCETYEAR", "SCETDAY", "SCETHOUR", "SCETMIN", "SCETSEC", "SCETMSEC")


class LabelFault(ValueError):
    """A label that cannot be used; the texts are the original's last messages."""

    def __init__(self, *texts: str):
        self.texts = texts
        super().__init__(" ".join(texts))


@dataclass(frozen=True)
class FlightImage:
    """project : VGR-1, VGR-2, GLL, CASSI or ""; camera : serial number; event : year, day, hour, minute, second, millisecond of
    the middle of the exposure; received : of its reception on Earth; target : name in capitals, or "".
    """

    project: str
    camera: int
    event: tuple[int, ...] = NO_TIME
    received: tuple[int, ...] = NO_TIME
    target: str = ""


def project_of(label: Label, say: Callable[[str], None]) -> tuple[str, int, bool]:
    """Mission and camera serial number (GETPROJ), and whether the label is complete. Raises `LabelFault`."""
    text = label.text[:SEARCHED]
    if "MISSION='GALILEO'" in text:
        items = _galileo(label, ("RATE",), _GALILEO_FIRST)
        if not items.complete:
            say("GETPROJ: ABLE86 label error")
        return "GLL", items.camera, items.complete
    project = next((name for name in reversed(VOYAGER) if name in text), None)
    if project is None and any(name in text for name in CASSINI):
        camera, complete, _ = _cassini(label, say)
        if not complete:
            say("GETPROJ: ABLE97 label error")
        if camera == 0:
            say(CText("GETPROJ: label error, must be ISSNA or ISSWA "))
        return "CASSI", camera, complete and camera > 0
    if project is None:
        known = next((name for name in _OTHERS if name in text), None)
        if known or "LAB01='GLL/SSI" in text:
            raise LabelFault("***The label is of a mission that is not known here (only Voyager, Galileo and Cassini are)")
        say("GETPROJ: unrecognizable project")
        return "", 0, False
    state = voyager.camera_state(label, say, items=10)
    if not state.complete:
        say("GETPROJ: ABLE77V2 label error")
    return project, state.camera, state.complete


def constants_of(label: Label, project: str, say: Callable[[str], None]) -> tuple[FlightImage, int]:
    """The label's constants (GETLABCON) and its indicator: 0, 1 something is missing, 2 no such label, 3 no such mission.

    Raises `LabelFault`.
    """
    if project == "GLL":
        items = _galileo(label, (*_GALILEO_TIME, "RATE", "TARGET"), (*_GALILEO_FIRST, *_GALILEO_REST))
        if not items.flight:
            say("GETLABCON: able86 detected invalid label")
            return FlightImage(project, ABSENT), 2
        event = tuple(items.values[key] for key in _GALILEO_TIME)
        return FlightImage(project, items.camera, event, target=items.values["TARGET"][:12].rstrip()), 0 if items.complete else 1
    if project == "CASSI":
        camera, complete, values = _cassini(label, say)
        received = (*_time(values.get("received_start"))[:5], ABSENT)
        target = (values.get("target") or [""])[0][:12].rstrip()
        image = FlightImage(project, camera or ABSENT, _time(values.get("image_time")), received, target)
        exposure = float(np.float32((values.get("exposure") or [0.0])[0]))
        return replace(image, event=middle_of_exposure(image.event, exposure)), 0 if complete else 1
    if project not in VOYAGER:
        say("GETLABCON: illegal project input")
        return FlightImage(project, ABSENT), 3
    state = voyager.camera_state(label, say)
    image = FlightImage(project, state.camera, (*state.event, ABSENT), (*state.received, ABSENT))
    image = checked(image, say)
    return replace(image, event=middle_of_exposure(image.event, float(state.exposure))), 0 if state.complete else 1


def checked(image: FlightImage, say: Callable[[str], None]) -> FlightImage:
    """Times with years of four digits (SCET_UPDATE). Raises `LabelFault` for those that are none."""
    if image.event == NO_TIME:
        raise LabelFault("scet_update::>>> Error, SCET cannot be NULL.")
    year, millisecond = _updated(image.event, image.project, say)
    event = (year, *image.event[1:5], millisecond)
    received = image.received
    if received != NO_TIME:
        received = (_updated((*received[:5], 0), image.project, say)[0], *received[1:])
    return replace(image, event=event, received=received)


def _updated(time: tuple[int, ...], project: str, say: Callable[[str], None]) -> tuple[int, int]:
    """Year and millisecond of a time. Years of two digits are those of Voyager's flight. Raises `LabelFault`."""
    if _date_fits(time, say):
        return time[0], time[5]
    if project not in VOYAGER:
        raise LabelFault(f"time_checker::>>> Invalid {project} date format!!!")
    year = time[0]
    century = 2000 if 0 <= year < 75 else 1900 if 75 < year < 100 else None
    if century is None or not _date_fits((year + century, *time[1:5], 0), say):
        raise LabelFault
    return year + century, 0


def _date_fits(time: tuple[int, ...], say: Callable[[str], None]) -> bool:
    year, day, hour, minute, second, millisecond = time
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    kind, days = ("leap", 366) if leap else ("non-leap", 365)
    for fits, text in (
        (year >= 0, "year number is negative."), (1000 <= year < 10000, "year number is not 4-digit."),
        (1 <= day <= days, f"Invalid Julian day for {kind} year, range 1-{days}."),
        (0 <= hour <= 23, "hour number is not between 0-23."), (0 <= minute <= 59, "minute number is not between 0-59."),
        (0 <= second <= 59, "second number is not between 0-59."),
        (0 <= millisecond <= 999, "millisecond number is not between 0-999."),
    ):  # fmt: skip
        if not fits:
            say(f"Warning::{text}")
            return False
    return True


def middle_of_exposure(event: tuple[int, ...], exposure: float) -> tuple[int, ...]:
    """The time half an exposure (ms) before the end of it. One that is not known gives years far off."""
    year, day, hour, minute, second, millisecond = event
    leap = _leap_days(year)
    seconds = second + 60.0 * minute + 3600.0 * hour + 86400.0 * day + 31536000.0 * (year - 1901) + 86400.0 * leap
    seconds += (0 if millisecond == ABSENT else millisecond) / 1000.0
    seconds -= exposure / 2000.0
    if millisecond != ABSENT:
        millisecond = _whole(1000.0 * np.fmod(seconds + 0.0001, 1.0))
    days = _whole(seconds / 86400.0)
    rest = _whole(seconds - days * 86400.0)
    year = 1901 + days // 365
    if days < 0:
        return int(np.int64(year).astype(np.int32)), day, hour, minute, second, millisecond
    day = days - (year - 1901) * 365 - _leap_days(year)
    if day < 1:
        year -= 1
        day = days - (year - 1901) * 365 - _leap_days(year)
    return year, day, rest // 3600, rest % 3600 // 60, rest % 60, millisecond


def _whole(value: float) -> int:
    """As C makes whole numbers; what is no number becomes the lowest."""
    return int(value) if np.isfinite(value) else -(2**63)


def _leap_days(year: int) -> int:
    return int((year - 1901) / 4) - int((year - 2000) / 100) + int((year - 2000) / 400)


@dataclass
class _Galileo:
    """Items of a Galileo label: the values asked for, and whether those that count are all there."""

    flight: bool
    complete: bool
    values: dict

    @property
    def camera(self) -> int:
        return 2 if self.values.get("RATE") in SUMMED_RATES else 1


_GALILEO_REST = ("FIBE", "BOOM", "GAIN", "MOD10", "MOD8", *_GALILEO_TIME, "PARTITION", "PICNO", "TARGET")


def _galileo(label: Label, wanted: tuple[str, ...], needed: tuple[str, ...]) -> _Galileo:
    """Items of the first task, if that is of the Galileo camera."""
    tasks = label.tasks()
    where = {"task": tasks[0][0], "instance": tasks[0][1]} if tasks else {"task": ""}

    def item(key: str, form: str = "INT"):
        return label.get(key, **where, format=form, default=None)

    if not ((item("MISSION", "STRING") or "").startswith("GALILEO") and (item("SENSOR", "STRING") or "").startswith("SSI")):
        return _Galileo(False, True, {})
    later = item("ENCODING_TYPE", "STRING") is not None  # labels of the orbits
    needed = tuple("MOFIBE" if key == "FIBE" and later else key for key in needed)
    values = {key: ABSENT for key in wanted}
    for key in wanted:
        if key == "TARGET":
            values[key] = item(key, "STRING") or "!"
        elif (value := item(key)) is not None:
            values[key] = value
    return _Galileo(True, all(label.has(key, **where) for key in needed), values)


def _cassini(label: Label, say: Callable[[str], None]) -> tuple[int, bool, dict[str, list]]:
    """Camera serial number (0 for none), whether the label is complete, and its items."""
    try:
        values, complete = cassini.read_label(label, say), True
    except cassini.CassiniError as error:
        say(str(error))
        values, complete = error.values, False
    camera = _CASSINI_CAMERAS.get((values.get("camera") or [""])[0][:5], 0)
    return camera + (_CASSINI_SUMS.get((values.get("mode") or [""])[0][:4], 0) if camera else 0), complete, values


def _time(values: list[str] | None) -> tuple[int, ...]:
    """Numbers of a time like 2000-346T06:09:57.358. Raises `LabelFault`."""
    if not values:
        return NO_TIME
    try:
        return tuple(voyager.read_integer(values[0][first:last]) for first, last in
                     ((0, 4), (5, 8), (9, 11), (12, 14), (15, 17), (18, 21)))  # fmt: skip
    except voyager.CardError as fault:
        raise LabelFault(str(fault)) from None
