"""The display of Galileo SSI labels. Source: ``vos/p2/sub/flight_label`` (flight_label).

A value comes out of a label in the format its text suggests and is taken as the format the display expects, bit by bit: an
integer where a real number is expected shows as a very small number, as in the original.
"""

from __future__ import annotations

import struct

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.cformat import sprintf

UNKNOWN = "*" * 19
NOT_SSI = ("NON-SSI IMAGE", " - SSI label display aborted")
FILTERS = dict(enumerate(("CLR", "GRN", "RED", "VLT", "756", "968", "727", "889")))
GAINS = {1: "400K", 2: "100K", 3: "40K", 4: "10K"}
RATES = {1: "2 1/3", 2: "8 2/3", 3: "30 1/3", 4: "60 2/3", 5: "15 1/6"}
BOOM = {"P": "POSSIBLE", "N": "NO", "Y": "YES"}
ENCODINGS = {"INTEGER COSINE TRANSFORM ": "ICT", "HUFFMAN ": "HUF", "BARC RATE CONTROL ": "RC",
             "BARC INFORMATION PRESERVING ": "IC"}  # fmt: skip
FORMATS = {"EXP": "%8.2f", "TBPPXL": "%f", "ENTROPY": "%f", "TPPLNE": "%3.0f", "SMEAR": "%5.2f"}
EXPONENTIAL = ("HSCL", "VSCL", "PLRANGE", "SLRANGE", "IOF", "SOLRANGE", "CNV")


class _Items:
    """The items of the task that holds the flight label."""

    def __init__(self, label, task: str, radiometric: bool):
        self.label, self.task, self.radiometric = label, task, radiometric

    def value(self, key: str, element: int = 1):
        """A value, or the text that stands for a missing one (as a ``_Missing``)."""
        try:
            return self.label.get(key, task=self.task, element=element)
        except VicarError as error:
            return _Missing(UNKNOWN if error.key == "FNDKEY" else f"ERR{error.status}")

    def text(self, *keys: str) -> str:
        """The first of the keys that is there; calibration file names may also stand in the GALSOS task."""
        for key in keys:
            value = self.value(key)
            if isinstance(value, _Missing) and self.radiometric and key in ("CAL", "DC", "BLM", "SO"):
                try:
                    value = self.label.get(key, task="GALSOS")
                except VicarError:
                    pass
            if not isinstance(value, _Missing):
                return value if isinstance(value, str) else _bytes(value).split(b"\0")[0].decode("latin-1")
        return str(value)

    def whole(self, key: str, element: int = 1) -> int | None:
        value = self.value(key, element)
        return None if isinstance(value, _Missing) else struct.unpack("<i", _bytes(value)[:4])[0]

    def whole_text(self, key: str, element: int = 1, form: str = "%d") -> str:
        value = self.value(key, element)
        if isinstance(value, _Missing):
            return "*" if key == "PARTITION" else str(value)
        return form % struct.unpack("<i", _bytes(value)[:4])[0]

    def real_text(self, *keys: str) -> str:
        for key in keys:
            value = self.value(key)
            if not isinstance(value, _Missing):
                number = struct.unpack("<f", _bytes(value)[:4])[0]
                return sprintf(FORMATS.get(keys[-1], "%7.4e" if keys[-1] in EXPONENTIAL else "%6.2f"), number)
        return str(value)


class _Missing(str):
    pass


def _bytes(value) -> bytes:
    """What the label routines leave in memory."""
    if isinstance(value, str):
        return value.encode("latin-1").ljust(4, b"\0")
    return struct.pack("<i", value) if isinstance(value, (int, np.integer)) else struct.pack("<f", value)


def flight_label_lines(label, format: str) -> list[str]:
    """The lines of the display; ``format`` is the image's (HALF files name EDR, others REDR tapes)."""
    task, radiometric = None, False
    for name, _ in label.tasks()[:50]:
        radiometric = radiometric or name.startswith("GALSOS")
        if label.get("SENSOR", task=name, default="") == "SSI":
            task = name
    if task is None:
        return list(NOT_SSI)
    items = _Items(label, task, radiometric)
    encoding = items.value("ENCODING_TYPE")
    old = isinstance(encoding, _Missing)
    compression = {"HUFFMAN ": "HUF", "INTEGER COSINE TRANSFORM ": "ICT"}.get(str(encoding), "")
    phase2 = items.whole("PARTITION") is not None
    lines = _observation_lines(items, old, phase2)
    lines += _compression_lines(items, compression, lines.pop())
    lines += _geometry_lines(items)
    lines += _calibration_lines(items, phase2, format)
    return lines + _phase2_lines(items)


