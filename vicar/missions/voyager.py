"""Voyager imaging labels: the old 72-column card labels, and what programs read from them.

A Voyager frame carries its camera state as VICAR1 card images, kept as items LAB01, LAB02, ... of the first history task
(or of the property LEGACY_LABEL in files made since 2021). The original finds values by searching the whole label text for
markers, the first hit counting, or by column in the joined cards. Both ways are here, with their rules.

Sources: ``vos/p2/sub/able77v2`` (`camera_state`), ``vos/p2/prog/ficor77`` routines GETLABX (`Cards`), PLANETID (`planet_of`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from vicar.errors import VicarError
from vicar.label import Label

ABSENT = -999
CARD = 72
SEARCHED = 7200  # characters of the label that are looked at

WIDE_2, NARROW_2, WIDE_1, NARROW_1 = 4, 5, 6, 7  # camera serial numbers: angle, spacecraft
NARROW = (NARROW_2, NARROW_1)
CAMERAS = range(4, 8)
FILTERS = range(8)
NOCORR, JUPITER, SATURN, URANUS, NEPTUNE = 1, 2, 3, 4, 5
PLANETS = {NOCORR: "NOCORR", JUPITER: "JUPITER", SATURN: "SATURN", URANUS: "URANUS", NEPTUNE: "NEPTUNE"}
MODES = {1: "NOSHUT", 2: "NA ONLY", 3: "WA ONLY", 4: "BOTALT", 5: "BSIMAN", 6: "BODARK", 7: "BOTSIM"}
MODE_COLUMN = 489  # of the joined cards: card 7, column 57
FIRST_FLIGHT_YEAR = 74  # smaller years mean that the time is not known


class CardError(ValueError):
    """A field of the label that should be a number is not. The original ends at once, with no message in the log."""

    def __init__(self, text: str):
        super().__init__(f"a number of the label cannot be read: '{text}'")


def read_integer(text: str) -> int:
    """Iw with blanks ignored: an empty field is 0, a zero byte ends it. Raises `CardError`."""
    digits = text.split("\0")[0].replace(" ", "")
    if digits in ("", "+", "-"):
        if digits:
            raise CardError(text)
        return 0
    if not (digits.isascii() and digits.lstrip("+-").isdigit()) or len(digits) - len(digits.lstrip("+-")) > 1:
        raise CardError(text)
    return int(digits)


def read_real(text: str, decimals: int = 0) -> np.float32:
    """Fw.d with blanks ignored, as a REAL*4. Raises `CardError`."""
    from vicar.numerics import fortran

    try:
        return np.float32(fortran.read_real(text.split("\0")[0], decimals))
    except ValueError as error:
        raise CardError(text) from error


@dataclass
class CameraState:
    """What the label says of a frame; `ABSENT` (or "!" for text) where it says nothing.

    ``fds`` is the spacecraft clock count times 100. ``exposure`` (ms) of an unlabelled frame is the REAL whose bits are
    those of -999, not a number: programs that do not look go on with it.
    """

    voyager: bool = True
    fds: int = ABSENT
    exposure: np.float32 = field(default_factory=lambda: np.int32(ABSENT).view(np.float32))
    filter: int = ABSENT
    scan_rate: int = ABSENT
    camera: int = ABSENT
    angle: int = ABSENT  # 1 narrow, 2 wide
    gain: int = ABSENT  # 0 low, 1 high
    temperature: np.float32 = field(default_factory=lambda: np.int32(ABSENT).view(np.float32))
    event: tuple[int, ...] = (ABSENT,) * 5  # spacecraft event time: year day hour minute second
    spacecraft: int = ABSENT
    picno: str = "!"
    received: tuple[int, ...] = (ABSENT,) * 5  # earth received time
    input_tape: str = "!"
    input_file: int = ABSENT
    output_tape: str = "!"
    output_file: int = ABSENT
    complete: bool = True


def camera_state(label: Label, report: Callable[[str], None], items: int = 39) -> CameraState:
    """Find the camera state in a label.

    ``report`` gets one message for every value that is not there, in the original's order. ``items`` is how far the
    original's caller goes through the list (39 everything, 8 up to the gain). Raises `CardError` where the original stops.
    """
    return _Search(label.text[:SEARCHED], report).run(items)


class _Search:
    """One pass over a label text."""

    def __init__(self, text: str, report: Callable[[str], None]):
        self.text = text
        self.report = report
        self.state = CameraState()

    def run(self, items: int) -> CameraState:
        place = self.text.find("VGR-")
        flight = self.text[place + 4 : place + 5]
        self.state.voyager = place >= 0
        for number, step in (
            (2, self.clock), (3, self.exposure), (4, self.filter), (5, self.scan_rate), (6, lambda: self.camera(flight)),
            (8, self.gain), (9, self.temperature), (10, lambda: self.event(items - 9)), (19, lambda: self.spacecraft(flight)),
            (20, self.names), (35, lambda: self.received(items - 34)),
        ):  # fmt: skip
            if number > items:
                break
            step()
        return self.state

    def missing(self, what: str = "") -> None:
        self.state.complete = False
        if what:
            self.report(f" ABLE77V2 -{what} NOT FOUND")

    def at(self, marker: str, offset: int, none: str = "*") -> int:
        """Place of the marker, or -1 if it is not there or the character at ``offset`` says that the value is unknown."""
        place = self.text.find(marker)
        return place if place >= 0 and self.text[place + offset : place + offset + 1] not in none.split("|") else -1

    def part(self, place: int, width: int) -> str:
        return self.text[place : place + width].ljust(width)

    def clock(self) -> None:
        place = self.at(" FDS ", 5)
        if place < 0:
            return self.missing("FDS COUNT")
        self.state.fds = read_integer(self.part(place + 5, 5)) * 100 + read_integer(self.part(place + 11, 2))

    def exposure(self) -> None:
        place = self.at(" EXP ", 5)
        if place < 0:
            return self.missing("EXPO TIME")
        self.state.exposure = read_real(self.part(place + 5, 7))

    def filter(self) -> None:
        place = self.at(" FILT ", 6)
        if place < 0:
            return self.missing("FILTER POSITION")
        self.state.filter = read_integer(self.part(place + 6, 1))

    def scan_rate(self) -> None:
        place = self.at("  SCAN RATE", 12)
        if place < 0:
            return self.missing("SCAN RATE")
        self.state.scan_rate = read_integer(self.part(place + 12, 2))

    def camera(self, flight: str) -> None:
        """Serial number and angle.

        Where the label names neither, the original's variables are unset; as it is compiled an unknown camera counts as
        narrow, and any spacecraft that is not 1 as 2.
        """
        wide = "NA CAMERA" not in self.text and "WA CAMERA" in self.text
        known = wide or "NA CAMERA" in self.text
        if not known:
            self.missing("CAMERA")
        self.state.angle = (2 if wide else 1) if known else ABSENT
        self.state.camera = (WIDE_1 if flight == "1" else WIDE_2) + (0 if wide else 1)

    def gain(self) -> None:
        if " LO GAIN" in self.text:
            self.state.gain = 0
        elif " HI GAIN " in self.text:
            self.state.gain = 1
        else:
            self.missing("GAIN")

    def temperature(self) -> None:
        place = self.at(" VIDICON TEMP ", 15)
        if place < 0:
            return self.missing("TEMP")
        self.state.temperature = read_real(self.part(place + 14, 4))

    def event(self, count: int) -> None:
        place = self.text.find(" SCET ")
        names = ("YEAR", "DAY", "HOUR", "MINUTE", "SECOND")
        self.state.event = self.times(place, ((6, 6, 2), (9, 9, 3), (13, 13, 2), (16, 16, 2), (19, 19, 2)), names, count)

    def received(self, count: int) -> None:
        place = self.text.find("ERT ")
        names = ("ERT YEAR", "ERT DAY", "ERT HOUR", "ERT MINUTE", "ERT SECOND")
        self.state.received = self.times(place, ((4, 4, 2), (7, 7, 3), (12, 11, 2), (14, 14, 2), (17, 17, 2)), names, count)

    def times(self, place: int, fields, names, count: int) -> tuple[int, ...]:
        """Numbers of a time, the first ``count``; each field is (column that may hold a star, first column, width)."""
        values = []
        for (star, first, width), name in list(zip(fields, names, strict=True))[:count]:
            if place < 0 or self.text[place + star : place + star + 1] == "*":
                self.missing(name)
                values.append(ABSENT)
            else:
                values.append(read_integer(self.part(place + first, width)))
        return (*values, *(ABSENT,) * (len(fields) - len(values)))

    def spacecraft(self, flight: str) -> None:
        if flight in ("1", "2") and self.state.voyager:
            self.state.spacecraft = int(flight)
        else:
            self.missing("VOYAGER FLIGHT #")

    def names(self) -> None:
        """Picture number, tapes and file numbers: absence is not reported."""
        unknown = "x|*"
        place = self.at(" PICNO ", 7, unknown)
        if place < 0:
            self.missing()
        else:
            self.state.picno = self.part(place + 7, 10)
        self.state.input_tape, self.state.input_file = self.tape("IN/", 3, 10)
        self.state.output_tape, self.state.output_file = self.tape(" OUT/", 5, 12)

    def tape(self, marker: str, name: int, number: int) -> tuple[str, int]:
        place = self.at(marker, name, "x|*")
        tape = self.part(place + name, 6) if place >= 0 else "!"
        place = self.at(marker, number, "x|*")
        file = read_integer(self.part(place + number, 2)) if place >= 0 else ABSENT
        if tape == "!" or file == ABSENT:
            self.missing()
        return tape, file


class Cards:
    """The card images of a label, joined, with columns counted from 1.

    One object stands for one buffer of the original: what an earlier label left behind stays where a later, shorter one
    does not reach. A fresh buffer holds zero bytes, which read as 0.
    """

    def __init__(self):
        self.text = "\0" * SEARCHED
        self.count = 0

    def load(self, label: Label, report: Callable[[str], None]) -> int:
        """Take the cards of a label; gives their number."""
        where, number = self._find(label)
        if number is None:
            report("***Truncated input label, may cause problems")
            number = 7
        self.count = max(number, 0)
        for index in range(self.count):
            card = label.get(f"LAB{index + 1:02d}", **where, format="STRING", default=None)
            if card is not None:
                first = index * CARD
                self.text = self.text[:first] + card[:CARD].ljust(CARD) + self.text[first + CARD :]
        return self.count

    @staticmethod
    def _find(label: Label) -> tuple[dict, int | None]:
        """Where the cards are, and how many; None if the set is there but does not say."""
        number = label.get("NLABS", property="LEGACY_LABEL", format="INT", default=None)
        if number is not None:
            return {"property": "LEGACY_LABEL"}, number
        tasks = label.tasks()
        if not tasks:
            return {"task": ""}, 0
        where = {"task": tasks[0][0], "instance": tasks[0][1]}
        try:
            return where, label.get("NLABS", **where, format="INT")
        except VicarError:
            return where, None

    def columns(self, first: int, last: int | None = None) -> str:
        return self.text[first - 1 : last or first]

    def integer(self, first: int, last: int | None = None) -> int:
        """Number in columns ``first`` to ``last``. Raises `CardError`."""
        return read_integer(self.columns(first, last))

    @property
    def mode(self) -> int:
        """Operational mode of the cameras."""
        return self.integer(MODE_COLUMN)

    def lines(self) -> list[str]:
        """The cards as listings show them: without their last three columns."""
        cards = (self.text[i * CARD : (i + 1) * CARD] for i in range(self.count))
        return [card[: CARD - 3].split("\0")[0] for card in cards]


def planet_of(state: CameraState, chosen: str | None, jupiter: bool = False) -> int | None:
    """Planet of the encounter: number 2 to 5, or None if nothing tells.

    Voyager 1 is always at Jupiter; then the user's choice, the fifth character of the picture number, and the year of the
    event or else of its reception decide.
    """
    if state.camera > NARROW_2 or jupiter:
        return JUPITER
    named = {name: number for number, name in PLANETS.items() if number != NOCORR}
    if chosen:
        return named[chosen.upper()]
    letters = {name[0]: number for name, number in named.items()}
    letter = state.picno[4:5]
    if letter in letters:
        return letters[letter]
    year = state.event[0]
    if year < FIRST_FLIGHT_YEAR:
        year = state.received[0]
    if year < FIRST_FLIGHT_YEAR:
        return None
    return JUPITER if year < 80 else SATURN if year < 85 else URANUS if year < 88 else NEPTUNE
