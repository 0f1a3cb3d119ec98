"""The card label of a Voyager picture from a CD-ROM, made from its engineering record. Source: ``vos/p2/prog/vgrcdcopy``.

known: formats 1 and 18, exposure numbers outside their table and pictures without a target take parts of the label from
memory the original never set; here they are blank (formats), stars (exposure) or blank (target).
"""

from __future__ import annotations

import struct

import numpy as np

from vicar.missions.vgrformats import FORMATS, Format

CARDS = {
    1: "                     800     800 800 800 L 1                          SC",
    2: "VGR-*   FDS *****.**   PICNO **********   SCET **.*** **:**:**         C",
    3: "xA CAMERA  EXP *******.* MSEC FILT x(xxxxxx)  xx GAIN  SCAN RATE **:1  C",
    4: "ERT **.*** **:**:**   */** ******* RES   VIDICON TEMP ****.** DEG C    C",
    5: "IN/xxxxxx/xx OUT/xxxxxx/xx     GANYMEDE    DSS #**   BIT SNR ****.***  C",
    6: " xxxxx A/xxxxxxxx B/xxxx C/xxxx D/xxxxxxxx ETLM/xxxxxxxxxxxxxxxxxxxxS AC",
    7: "NA OPCAL xx(*******.*MSEC)PIXAVG ***/* OPERATIONAL MODE *(******)     AC",
    8: "CAM ECAL CYCLE BEAM  RESET OPEN  CLOSE FLOOD AEXPM  FIL G1 SHUT MODE  AC",
    9: "NA   xxx  xxxx  xxx   xxx   xxx   xxx   xxx   xxx   x x  x xxxxxxxxxx AC",
    10: "WA   xxx  xxxx  xxx   xxx   xxx   xxx   xxx   xxx   x x  x xxxxxxxxxx AC",
    11: "LSB_TRUNC=XXX  TLM_MODE=XXXX  COMPRESSION=XXX                          L",
}
# milliseconds by exposure number, from 1
EXPOSURES = (
    (5, 7.5, 12.5, 15, 22.5, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 1920, 2880, 3840, 5760, 7680, 11520,
     15360),
    (5, 15, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 1920, 2880, 3840, 5760, 7680, 11520, 15360, 960, 1440, 1920, 2880,
     3840, 5760, 7680, 11520, 15360, 23040, 30720, 46080, 61440),
)  # fmt: skip
WIDE_FILTERS = ("CH4/JS", "BLUE", "CLEAR", "VIOLET", "SODIUM", "GREEN", "CH4/U", "ORANGE")
NARROW_FILTERS = ("CLEAR", "VIOLET", "BLUE", "ORANGE", "CLEAR", "GREEN", "GREEN", "UV")
MODES = ("NOSHUT", "NOSHUT", "NAONLY", "WAONLY", "BOTALT", "BSIMAN", "BODARK", "BOTSIM")
SHUTTERS = ("NORMAL", "LONG START", "LONG END", "LONG OPEN")
SPECTRUM, RADIO = 15, 17  # formats that carry plasma-wave and radio data instead of a picture
# receiving station code -> (Mark III, Mark IV) number
STATIONS = {
    0x13: (27, 81), 0x14: (99, 84), 0x19: (14, 0), 0x21: (53, 53), 0x26: (71, 71), 0x27: (54, 54), 0x29: (11, 0),
    0x2D: (49, 49), 0x46: (70, 73), 0x51: (0, 0), 0x57: (0, 10), 0x67: (67, 50), 0x76: (62, 62), 0x77: (24, 24),
    0x7A: (63, 0), 0x7C: (20, 29), 0x7F: (20, 20), 0x81: (0, 12), 0x82: (0, 14), 0x83: (0, 15), 0x84: (0, 16),
    0x85: (0, 0), 0x86: (43, 0), 0x89: (13, 13), 0x8C: (0, 0), 0x8E: (0, 0), 0x90: (0, 0), 0x91: (0, 0),
    0x92: (42, 42), 0x93: (0, 43), 0x94: (0, 45), 0x95: (0, 46), 0xA4: (98, 83), 0xA7: (69, 52), 0xB7: (25, 25),
    0xB8: (25, 25), 0xBC: (22, 22), 0xBD: (0, 0), 0xC2: (44, 44), 0xD2: (0, 19), 0xD7: (0, 60), 0xDB: (0, 16),
    0xE5: (0, 62), 0xF3: (0, 61), 0xF4: (0, 63), 0xF6: (0, 66), 0xFD: (0, 65),
}  # fmt: skip


class _Card:
    """One card being filled in; columns count from 0."""

    def __init__(self, number: int):
        self.text = CARDS[number]

    def put(self, column: int, text: str, width: int) -> None:
        """C's strncpy into the card: a text shorter than its place is followed by zero bytes."""
        text = text[:width].ljust(width, "\0")
        self.text = self.text[:column] + text + self.text[column + width :]

    def __str__(self) -> str:
        return self.text.split("\0")[0]


class _Record:
    """The engineering record; numbers are little-endian."""

    def __init__(self, data: bytes):
        self.data = data

    def word(self, offset: int) -> int:
        return struct.unpack_from("<H", self.data, offset)[0]

    def bits(self, offset: int, low: int, count: int) -> int:
        return self.word(offset) >> low & (1 << count) - 1

    def text(self, offset: int, length: int) -> str:
        return self.data[offset : offset + length].decode("latin-1")

    def time(self, offset: int) -> tuple[int, int, int, int]:
        """Year, day, minute of the day, millisecond of the minute."""
        return self.bits(offset, 9, 7), self.bits(offset, 0, 9), self._signed(offset + 2), self._signed(offset + 4)

    def _signed(self, offset: int) -> int:
        return self.word(offset)