def _observation_lines(items: _Items, old: bool, phase2: bool) -> list[str]:
    code = items.whole("FILTER")
    color = f"({FILTERS[code]})" if code in FILTERS else "(****)"
    first = sprintf("GLL/%-5.3sPICNO=%-12.7sFILTER=%.1s%-7.6sTLMFMT=%-8.3sTARGET=%-10.8s", items.text("SENSOR"),
                    items.text("PICNO"), items.whole_text("FILTER"), color, items.text("TLMFMT"), items.text("TARGET"))
    clock = "RIM=*/********:**:*:*      "
    if items.whole_text("RIM") != UNKNOWN:
        rim, mod91, mod10, mod8 = (items.whole(key) or 0 for key in ("RIM", "MOD91", "MOD10", "MOD8"))
        clock = sprintf("RIM=%1s/%08d:%02d:%d:%-1d      ", items.whole_text("PARTITION"), rim, mod91, mod10, mod8)
    fibe = items.text("FIBE" if old else "MOFIBE")
    second = clock + sprintf("EXP=%-11.8s" + ("MOFIBE=%-8.6s" if phase2 else "FIBE=%-10.6s") + "TCA=%.13s",
                             items.real_text("EXP"), fibe, items.text("TCA"))
    times = [items.whole_text(key, form=form) for key, form in (
        ("SCETYEAR", "%04d"), ("SCETDAY", "%03d"), ("SCETHOUR", "%02d"), ("SCETMIN", "%02d"), ("SCETSEC", "%02d"),
        ("SCETMSEC", "%03d"))]  # fmt: skip
    gain = items.whole("GAIN")
    coded = items.text("BARC" if old else "ENCODING_TYPE")
    third = sprintf("SCET=%.4s.%.3s %.2s:%.2s:%.2s:%-4.3sGAIN=%.1s%-9.6s" + ("ETYPE=%-9.4s" if phase2 else "COMP=%-10.4s"),
                    *times, items.whole_text("GAIN"), f"({GAINS[gain]})" if gain in GAINS else "(****)",
                    ENCODINGS.get(coded, coded))
    return [first, second, third]


def _compression_lines(items: _Items, compression: str, third: str) -> list[str]:
    rate = RATES.get(items.whole("RATE"), "*" * 13)
    entropy = items.real_text("ENTRPY", "ENTROPY")
    head = sprintf("PA=%-24.20sRATE=%-10.7sENTROPY=%-7.4s", items.text("PA"), rate, entropy)
    if not compression:
        return [third + sprintf("TRUNC BITS/PXL=%-.4s", items.real_text("TBPPXL")),
                head + sprintf("TRUNC PXLS/LNE=%.4s", items.real_text("TPPLNE"))]  # fmt: skip
    lines = [third + sprintf("COMP-RATIO=%-.8s", items.real_text("COMPRESSION_RATIO")),
             head + sprintf("HUF=%-.7s", items.text("HUFFMAN_TABLE_NAME"))]  # fmt: skip
    ratios = sprintf("MAX_C RATIO=%-15.8sMIN_C RATIO=%-18.8s", items.real_text("MAXIMUM_COMPRESSION_RATIO"),
                     items.real_text("MINIMUM_COMPRESSION_RATIO"))
    if compression != "ICT":
        return [*lines, ratios]
    quantized = sprintf("QSTEP=%-6.6sQM=%-12.11sZZ=%-27.7s", items.whole_text("QUANTIZATION_STEP_SIZE"),
                        items.text("QUANTIZATION_MATRIX_NAME"), items.text("ZIGZAG_PATTERN"))
    return [*lines, ratios + _window("THW", items, "TRUTH_WINDOW"), quantized + _window("ROI", items, "CUT_OUT_WINDOW")]


