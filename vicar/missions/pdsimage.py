"""PDS3 images: where the pixels are, and the Voyager card label their labels allow.

Facts: the PDS3 standard's IMAGE object, and the columns that the Voyager programs read (`vicar.missions.voyager`).

known
  * Bands interleaved by line or sample, compressed images and VAX reals are refused.
  * Checked against labels written for the tests, not yet against files of the archive.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import numpy as np

from vicar.isis2.label import Label, text_value

SIGNATURES = (b"PDS_VERSION_ID", b"CCSD3ZF", b"NJPL1I00PDS")
BIG, LITTLE = ("", "MSB", "SUN", "MAC", "IEEE"), ("LSB", "VAX", "PC")
FILTERS = {
    "NA": ("CLEAR", "VIOLET", "BLUE", "ORANGE", "CLEAR", "GREEN", "GREEN", "UV"),
    "WA": ("CH4/JS", "BLUE", "CLEAR", "VIOLET", "SODIUM", "GREEN", "CH4/U", "ORANGE"),
}


class PdsError(ValueError):
    """No image can be read; the text is one sentence."""


class PdsImage:
    """A PDS3 image file, or a detached label with its file."""

    def __init__(self, path: Path):
        self.path = path
        data = path.read_bytes()
        if not data.lstrip().startswith(SIGNATURES):
            raise PdsError("it has no PDS3 label")
        end = re.search(rb"(?m)^\s*END\s*$", data)
        if end is None:
            raise PdsError("its PDS label has no END")
        self.label = Label(data[: end.end()].decode("latin-1").replace("\r", "") + "\n")
        self._files = {path: data}

    def part(self, pointer: str) -> bytes | None:
        """The bytes from where a pointer leads to the end of its file; None without that pointer."""
        found = self.label.find(pointer)
        if found is None:
            return None
        text = found.raw.split("=", 1)[1]
        name, number = re.search(r"[\"']([^\"']+)[\"']", text), re.search(r"\d+", re.sub(r"[\"'][^\"']*[\"']", "", text))
        data = self._file(name.group(1)) if name else self._files[self.path]
        at = int(number.group()) - 1 if number else 0
        if "<BYTES>" not in text.upper():
            at *= self._number("RECORD_BYTES", "", 0 if at == 0 else None)
        return data[at:]

    def _file(self, name: str) -> bytes:
        for path in (self.path.with_name(n) for n in (name, name.lower(), name.upper())):
            if path.is_file():
                return self._files.setdefault(path, path.read_bytes())
        raise PdsError(f"its image file {name} is not beside it")

    def _number(self, key: str, place: str = "IMAGE", default: int | None = None) -> int:
        value = self.label.get(key, place, default)
        if not isinstance(value, int):
            raise PdsError(f"its PDS label has no number for {key}")
        return int(value)

    def inner(self) -> bytes | None:
        """The VICAR image inside, label and all; None if there is none."""
        for pointer in ("^VICAR_HEADER", "^IMAGE_HEADER"):
            data = self.part(pointer)
            if data is not None and data.startswith(b"LBLSIZE="):
                return data
        return None

    def pixels(self) -> np.ndarray:
        """Bands x lines x samples, in the machine's byte order."""
        if self.label.find("ENCODING_TYPE", "IMAGE"):
            raise PdsError("its pixels are compressed (VGRCDCOPY reads .IMQ files)")
        data = self.part("^IMAGE")
        if data is None:
            raise PdsError("its PDS label does not say where the image is")
        lines, samples, bands = self._number("LINES"), self._number("LINE_SAMPLES"), self._number("BANDS", default=1)
        if bands > 1 and "BAND_SEQUENTIAL" not in text_value(self.label.get("BAND_STORAGE_TYPE", "IMAGE")).upper():
            raise PdsError("its bands are not one after the other")
        kind = self._kind()
        before, after = self._number("LINE_PREFIX_BYTES", default=0), self._number("LINE_SUFFIX_BYTES", default=0)
        width, rows = before + samples * kind.itemsize + after, bands * lines
        if min(lines, samples, bands) < 1 or len(data) < rows * width:
            raise PdsError("it ends before its last line")
        table = np.frombuffer(data, np.uint8, rows * width).reshape(rows, width)[:, before : width - after]
        values = np.ascontiguousarray(table).view(kind).reshape(bands, lines, samples)
        return values.astype(np.int32 if kind.kind == "u" and kind.itemsize == 2 else kind.newbyteorder("="))

    def _kind(self) -> np.dtype:
        name, bits = text_value(self.label.get("SAMPLE_TYPE", "IMAGE")).upper(), self._number("SAMPLE_BITS")
        maker, _, sort = name.replace("UNSIGNED_INTEGER", "UNSIGNED").rpartition("_")
        letter = {"INTEGER": "i", "UNSIGNED": "u", "REAL": "f", "FLOAT": "f"}.get(sort, "")
        if bits == 8 and letter in ("i", "u", ""):
            return np.dtype(np.uint8)
        allowed = {"i": (16, 32), "u": (16,), "f": (32, 64)}.get(letter, ())
        if bits not in allowed or maker not in BIG + LITTLE or (maker == "VAX" and letter == "f"):
            raise PdsError(f"pixels of {bits} bits, {name or 'type not given'}, cannot be read")
        return np.dtype(f"{'<' if maker in LITTLE else '>'}{letter}{bits // 8}")