def cards(engineering: bytes, suffix: np.ndarray, target: str) -> list[str]:
    """The eleven cards of a picture.

    ``engineering`` is the record of 1024 bytes, ``suffix`` the 36 bytes behind the first line.
    """
    record = _Record(engineering)
    made = {number: _Card(number) for number in CARDS}
    clock, part = (int(v) for v in np.ascontiguousarray(suffix[:4]).view("<u2"))
    form = FORMATS.get(record.bits(118, 1, 5), Format("", 0, 0, 0))
    narrow = record.bits(192, 15, 1)
    exposure = _exposure(record)
    _identity(made[2], record, clock, part)
    _camera(made[3], record, form, narrow, exposure)
    _reception(made[4], record, form)
    _tape(made[5], record, target)
    _operation(made[7], record, exposure)
    _shutter(made[9], record, True)
    _shutter(made[10], record, False)
    _telemetry(made[11], record, form, narrow)
    return [str(card) for card in made.values()]


def _exposure(record: _Record) -> float | None:
    table = EXPOSURES[record.bits(196, 11, 1)]
    number = record.bits(196, 4, 5)
    return table[number - 1] if 0 < number <= len(table) else None


def _clock_text(time: tuple[int, int, int, int]) -> str:
    year, day, minute, millisecond = time
    return f"{year:02d}.{day:03d} {minute // 60:02d}:{minute % 60:02d}:{millisecond // 1000:02d}"[:15]


def _identity(card: _Card, record: _Record, clock: int, part: int) -> None:
    card.put(4, "1" if record.bits(118, 0, 1) else "2", 1)
    card.put(12, f"{clock}.{part:02d}", 8)
    if record.data[170]:
        card.put(29, record.text(170, 10), 10)
    time = record.time(30)
    if any(time):
        card.put(47, _clock_text(time), 15)


def _camera(card: _Card, record: _Record, form: Format, narrow: int, exposure: float | None) -> None:
    number = record.bits(118, 1, 5)
    name = {SPECTRUM: "PWS      ", RADIO: "PRA      "}.get(number, "NA CAMERA" if narrow else "WA CAMERA")
    card.put(0, name, 9)
    if exposure is not None:
        card.put(15, f"{exposure:9.1f}", 9)
    filter_ = record.bits(196, 1, 3)
    card.put(35, str(filter_), 1)
    card.put(37, f"{(NARROW_FILTERS if narrow else WIDE_FILTERS)[filter_]:6s}", 6)
    card.put(46, "HI" if record.bits(230, 4, 1) else "LO", 2)
    card.put(65, f"{ {23: 2, 19: 3}.get(number, form.scan_rate):2d}", 2)


def _reception(card: _Card, record: _Record, form: Format) -> None:
    card.put(4, _clock_text(record.time(6)), 15)
    card.put(27, "PARTIAL" if form.partial else "FULL   ", 7)
    card.put(22, form.edit, 4)
    card.put(54, f"{-80:7.2f}", 7)


def _tape(card: _Card, record: _Record, target: str) -> None:
    if record.data[54]:
        card.put(3, record.text(54, 6), 6)
        card.put(10, f"{record.data[1]:2d}", 2)
    card.put(31, f"{target:10s}", 10)
    card.put(48, _station(record), 2)
    card.put(61, f"{np.float32(record.word(122)) / np.float32(128):8.3f}", 8)


def _station(record: _Record) -> str:
    numbers = STATIONS.get(record.data[70])
    if numbers is None:
        return "**"
    return f"{numbers[1] if record.bits(80, 14, 2) == 1 else numbers[0]:02d}"


def _operation(card: _Card, record: _Record, exposure: float | None) -> None:
    if exposure is not None:
        card.put(12, f"{exposure:08.1f}", 8)
    card.put(33, f"{8 * record.bits(230, 8, 5):03d}", 3)
    card.put(37, "1" if record.bits(230, 13, 3) else "0", 1)
    mode = record.bits(200, 13, 3)
    card.put(56, str(mode), 1)
    card.put(58, MODES[mode], 6)


def _shutter(card: _Card, record: _Record, narrow: bool) -> None:
    """Calibration, cycle, beam and shutter of one camera."""
    calibration, settings = (10, 206) if narrow else (9, 210)
    first = 6 if narrow else 0
    state = record.word(202) | record.word(216)
    card.put(5, "YES" if record.bits(196, calibration, 1) else "NO ", 3)
    card.put(10, "READ" if state >> first + 5 & 1 else "PREP", 4)
    for column, bit in ((16, 4), (22, 3), (28, 2), (34, 1), (40, 0)):  # beam, reset, open, close, flood
        card.put(column, "NO " if state >> first + bit & 1 else "YES", 3)
    card.put(46, "NO " if record.bits(settings, 11, 5) else "YES", 3)
    card.put(52, str(record.bits(settings, 7, 3)), 1)
    card.put(54, "S" if record.bits(settings, 10, 1) else "P", 1)
    card.put(59, f"{SHUTTERS[record.bits(214, 9 if narrow else 7, 2)]:10s}", 10)
    to_narrow = record.bits(230, 0, 4) == 5
    card.put(57, str(record.bits(230, 5, 3)) if to_narrow == narrow else "*", 1)


def _telemetry(card: _Card, record: _Record, form: Format, narrow: int) -> None:
    compressed = record.data[242] >> 1 & 1
    truncated = record.bits(230, 9 if narrow else 10, 1)
    if record.bits(118, 1, 5) in (SPECTRUM, RADIO):
        shown = "N/A"
    else:
        shown = "ON " if compressed and not truncated else "OFF"
    card.put(10, shown, 3)
    card.put(24, f"{form.name:5s}", 5)
    card.put(42, "ON " if compressed else "OFF", 3)