def _window(title: str, items: _Items, key: str) -> str:
    return sprintf(f"{title}=(%3.3s,%3.3s,%3.3s,%3.3s)", *(items.whole_text(key, n) for n in range(1, 5)))


def _geometry_lines(items: _Items) -> list[str]:
    real = items.real_text
    boom = items.text("BOOM")
    latitude = "RAD" if items.text("TARGET") == "RING" else "LAT"
    return [
        sprintf("INA=%-8.6sTWST=%-10.6sSUNAZ=%-9.6sBOOM=%-10.8sHSCL=%.10s M/PXL", real("INA"), real("TWIST"), real("SUNAZ"),
                BOOM.get(boom, boom), real("HSCL")),
        sprintf("EMA=%-8.6sCONE=%-10.6sSMRAZ=%-9.6sSMEAR=%-9.6sVSCL=%.10s M/PXL", real("EMA"), real("CONE"), real("SMRAZ"),
                real("SMEAR"), real("VSCL")),
        sprintf("PHA=%-8.6sRA=%-12.6sS/CAZ=%-9.6s%s=%-11.6sPLANETRNG=%.10s", real("PHA"), real("RA"), real("SCAZ"), latitude,
                real(latitude), real("PLRANGE")),
        sprintf("HRA=%-8.6sDEC=%-11.6sNORAZ=%-9.6sLON=%-11.6sSLANT RNG=%.10s", real("HRA"), real("DEC"), real("NORAZ"),
                real("LON", "LOG"), real("SLRANGE")),
    ]  # fmt: skip


def _calibration_lines(items: _Items, phase2: bool, format: str) -> list[str]:
    dark = sprintf("DC=%-24.20sCNV=%-11.10s", items.text("DC"), items.real_text("CNV"))
    if phase2:
        dark += sprintf("SEQNO=%-9.6sDSPK_THRESH=%-1.8s", items.whole_text("SEQNO"), items.whole_text("ICT_DESPIKE_THRESHOLD"))
    kind = "EDR" if format == "HALF" else "REDR"
    return [
        sprintf("CAL=%-23.20sIOF=%-11.10sUBWC=%-10.3sSOLAR RNG=%.10s", items.text("CAL"), items.real_text("IOF"),
                items.text("UBWC"), items.real_text("SOLRANGE")),
        dark,
        sprintf(f"BLM=%-23.20sSO=%-27.20s{kind}=%12.12s/%3.3s", items.text("BLM"), items.text("SO"),
                items.text(f"{kind}TAPE"), items.whole_text(f"{kind}FILE")),
    ]  # fmt: skip


def _phase2_lines(items: _Items) -> list[str]:
    """Sub-solar and sub-spacecraft points, and stars."""
    lines, rest = [], ""
    if items.real_text("SUB_SOLAR_LATITUDE") != UNKNOWN:
        lines.append(sprintf("SUB_SOLAR_LAT=%-13.10sSUB_SOLAR_LONG=%-15.10sSUB_SPCFT_LAT=%-7.7s",
                             *(items.real_text(f"SUB_{key}") for key in ("SOLAR_LATITUDE", "SOLAR_LONGITUDE",
                                                                         "SPACECRAFT_LATITUDE"))))  # fmt: skip
        rest = sprintf("SUB_SPCFT_LONG=%-12.10s", items.real_text("SUB_SPACECRAFT_LONGITUDE"))
    count = items.whole("NSTARS")
    if items.whole_text("NSTARS") == UNKNOWN:
        return lines + ([rest] if rest else [])
    count = count or 0
    lines.append(rest + sprintf("NSTARS=%-20.10s", items.whole_text("NSTARS")) + _star(items, 1, count))
    if count > 1:
        lines.append("".join(_star(items, n, count) + "    " for n in range(2, min(count, 4) + 1))[:78])
    if count == 5:
        lines.append((_star(items, 5, count) + "   ")[:78])
    return lines


def _star(items: _Items, number: int, count: int) -> str:
    """Four numbers of a star; of one that was not read, nothing."""
    texts = [items.whole_text(f"STAR{number}", n) for n in range(1, 5)] if number <= count else [""] * 4
    return sprintf(f"STAR{number}=(%3.3s,%3.3s,%3.3s,%3.3s)", *texts)
