"""The GEOTIFF property of a label: tag=value strings, and the mapping between pixels and map coordinates they describe.

Source: ``vos/p2/sub/carto_subs`` (``cartoGtUtils.c``, ``cartoStrUtils.c``, ``cartoTieUtils.c``). A label travels as one string,
``TAG=value`` lines each ended by a newline; programs turn it to upper case before they look into it. A mapping is six
numbers: ``east = m0*line + m1*sample + m2``, ``north = m3*line + m4*sample + m5`` (VICAR lines and samples, from 1).

accepted: a label in which a key of the property also stands in the history, or twice, makes the original's walk go in
circles for ever; here every place is visited once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from vicar.errors import VicarError
from vicar.numerics.cformat import sprintf
from vicar.numerics.gauss import solve

PROPERTY = "GEOTIFF"
VALUE_LENGTH = 132
SCALE_TAG, TIE_TAG, MATRIX_TAG = "MODELPIXELSCALETAG", "MODELTIEPOINTTAG", "MODELTRANSFORMATIONTAG"
POINT_RASTER = "GTRASTERTYPEGEOKEY=2"
BAD_LABEL = "Problem with GeoTIFF label"


class GeoLabel(NamedTuple):
    """The property as text, and the size of the image it was found on."""

    text: str
    nl: int
    ns: int

    @property
    def upper(self) -> str:
        return upper(self.text)


class Mapping(NamedTuple):
    """Pixel to map, map to pixel, and the outer corners (east, north of the upper left and of the lower right one)."""

    forward: list[float]
    inverse: list[float]
    corner: list[float]


# ---- text ------------------------------------------------------------------------------------------------------------


def upper(text: str) -> str:
    """C's toupper: letters of ASCII only."""
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text)


def find(text: str, key: str) -> int | None:
    """Position behind the first occurrence of ``key``."""
    at = text.find(key)
    return None if at < 0 else at + len(key)


def number(text: str, at: int = 0) -> tuple[float, int]:
    """The number at ``at``, and where it ends; exponents with E or D; anything else reads as 0.

    Digits behind the point are added up with powers of .1, so the value may differ from C's strtod in the last bits.
    """
    end = len(text)
    while at < end and text[at] == " ":
        at += 1
    sign, whole, part, place = 1.0, 0.0, 0.0, 0.0
    power, power_sign = None, 1.0
    if at < end and text[at] == "-":
        sign, at = -1.0, at + 1
    while at < end:
        c = text[at]
        if c in "eEdD":
            power = 0.0
        elif c == "-":
            power_sign = -1.0
        elif c == ".":
            place = 0.1
        elif "0" <= c <= "9":
            digit = ord(c) - 48
            if power is not None:
                power = 10.0 * power + digit
            elif place == 0.0:
                whole = 10.0 * whole + digit
            else:
                part = part + place * digit
                place *= 0.1
        elif c != "+":
            break
        at += 1
    if power is None:
        return sign * (whole + part), at
    try:
        scale = math.pow(10.0, power * power_sign)
    except OverflowError:
        scale = math.inf
    return sign * (whole + part) * scale, at


