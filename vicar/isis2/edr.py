"""Raw pictures of the planetary-data CD-ROMs as PDS files: Voyager and Viking ``.IMQ`` (compressed) and ``.IMG``.

A compressed file is a sequence of records with two bytes of length before them; the label is text records up to END, its
pointers count records. Uncompressed files have records of RECORD_BYTES. Facts: labels of Voyager CD-ROM pictures and the
decoder in `vicar.missions.imq`; Viking pictures use the same code with lines of another width (PDS label keywords decide).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from vicar.isis2.errors import IsisError
from vicar.isis2.label import Label, text_value
from vicar.isis2.values import Text
from vicar.missions.imq import DIFFERENCES, BadPicture, Code

_TARGETS = {"JUPITER": "J", "SATURN": "S", "URANUS": "U", "NEPTUNE": "N"}
_WAITING_MODES = ("BOTSIM", "BSIMAN")
_VIKING_CAMERAS = {("1", "A"): "7", ("1", "B"): "4", ("2", "A"): "8", ("2", "B"): "6"}


@dataclass
class Picture:
    """A picture and its PDS label."""

    label: Label
    pixels: np.ndarray  # uint8 (lines, samples)


def read_edr(data: bytes) -> Picture:
    """Read a picture. Raises `IsisError` for what is none."""
    if data[:4] in (b"CCSD", b"NJPL", b"PDS_", b"FILE"):
        text = data[: data.find(b"\nEND") + 6].decode("latin-1")
        label = Label(text)
        if text_value(label.get("RECORD_TYPE")) == "FIXED_LENGTH":
            return Picture(label, _fixed(data, label))
        raise IsisError("PDS", "The file has lost its record lengths")
    records = _records(data)
    end = next((i for i, r in enumerate(records) if r.strip() == b"END"), None)
    if end is None:
        raise IsisError("PDS", "The file has no PDS label")
    label = Label("".join(r.decode("latin-1").rstrip() + "\r\n" for r in records[: end + 1]))
    return Picture(label, _coded(records, label))


def _records(data: bytes) -> list[bytes]:
    records, at = [], 0
    while at + 2 <= len(data):
        length = int.from_bytes(data[at : at + 2], "little")
        records.append(data[at + 2 : at + 2 + length])
        at += 2 + length + length % 2
    return records


def _shape(label: Label) -> tuple[int, int, int, int]:
    """Lines, samples, and bytes before and after the samples of a line."""
    lines, samples = label.get("LINES", "IMAGE"), label.get("LINE_SAMPLES", "IMAGE")
    if not isinstance(lines, int) or not isinstance(samples, int) or lines < 1 or samples < 1:
        raise IsisError("PDS", "The PDS label does not give the size of the image")
    if label.get("SAMPLE_BITS", "IMAGE", 8) != 8:
        raise IsisError("PDS", "Only 8-bit pictures can be read")
    return lines, samples, int(label.get("LINE_PREFIX_BYTES", "IMAGE", 0)), int(label.get("LINE_SUFFIX_BYTES", "IMAGE", 0))


def _fixed(data: bytes, label: Label) -> np.ndarray:
    lines, samples, before, after = _shape(label)
    pointer, record = label.get("^IMAGE"), label.get("RECORD_BYTES")
    if not isinstance(pointer, int) or not isinstance(record, int):
        raise IsisError("PDS", "The PDS label does not say where the image is")
    start, width = (pointer - 1) * record, before + samples + after
    rows = np.frombuffer(data[start : start + lines * width].ljust(lines * width, b"\0"), np.uint8).reshape(lines, width)
    return rows[:, before : before + samples].copy()


def _coded(records: list[bytes], label: Label) -> np.ndarray:
    lines, samples, before, after = _shape(label)
    start = label.get("^IMAGE")
    if not isinstance(start, int):
        raise IsisError("PDS", "The PDS label does not say where the image is")
    rows = records[start - 1 : start - 1 + lines]
    if len(rows) < lines:
        raise IsisError("PDS", f"The picture ends after {len(rows)} of {lines} lines")
    width = before + samples + after
    kind = text_value(label.get("ENCODING_TYPE", "IMAGE"))
    if kind in ("", "N/A", "NONE"):
        decoded = np.stack([np.frombuffer(r[:width].ljust(width, b"\0"), np.uint8) for r in rows])
    elif kind == "HUFFMAN_FIRST_DIFFERENCE":
        decoded = _decompress(records, label, rows, width)
    else:
        raise IsisError("PDS", f"Pictures coded as {kind} cannot be read")
    return decoded[:, before : before + samples].copy()


def _decompress(records: list[bytes], label: Label, rows: list[bytes], width: int) -> np.ndarray:
    first = label.get("^ENCODING_HISTOGRAM")
    if not isinstance(first, int):
        raise IsisError("PDS", "The PDS label does not say where the encoding histogram is")
    counts, at = b"", first - 1
    while len(counts) < 4 * DIFFERENCES and at < len(records):
        counts += records[at]
        at += 1
    if len(counts) < 4 * DIFFERENCES:
        raise IsisError("PDS", "The encoding histogram is cut off")
    try:
        return Code(np.frombuffer(counts, "<i4", DIFFERENCES)).lines(rows, width)
    except BadPicture as error:
        raise IsisError("PDS", f"The picture cannot be decoded: {error}") from None


def isis_keywords(label: Label) -> dict[str, object]:
    """ISIS keywords of a Voyager or Viking label, in the order of a real ISIS label of 1996."""
    spacecraft = text_value(label.get("SPACECRAFT_NAME")).upper().replace(" ", "_")
    if spacecraft.startswith("VOYAGER"):
        found = _voyager(label, spacecraft)
    elif spacecraft.startswith("VIKING"):
        found = _viking(label, spacecraft)
    else:
        raise IsisError("PDS", f"Pictures of {spacecraft or 'an unknown spacecraft'} are not known here")
    return {key: value for key, value in found.items() if value not in (None, "")}


def _exposure(label: Label) -> float | None:
    value = label.get("EXPOSURE_DURATION")
    return float(value) if isinstance(value, int | float) else None


def _voyager(label: Label, spacecraft: str) -> dict[str, object]:
    wide = text_value(label.get("INSTRUMENT_NAME")).upper().startswith("WIDE")
    waits = wide and text_value(label.get("SHUTTER_MODE_ID")).upper() in _WAITING_MODES
    phase = text_value(label.get("MISSION_PHASE_NAME")).upper()
    number = label.find("IMAGE_NUMBER")
    digits = re.sub(r"\D", "", number.raw.split("=", 1)[1]) if number else ""  # the text: 16368.30 keeps its last nought
    return {
        "SPACECRAFT_NAME": Text(spacecraft, ""), "IMAGE_NUMBER": f"{digits:>10}",
        "TARGET_NAME": _word(label, "TARGET_NAME"), "INSTRUMENT_ID": "WA" if wide else "NA",
        "CAL_TARGET_CODE": next((c for name, c in _TARGETS.items() if phase.startswith(name)), None),
        "CAMERA_STATE_1": text_value(label.get("SCAN_MODE_ID")).partition(":")[0], "CAMERA_STATE_2": str(int(waits)),
        "CAMERA_STATE_3": "1", "EXPOSURE_DURATION": _exposure(label), "NO_CAMERA_STATE": 3,
        "PRODUCT_ID": text_value(label.get("IMAGE_ID")), "START_TIME": text_value(label.get("IMAGE_TIME")),
        "FILTER_NAME": text_value(label.get("FILTER_NUMBER")),
    }  # fmt: skip


def _viking(label: Label, spacecraft: str) -> dict[str, object]:
    number = spacecraft[-1]
    camera = text_value(label.get("INSTRUMENT_NAME")).upper()[-1:]

    def on(keyword: str, word: str) -> str:
        return str(int(text_value(label.get(keyword)).upper() == word))

    return {
        "SPACECRAFT_NAME": Text(f"VIKING_ORBITER_{number}", ""), "IMAGE_NUMBER": text_value(label.get("IMAGE_NUMBER")),
        "TARGET_NAME": _word(label, "TARGET_NAME"), "INSTRUMENT_ID": _VIKING_CAMERAS.get((number, camera)),
        "CAMERA_STATE_1": on("FLOOD_MODE_ID", "ON"), "CAMERA_STATE_2": on("GAIN_MODE_ID", "HIGH"),
        "CAMERA_STATE_3": on("OFFSET_MODE_ID", "ON"), "EXPOSURE_DURATION": _exposure(label), "NO_CAMERA_STATE": 3,
        "PRODUCT_ID": text_value(label.get("IMAGE_ID")), "START_TIME": text_value(label.get("IMAGE_TIME")),
        "FILTER_NAME": text_value(label.get("FILTER_NAME")),
    }  # fmt: skip


def _word(label: Label, keyword: str) -> Text | None:
    value = text_value(label.get(keyword))
    return Text(value, "" if re.fullmatch(r"\w+", value) else '"') if value else None
