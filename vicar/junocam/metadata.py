"""What is known of a picture: the gallery's JSON, a PDS3 label, or the JUNOCAM property of our own VICAR label.

The keywords are the same in all three; numbers come as strings with units (``0.372 <s>``).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from vicar.junocam import JunocamError
from vicar.junocam.camera import FILTERS, FRAME_BIAS, START_BIAS

PROPERTY = "JUNOCAM"
PRODUCT_ID = re.compile(r"JNC[ER]_\d{7}_\d\d[A-Z]\d{5}_V\d+\Z")
TEXTS = 120  # longest text kept in a label


@dataclass(frozen=True)
class Metadata:
    """One picture. Times are UTC, angles degrees (planetographic latitude, west longitude of System III), lengths km."""

    product_id: str
    filters: tuple[str, ...]  # in the order of the framelets
    frames: int
    start_time: str
    interframe_delay: float  # seconds
    exposure: float  # milliseconds
    tdi: int
    summing: int = 1
    bit_mode: str = "SQROOT"
    compression: str = ""
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    solar_distance: float | None = None
    temperature: float | None = None  # kelvin
    stop_time: str = ""
    target: str = "JUPITER"
    orbit: int | None = None
    phase: str = ""
    title: str = ""
    credit: str = "NASA/JPL-Caltech/SwRI/MSSS"
    linear: bool = False  # already on the linear 12-bit scale (RDR)

    @property
    def period(self) -> float:
        """Seconds from frame to frame."""
        return self.interframe_delay + FRAME_BIAS

    @property
    def start(self) -> datetime:
        return parse_time(self.start_time)

    def frame_time(self, frame):
        """Seconds after START_TIME of the middle of frame ``frame`` (from 0)."""
        return START_BIAS + frame * self.period

    @property
    def lines(self) -> int:
        """Lines of the raw picture."""
        return self.frames * len(self.filters) * (128 // self.summing)

    def has_position(self) -> bool:
        return None not in (self.latitude, self.longitude, self.altitude)


def parse_time(text: str) -> datetime:
    """UTC of a label, as a naive datetime. Raises `JunocamError`."""
    try:
        return datetime.fromisoformat(text.strip().rstrip("Z"))
    except ValueError:
        raise JunocamError(f"{text[:40]!r} is not a time") from None


def from_json(text: str | bytes) -> Metadata:
    """The gallery's metadata file. Raises `JunocamError`."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        raise JunocamError("the metadata file is not JSON") from None
    if not isinstance(items, dict):
        raise JunocamError("the metadata file does not hold keywords and values")
    return from_keywords(items)


def from_pds(text: str) -> Metadata:
    """A detached PDS3 label. Raises `JunocamError`."""
    if "PDS_VERSION_ID" not in text[:2000]:
        raise JunocamError("the label is not a PDS label")
    return from_keywords(pds_keywords(text))