def voyager_cards(label: Label) -> list[str]:
    """Cards of 71 columns for a Voyager label, stars for what it does not say; none for other spacecraft."""

    def text(key: str) -> str:
        return text_value(label.get(key)).strip("\"'").upper()

    craft = re.match(r"V(?:OYAGER|G)[ _]?([12])", text("SPACECRAFT_NAME") or text("INSTRUMENT_HOST_NAME"))
    if craft is None:
        return []
    camera = "WA" if text("INSTRUMENT_NAME").startswith("WIDE") else "NA"
    count = re.search(r"(\d{1,5})\.(\d\d)", _raw(label, "IMAGE_NUMBER") or _raw(label, "SPACECRAFT_CLOCK_START_COUNT"))
    clock = f"{int(count.group(1)):05d}.{count.group(2)}" if count else "*****.**"
    number = text("FILTER_NUMBER")
    name = FILTERS[camera][int(number)] if number in tuple("01234567") else text("FILTER_NAME")
    scan = re.match(r"(\d+):1", text("SCAN_MODE_ID"))
    gain = {"LOW": "LO", "HIGH": "HI"}.get(text("GAIN_MODE_ID"), "**")
    return [
        "77                   800     800 800 800 L 1",
        f"VGR-{craft.group(1)}   FDS {clock}   PICNO {(text('IMAGE_ID') or '*' * 10):<10.10s}   "
        f"SCET {_time(text('IMAGE_TIME') or text('START_TIME'))}",
        f"{camera} CAMERA  EXP {_exposure(label)} MSEC  FILT {number or '*':.1s}({name:<6.6s})  {gain} GAIN  "
        f"SCAN RATE {scan.group(1) if scan else '**':>2s}:1",
        f"ERT {_time(text('EARTH_RECEIVED_TIME'))}   */** ******* RES   VIDICON TEMP ****.** DEG C",
        f"IN/xxxxxx/xx OUT/xxxxxx/xx     {text('TARGET_NAME'):<8.8s}    DSS #**   BIT SNR ****.***",
    ]


def _raw(label: Label, key: str) -> str:
    """The text of a value: 16368.30 keeps its last nought."""
    found = label.find(key)
    return found.raw.split("=", 1)[1] if found else ""


def _exposure(label: Label) -> str:
    """Milliseconds in seven columns; seconds unless the label says otherwise."""
    raw = _raw(label, "EXPOSURE_DURATION")
    value = re.search(r"\d+\.?\d*", raw)
    if value is None:
        return "*******"
    return f"{float(value.group()) * (1 if re.search('<(MS|MSEC|MILLI)', raw.upper()) else 1000):07.1f}"


def _time(text: str) -> str:
    forms = ("%Y-%m-%dT%H:%M:%S", "%Y-%jT%H:%M:%S")
    for form in forms:
        try:
            return datetime.strptime(text.rstrip("Z").partition(".")[0], form).strftime("%y.%j %H:%M:%S")
        except ValueError:
            continue
    return "**.*** **:**:**"
