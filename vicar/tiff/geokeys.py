"""GeoTIFF keys: numbers, names, and how they lie in a TIFF directory.

Names of keys and of coded values are those of the GeoTIFF specification 1.0 (``geokeys.txt``).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHORT, DOUBLE, ASCII = "Short", "Double", "Ascii"
DIRECTORY, DOUBLES, TEXTS = 34735, 34736, 34737
PIXEL_SCALE, TIEPOINTS, MATRIX = 33550, 33922, 34264
TAG_NAMES = {TIEPOINTS: "ModelTiepointTag", PIXEL_SCALE: "ModelPixelScaleTag", MATRIX: "ModelTransformationTag"}
UNDEFINED, USER_DEFINED = 0, 32767

KEYS = {
    1024: "GTModelType", 1025: "GTRasterType", 1026: "GTCitation", 2048: "GeographicType", 2049: "GeogCitation",
    2050: "GeogGeodeticDatum", 2051: "GeogPrimeMeridian", 2052: "GeogLinearUnits", 2053: "GeogLinearUnitSize",
    2054: "GeogAngularUnits", 2055: "GeogAngularUnitSize", 2056: "GeogEllipsoid", 2057: "GeogSemiMajorAxis",
    2058: "GeogSemiMinorAxis", 2059: "GeogInvFlattening", 2060: "GeogAzimuthUnits", 2061: "GeogPrimeMeridianLong",
    2062: "GeogTOWGS84", 3072: "ProjectedCSType", 3073: "PCSCitation", 3074: "Projection", 3075: "ProjCoordTrans",
    3076: "ProjLinearUnits", 3077: "ProjLinearUnitSize", 3078: "ProjStdParallel1", 3079: "ProjStdParallel2",
    3080: "ProjNatOriginLong", 3081: "ProjNatOriginLat", 3082: "ProjFalseEasting", 3083: "ProjFalseNorthing",
    3084: "ProjFalseOriginLong", 3085: "ProjFalseOriginLat", 3086: "ProjFalseOriginEasting",
    3087: "ProjFalseOriginNorthing", 3088: "ProjCenterLong", 3089: "ProjCenterLat", 3090: "ProjCenterEasting",
    3091: "ProjCenterNorthing", 3092: "ProjScaleAtNatOrigin", 3093: "ProjScaleAtCenter", 3094: "ProjAzimuthAngle",
    3095: "ProjStraightVertPoleLong", 3096: "ProjRectifiedGridAngle", 4096: "VerticalCSType", 4097: "VerticalCitation",
    4098: "VerticalDatum", 4099: "VerticalUnits",
}  # fmt: skip
GROUPS = {
    1024: "model", 1025: "raster", 2048: "geographic", 2050: "datum", 2051: "meridian", 2052: "units", 2054: "units",
    2056: "ellipsoid", 2060: "units", 3072: "projected", 3074: "projection", 3075: "transform", 3076: "units",
    4096: "vertical", 4098: "verticaldatum", 4099: "units",
}  # fmt: skip


@cache
def _names() -> dict[str, dict[int, str]]:
    groups: dict[str, dict[int, str]] = {}
    for line in (Path(__file__).parent / "geokeys.txt").read_text().splitlines():
        if line.startswith("# "):
            current = groups.setdefault(line[2:], {UNDEFINED: "Undefined", USER_DEFINED: "User-Defined"})
        else:
            value, name = line.split(" ")
            current[int(value)] = name
    return groups


def key_name(key: int) -> str:
    return f"{KEYS[key]}GeoKey" if key in KEYS else f"Unknown-{key}"


def value_name(key: int, value: int) -> str:
    return _names()[GROUPS[key]].get(value, f"Unknown-{value}") if key in GROUPS else f"Unknown-{value}"


def value_number(key: int, name: str) -> int | None:
    found = next((value for value, known in _names().get(GROUPS.get(key, ""), {}).items() if known == name), None)
    return int(name[8:]) if found is None and re.fullmatch(r"Unknown-\d+", name) else found


class GeoKeys:
    """Keys with their types and values, by number."""

    def __init__(self):
        self.values: dict[int, tuple[str, list]] = {}
        self.version = (1, 1, 0)

    def set(self, key: int, kind: str, *values) -> None:
        self.values[key] = (kind, list(values))

    def items(self) -> list[tuple[int, str, list]]:
        return [(key, *self.values[key]) for key in sorted(self.values)]

    def fields(self) -> list[tuple[int, str, object]]:
        """The TIFF fields (tag, kind, value) the keys make."""
        if not self.values:
            return []
        directory: list[int] = [*self.version, len(self.values)]
        shorts: list[int] = []
        doubles: list[float] = []
        texts = ""
        start = 4 + 4 * len(self.values)
        for key, kind, values in self.items():
            if kind == ASCII:
                text = f"{values[0]}|"
                directory += [key, TEXTS, len(text), len(texts)]
                texts += text
            elif kind == DOUBLE:
                directory += [key, DOUBLES, len(values), len(doubles)]
                doubles += values
            elif len(values) == 1:
                directory += [key, 0, 1, int(values[0]) & 0xFFFF]
            else:
                directory += [key, DIRECTORY, len(values), start + len(shorts)]
                shorts += values
        found: list[tuple[int, str, object]] = [(DIRECTORY, "SHORT", directory + shorts)]
        if doubles:
            found.append((DOUBLES, "DOUBLE", doubles))
        if texts:
            found.append((TEXTS, "ASCII", texts))
        return found

    @classmethod
    def read(cls, directory: list[int] | None, doubles: list[float] | None, texts: str | None) -> GeoKeys:
        """From the three fields of a TIFF directory."""
        keys = cls()
        if not directory or len(directory) < 4:
            return keys
        keys.version = tuple(directory[:3])
        for n in range(directory[3]):
            key, place, count, offset = directory[4 + 4 * n : 8 + 4 * n]
            if place == 0:
                keys.set(key, SHORT, offset)
            elif place == DIRECTORY:
                keys.set(key, SHORT, *directory[offset : offset + count])
            elif place == DOUBLES:
                keys.set(key, DOUBLE, *(doubles or [])[offset : offset + count])
            elif place == TEXTS:
                keys.set(key, ASCII, (texts or "")[offset : offset + count].removesuffix("|"))
        return keys


def describe(tags: dict[int, list[float]], keys: GeoKeys) -> str:
    """The listing of tags and keys that GTIFPrint writes."""
    lines = ["Geotiff_Information:", f"   Version: {keys.version[0]}", "   Key_Revision: %d.%d" % keys.version[1:],
             "   Tagged_Information:"]  # fmt: skip
    for tag in (TIEPOINTS, PIXEL_SCALE, MATRIX):
        values = tags.get(tag)
        if values:
            width = 4 if tag == MATRIX else 3
            lines.append(f"      {TAG_NAMES[tag]} ({len(values) // width},{width}):")
            for n in range(0, len(values), width):
                lines.append("         " + " ".join(f"{v:<17.15g}" for v in values[n : n + width]))
    lines += ["      End_Of_Tags.", "   Keyed_Information:"]
    for key, kind, values in keys.items():
        head = f"      {key_name(key)} ({kind},{len(values[0]) + 1 if kind == ASCII else len(values)}): "
        if kind == ASCII:
            text = '"' + str(values[0]).replace("\n", "\\n") + '"'
        elif kind == DOUBLE:
            text = " ".join(f"{v:<17.15g}" for v in values)
        elif len(values) == 1:
            text = value_name(key, values[0])
        else:
            text = " ".join(f"{v:<11d}" for v in values)
        lines.append(head + text)
    return "\n".join([*lines, "      End_Of_Keys.", "   End_Of_Geotiff.", ""])


def parse(text: str) -> tuple[dict[int, list[float]], GeoKeys]:
    """Read such a listing; raises ValueError."""
    tags: dict[int, list[float]] = {}
    keys = GeoKeys()
    section, tag = "", 0
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("Tagged_Information"):
            section = "tags"
        elif line.startswith("Keyed_Information"):
            section = "keys"
        elif line.startswith("End_Of_Geotiff"):
            return tags, keys
        elif line.startswith("End_Of") or not line:
            continue
        elif section == "tags":
            head = re.match(r"(\w+) \(\d+,\d+\):", line)
            if head:
                tag = next(number for number, name in TAG_NAMES.items() if name == head[1])
                tags[tag] = []
            else:
                tags[tag] += [float(v) for v in line.split()]
        elif section == "keys":
            _parse_key(keys, line)
    raise ValueError("no End_Of_Geotiff")


def _parse_key(keys: GeoKeys, line: str) -> None:
    head = re.match(r"(\w+?)GeoKey \((\w+),(\d+)\): ?(.*)", line)
    if not head:
        raise ValueError(line)
    key = next(number for number, name in KEYS.items() if name == head[1])
    if head[2] == ASCII:
        keys.set(key, ASCII, head[4].strip().strip('"'))
    elif head[2] == DOUBLE:
        keys.set(key, DOUBLE, *(float(v) for v in head[4].split()))
    elif int(head[3]) == 1:
        value = value_number(key, head[4].strip())
        if value is None:
            raise ValueError(line)
        keys.set(key, SHORT, value)
    else:
        keys.set(key, SHORT, *(int(v) for v in head[4].split()))