def pds_keywords(text: str) -> dict:
    """KEYWORD = VALUE pairs of a PDS3 label, the first of each; lists become lists of strings."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    found: dict = {}
    pattern = r'^[ \t]*(\^?[\w:]+)[ \t]*=[ \t]*("[^"]*"|\([^)]*\)|\{[^}]*\}|[^\r\n]*)'
    for match in re.finditer(pattern, text, flags=re.M):
        value = match[2].strip()
        if value[:1] in "({" and value:
            found.setdefault(match[1], [v.strip().strip("'\"") for v in value[1:-1].split(",")])
        else:
            found.setdefault(match[1], " ".join(value.strip("\"'").split()))
    return found


def from_keywords(items: dict) -> Metadata:
    """Keywords of either source, checked against each other. Raises `JunocamError` naming the keyword."""
    product = str(items.get("PRODUCT_ID", ""))
    if not PRODUCT_ID.match(product):
        raise JunocamError(f"PRODUCT_ID {product[:40]!r} is not that of a JunoCam picture")
    filters = items.get("FILTER_NAME", [])
    filters = tuple(str(f).upper() for f in (filters if isinstance(filters, list) else [filters]))
    unknown = [f[:20] for f in filters if f not in FILTERS]
    if unknown or not filters or len(set(filters)) != len(filters):
        raise JunocamError(f"{product}: FILTER_NAME {', '.join(unknown) or 'empty or doubled'} is not known")
    summing = whole(items, "SAMPLING_FACTOR", 1)
    if summing not in (1, 2):
        raise JunocamError(f"{product}: SAMPLING_FACTOR {summing} is neither 1 nor 2")
    lines, samples = whole(items, "LINES"), whole(items, "LINE_SAMPLES", 1648)
    height = 128 // summing * len(filters)
    if lines is None or lines <= 0 or lines % height or samples != 1648 // summing:
        raise JunocamError(f"{product}: {lines} lines of {samples} samples are no whole number of frames of "
                           f"{len(filters)} framelets")
    tdi, exposure = whole(items, "JNO:TDI_STAGES_COUNT", 1), number(items, "EXPOSURE_DURATION")
    delay = number(items, "INTERFRAME_DELAY")
    if delay is None or not 0.2 < delay < 2:
        raise JunocamError(f"{product}: INTERFRAME_DELAY {delay} is not a time between frames in seconds")
    if exposure is None or not 0 < exposure < 1000:
        raise JunocamError(f"{product}: EXPOSURE_DURATION {exposure} is not an exposure in milliseconds")
    parse_time(str(items.get("START_TIME", "")))
    orbit = whole(items, "ORBIT_NUMBER", None)
    result = Metadata(
        product, filters, lines // height, str(items["START_TIME"]).strip().rstrip("Z"), delay, exposure, tdi, summing,
        str(items.get("SAMPLE_BIT_MODE_ID", "SQROOT")), str(items.get("COMPRESSION_TYPE", "")),
        number(items, "SUB_SPACECRAFT_LATITUDE"), number(items, "SUB_SPACECRAFT_LONGITUDE"),
        number(items, "SPACECRAFT_ALTITUDE"), number(items, "SOLAR_DISTANCE"), number(items, "FOCAL_PLANE_TEMPERATURE"),
        str(items.get("STOP_TIME", "")), str(items.get("TARGET_NAME", "JUPITER")), orbit,
        plain(items.get("MISSION_PHASE_NAME", "")), plain(items.get("TITLE") or items.get("RATIONALE_DESC") or ""),
        linear=product.startswith("JNCR"),
    )
    check_position(result)
    return result


def check_position(meta: Metadata) -> None:
    """The position must be one, where it is given."""
    if meta.has_position() and not (abs(meta.latitude) <= 90 and abs(meta.longitude) <= 360 and meta.altitude > 0):
        raise JunocamError(f"{meta.product_id}: latitude {meta.latitude}, longitude {meta.longitude}, altitude "
                           f"{meta.altitude} is no position above Jupiter")


def remarks(meta: Metadata) -> list[str]:
    """What is odd but can be lived with: exposure against TDI, STOP_TIME against the number of frames."""
    found = []
    if meta.tdi <= 1 and meta.exposure > 3.25:
        found.append(f"exposure {meta.exposure:g} ms without TDI: the spin smears the picture by {meta.exposure / 3.2:.0f} rows")
    elif meta.tdi > 1 and abs(meta.exposure - 3.2 * meta.tdi) > 0.05:
        found.append(f"exposure {meta.exposure:g} ms is not 3.2 ms times {meta.tdi} TDI stages")
    if meta.stop_time:
        try:
            seconds = (parse_time(meta.stop_time) - meta.start).total_seconds()
        except JunocamError:
            return [*found, "STOP_TIME is not a time"]
        if abs(seconds - meta.frames * meta.interframe_delay) > 0.1:
            found.append(f"start and stop are {seconds:.2f} s apart, {meta.frames} frames take "
                         f"{meta.frames * meta.interframe_delay:.2f} s")
    return found


def number(items: dict, key: str) -> float | None:
    """First number of a value with or without unit; None if there is none."""
    value = items.get(key)
    if isinstance(value, bool) or value is None:
        return None
    match = re.match(r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)", str(value))
    if not match:
        return None
    found = float(match[1])
    return found if abs(found) < 1e300 else None


def whole(items: dict, key: str, default: int | None = None) -> int | None:
    found = number(items, key)
    return default if found is None else int(found)


def plain(text) -> str:
    """Printable ASCII on one line, not too long."""
    return " ".join("".join(c if " " <= c <= "~" else " " for c in str(text)).replace("'", "").split())[:TEXTS]


# ------------------------------------------------------------------------------------------------ VICAR label
LABEL_KEYS = {f.name: f.name.upper()[:32] for f in fields(Metadata)}


def to_label(label, meta: Metadata) -> None:
    """Write the JUNOCAM property."""
    for name, value in asdict(meta).items():
        if value is None or value == "":
            continue
        value = list(value) if isinstance(value, tuple) else int(value) if isinstance(value, bool) else value
        kind = {int: "INT", float: "DOUB"}.get(type(value), "STRING")
        label.add(LABEL_KEYS[name], value, property=PROPERTY, format=kind)


def from_label(label) -> Metadata:
    """Read the JUNOCAM property back. Raises `JunocamError` if there is none."""
    if PROPERTY not in [name for name, _ in label.properties()]:
        raise JunocamError("the image has no JUNOCAM property in its label; JNCIMPORT makes such images")
    values = {}
    for field in fields(Metadata):
        if not label.has(LABEL_KEYS[field.name], property=PROPERTY):
            continue
        form = "DOUB" if "float" in str(field.type) else None
        found = label.values(LABEL_KEYS[field.name], property=PROPERTY, format=form)
        values[field.name] = tuple(found) if field.name == "filters" else found[0]
    for name in ("interframe_delay", "exposure", "latitude", "longitude", "altitude", "solar_distance", "temperature"):
        if name in values:
            values[name] = float(values[name])
    values["linear"] = bool(values.get("linear", 0))
    for name in ("product_id", "start_time", "stop_time", "title", "phase", "credit"):
        if name in values:
            values[name] = str(values[name])
    try:
        return Metadata(**values)
    except TypeError:
        raise JunocamError("the JUNOCAM property of the label is not complete") from None