def whole_number(text: str) -> int:
    """The integer at the start of ``text`` (ms_num), wrapped to 32 bits."""
    rest = text.lstrip(" ")
    sign, rest = (-1, rest[1:]) if rest.startswith("-") else (1, rest)
    value = 0
    for c in rest:
        if not "0" <= c <= "9":
            break
        value = 10 * value + ord(c) - 48
    return ((sign * value + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def numbers(text: str, at: int, count: int) -> tuple[list[float], int]:
    """``count`` numbers with one character between each; gives the place behind the last."""
    values = []
    for n in range(count):
        value, at = number(text, at + (n > 0))
        values.append(value)
    return values, at


def nice(head: str, value: float) -> str:
    """``head`` and a number with as many decimals as make sense: a shorter form if that saves many digits."""
    length = max(13 - int(math.log10(abs(value) + 0.9)), 3) if math.isfinite(value) else 3
    texts = [_trim(sprintf(head + "%1.*f", length - 2 * n, value)) for n in range(3)]
    size = [len(text) for text in texts]
    if size[0] < 9:
        return texts[0]
    if size[0] - size[2] < 9:
        return texts[0]
    return texts[1] if size[0] - size[1] >= 4 else texts[2]


def _trim(text: str) -> str:
    """Drop the zeros at the end, but not the one behind the point."""
    while text.endswith("0") and not text.endswith(".0"):
        text = text[:-1]
    return text


def scale_text(scale1: float, scale2: float) -> str:
    """Value of the scale tag."""
    return nice("(", scale1) + nice(",", scale2) + ",0.0)"


def matrix_text(t: Sequence[float]) -> str:
    """Value of the transformation tag: a 4 x 4 matrix with six numbers of interest."""
    heads = ("(", ",", ",0,", ",", ",", ",0,")
    return "".join(nice(head, value) for head, value in zip(heads, t)) + ",0,0,0,0,0,0,0,1)"


# ---- the label -------------------------------------------------------------------------------------------------------


def property_items(label, property: str = PROPERTY):
    """Walk over a label as the library does: every key, and of those that the property has too, its items.

    Yields the ``ItemInfo`` of each; the label's position is behind it, so it may be deleted.
    """
    label.rewind()
    seen = set()
    while True:
        try:
            key = label.next_item().key
        except VicarError:
            return
        if key == "PROPERTY":
            continue
        try:
            info = label.info(key, property=property)
        except VicarError:
            continue
        if info.key == "PROPERTY":
            continue
        place = info.key, len(label.text)
        if place in seen:
            return
        seen.add(place)
        yield info


def read_label(task, name: str = "INP", instance: int = 1) -> GeoLabel:
    """The GEOTIFF property of a file (gtgetlab); its text is empty if there is none. Raises `VicarError`."""
    with task.open(name, instance) as image:
        label = image.label
        text = []
        for info in property_items(label):
            for element in range(1, info.nelement + 1):
                value = label.get(info.key, property=PROPERTY, element=element, format="STRING")
                text.append(f"{info.key}={value[:VALUE_LENGTH]}\n")
        nl, ns = label.get("NL", format="INT"), label.get("NS", format="INT")
    return GeoLabel("".join(text), nl, ns)


def split_items(text: str) -> list[tuple[str, str]]:
    """Tags and values of a label text, in order."""
    items, at = [], 0
    while True:
        stop = text.find("=", at)
        stop = len(text) if stop < 0 else stop
        tag, at = text[at:stop], stop + 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        items.append((tag, text[at:stop]))
        at = stop + 1
        if at >= len(text):
            return items


class NewMapping(NamedTuple):
    """What replaces the mapping when a label is copied to an image of another geometry.

    ``swap`` says that the image was turned by 90 degrees, so that scale and matrix change places.
    """

    inverse: Sequence[float]  # east, north -> GeoTIFF sample, line
    scale: str
    matrix: str
    swap: bool = False


def replace_label(task, name: str, instance: int, text: str, keep: str = "nothing", mapping: NewMapping | None = None,
                  edit=None) -> None:
    """Write a label text into the GEOTIFF property of a file that exists (gtreplab).

    ``keep``: "nothing" of the old property, "all" of it, or "others" (all but the mapping). ``edit(tag, value)`` may change
    a value last.
    """
    with task.open(name, instance, "UPDATE") as image:
        label = image.label
        if keep != "all":
            for info in property_items(label):
                if keep == "nothing" or info.key in (SCALE_TAG, TIE_TAG, MATRIX_TAG):
                    label.delete(info.key, property=PROPERTY)
        for tag, value in split_items(text):
            if mapping is not None:
                tag, value = _mapped(label, tag, value, mapping)
            if edit is not None:
                value = edit(tag, value)
            put(label, tag, value)


def put(label, tag: str, value: str) -> None:
    """One item; a tag that is there already gets one more value."""
    label.add(tag, value, property=PROPERTY, format="STRING", mode="REPLACE")


def _mapped(label, tag: str, value: str, new: NewMapping) -> tuple[str, str]:
    if tag == SCALE_TAG:
        return (MATRIX_TAG, new.matrix) if new.swap else (tag, new.scale)
    if tag == MATRIX_TAG:
        if not new.swap:
            return tag, new.matrix
        put(label, SCALE_TAG, new.scale)
        # a label with a matrix need not have a tiepoint, one with a scale must
        matrix, _ = numbers(value, 1, 8)
        sample, line = _pixel(new.inverse, matrix[3], matrix[7])
        tail = ",0.0" + nice(",", matrix[3]) + nice(",", matrix[7]) + ",0.0)"
        return TIE_TAG, nice("(", sample) + nice(",", line) + tail
    if tag == TIE_TAG:
        _, second = numbers(value, 1, 2)
        tie, _ = numbers(value, 1, 5)
        sample, line = _pixel(new.inverse, tie[3], tie[4])
        return tag, nice("(", sample) + nice(",", line) + value[second:]
    return tag, value


def _pixel(inverse: Sequence[float], east: float, north: float) -> tuple[float, float]:
    return (inverse[0] * east + inverse[1] * north + inverse[2], inverse[3] * east + inverse[4] * north + inverse[5])


# ---- mappings --------------------------------------------------------------------------------------------------------


def pixel_offset(text: str) -> float:
    """Difference between VICAR's and GeoTIFF's coordinates of a pixel: 1 for "point" rasters, 0.5 for "area"."""
    return 1.0 if find(text, POINT_RASTER) is not None else 0.5


def invert(t: Sequence[float]) -> list[float]:
    """The inverse of a mapping, solved from three points 100 pixels apart."""
    work = [t[2], 100.0 * t[1] + t[2], 100.0 * t[0] + t[2], t[5], 100.0 * t[4] + t[5], 100.0 * t[3] + t[5], 1.0, 1.0, 1.0]
    first, _ = solve(work, [0.0, 0.0, 100.0])
    second, _ = solve(work, [0.0, 100.0, 0.0])
    return first + second


def forward(text: str) -> list[float] | None:
    """The mapping of an upper-case label text; None if it has none."""
    offset = pixel_offset(text)
    at = find(text, MATRIX_TAG + "=(")
    if at is not None:
        n, _ = numbers(text, at, 8)
        return [n[1], n[0], n[3] - (n[1] + n[0]) * offset, n[5], n[4], n[7] - (n[5] + n[4]) * offset]
    at, scale_at = find(text, TIE_TAG + "=("), find(text, SCALE_TAG + "=(")
    if at is None or scale_at is None:
        return None
    tie, _ = numbers(text, at, 5)
    (scale1, scale2), _ = numbers(text, scale_at, 2)
    east, north = tie[3] - scale1 * (tie[0] + offset), tie[4] - -scale2 * (tie[1] + offset)
    return [0.0, scale1, east, -scale2, 0.0, north]


def read_mapping(text: str, nl: int, ns: int) -> Mapping | None:
    """Mapping, inverse and corners of an image of ``nl`` x ``ns`` pixels (geofix); None if the label has no mapping."""
    t = forward(text)
    if t is None:
        return None
    line, sample = float(nl) + 0.5, float(ns) + 0.5
    corner = [
        0.5 * t[0] + 0.5 * t[1] + t[2],
        0.5 * t[3] + 0.5 * t[4] + t[5],
        line * t[0] + sample * t[1] + t[2],
        line * t[3] + sample * t[4] + t[5],
    ]
    return Mapping(t, invert(t), corner)


def windowed(mapping: Mapping, text: str, line_step: float, line_start: float, sample_step: float,
             sample_start: float) -> NewMapping:
    """The mapping of an image whose pixels lie at ``start + step * n`` (lines, samples; n from 0) of another.

    Source: the ends of gtsize, gtcopy and gtcrop.
    """
    t, inverse = mapping.forward, mapping.inverse
    east = t[0] * line_start + t[1] * sample_start + t[2]
    north = t[3] * line_start + t[4] * sample_start + t[5]
    offset = pixel_offset(text)
    out = [inverse[3] / sample_step, inverse[4] / sample_step, 0.0, inverse[0] / line_step, inverse[1] / line_step, 0.0]
    out[2] = 1.0 - offset - out[0] * east - out[1] * north
    out[5] = 1.0 - offset - out[3] * east - out[4] * north
    return NewMapping(out, scale_text(t[1] * sample_step, -t[3] * line_step), matrix_text(invert(out)))


def is_rectangular(task, text: str, tolerance: float = 1.0e-12) -> bool:
    """Whether lines and samples run along the map's axes (gtrect)."""
    if find(text, SCALE_TAG + "=(") is not None:
        if find(text, TIE_TAG + "=(") is None:
            task.abend(BAD_LABEL)
        return True
    at = find(text, MATRIX_TAG + "=(")
    if at is None:
        return False
    n, _ = numbers(text, at, 6)
    a, b, c, d = abs(n[0]), abs(n[1]), abs(n[4]), abs(n[5])
    limit = tolerance * max(a, b, c, d)
    return (a < limit and d < limit) or (b < limit and c < limit)


def rotation(task, text: str) -> int:
    """Number 0 to 7 of the eight ways an image can lie on the map (1 is VICAR's own); -1 for none of them (gtgetrot)."""
    t = forward(text)
    if t is None:
        task.abend(BAD_LABEL)
    along, across = abs(t[0]) + abs(t[4]), abs(t[1]) + abs(t[3])
    total = along + across
    if total and along / total < 1.0e-10:
        first, second, turns = t[1], t[3], {(1, 1): 5, (1, -1): 1, (-1, 1): 3, (-1, -1): 7}
    elif total and across / total < 1.0e-10:
        first, second, turns = t[0], t[4], {(1, 1): 0, (1, -1): 6, (-1, 1): 4, (-1, -1): 2}
    else:
        return -1
    return turns.get(((first > 0) - (first < 0), (second > 0) - (second < 0)), 0)


def scales(task, text: str) -> tuple[int, float, float]:
    """Kind (1 scale tag, 2 matrix) and the two scale factors (gtgetscl)."""
    at = find(text, MATRIX_TAG + "=(")
    if at is not None:
        n, _ = numbers(text, at, 5)
        return 2, n[1], n[4]
    at = find(text, SCALE_TAG + "=(")
    if at is None:
        task.abend(BAD_LABEL)
    (scale1, scale2), _ = numbers(text, at, 2)
    return 1, scale1, scale2


MAP_TAGS = tuple(
    """GTRASTERTYPEGEOKEY GTMODELTYPEGEOKEY GEOGRAPHICTXGEOKEY GEOGGEODETICDATUMGEOKEY GEOGPRIMEMERIDIANGEOKEY
    GEOGLINEARUNITSGEOKEY GEOGLINEARUNITSIZEGEOKEY GEOGANGULARUNITSGEOKEY GEOGANGULARUNITSIZEGEOKEY GEOGELLIPSOIDGEOKEY
    GEOGSEMIMAJORAXISGEOKEY GEOGSEMIMINORAXISGEOKEY GEOGINVFLATTENINGGEOKEY GEOGAZIMUTHUNITSGEOKEY
    GEOGPRIMEMERIDIANLONGGEOKEY PROJECTEDCSTYPEGEOKEY PROJECTIONGEOKEY PROJCOORDTRANSGEOKEY PROJLINEARUNITSGEOKEY
    PROJLINEARUNITSIZEGEOKEY PROJSTDPARALLEL1GEOKEY PROJSTDPARALLEL2GEOKEY PROJNATORIGINLONGGEOKEY PROJNATORIGINLATGEOKEY
    PROJFALSEEASTINGGEOKEY PROJFALSENORTHINGGEOKEY PROJFALSEORIGINLONGGEOKEY PROJFALSEORIGINLATGEOKEY
    PROJFALSEORIGINEASTINGGEOKEY PROJFALSEORIGINNORTHINGGEOKEY PROJCENTERLONGGEOKEY PROJCENTERLATGEOKEY
    PROJCENTEREASTINGGEOKEY PROJCENTERNORTHINGGEOKEY PROJSCALEATNATORIGINGEOKEY PROJSCALEATCENTERINGEOKEY
    PROJAZIMUTHANGLEGEOKEY PROJSTRAIGHTVERTPOLELONGGEOKEY PROJSTDPARALLELGEOKEY PROJORIGINLONGGEOKEY PROJORIGINLATGEOKEY
    PROJSCALEATORIGINGEOKEY VERTICALCSTYPEGEOKEY VERTICALDATUMGEOKEY VERTICALUNITSGEOKEY""".split()
)
UNIT_TAGS = frozenset(tag for tag in MAP_TAGS if "UNITS" in tag)  # not compared by gtsize


def same_map(task, text1: str, text2: str, tags: Sequence[str] = MAP_TAGS, both: tuple[str, str] = ("", "")) -> bool:
    """Whether two labels agree in every tag that describes the map (gtmapcom); says on the terminal what differs."""
    for tag in tags:
        at1, at2 = find(text1, tag), find(text2, tag)
        if at1 is None and at2 is None:
            continue
        if at1 is None or at2 is None:
            task.printf(f"Missing attribute in label {1 if at1 is None else 2}: {tag}")
            return False
        if not _same_value(text1, at1, text2, at2):
            task.printf(f"Disagreement in labels{both[0]} for: {tag}")
            return False
    return True


def _same_value(text1: str, at1: int, text2: str, at2: int) -> bool:
    """Values agree up to the end of the line or a comment in parentheses; numbers to 1 part in 10**12."""

    def char(text: str, at: int) -> str:
        return text[at] if at < len(text) else ""

    in_word = value_seen = False
    while True:
        while char(text1, at1) == " ":
            at1 += 1
        while char(text2, at2) == " ":
            at2 += 1
        p, q = char(text1, at1), char(text2, at2)
        if p in ("", "\n") or (value_seen and p == "("):
            return True
        digit = "0" <= p <= "9"
        if p.isascii() and p.isalpha() or (digit and in_word):
            in_word = value_seen = True
            if p != q:
                return False
        elif p in "(),=":
            in_word = False
            if q not in tuple("(),="):
                return False
        elif digit or p in ".-":
            value_seen = True
            value1, at1 = number(text1, at1)
            value2, at2 = number(text2, at2)
            if value1 < 0.0:
                value1, value2 = -value1, -value2
            if value1 < value2 * (1.0 - 1.0e-12) or value1 > value2 * (1.0 + 1.0e-12):
                return False
            continue
        else:
            return False
        at1, at2 = at1 + 1, at2 + 1


# ---- four corners ----------------------------------------------------------------------------------------------------


def turn_corners(corners: list[tuple[float, float]], quarter_turns: int) -> list[tuple[float, float]]:
    """rot90: the list of corners starts ``quarter_turns`` corners later."""
    n = quarter_turns % 4
    return corners[n:] + corners[:n]


def flip_corners(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """flip: the corners in reverse order."""
    return corners[::-1]
