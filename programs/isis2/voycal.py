"""VOYCAL: radiometric correction of Voyager and Viking Orbiter images (ISIS 2, T. Sucharski, USGS).

No source and no tables survive; authority is the help of the program (equations, parameters, defaults), which leaves some
points open. What is taken here, and why:

* linearity: on GAIN*DR+DC+OFF (`vicar.isis2.radiometry`), as ISIS3's conversion has it; OFF is added, as the help has it.
* exposure in seconds; DEL_EXP in milliseconds, W0 per second, as ISIS3 reads the values it took over.
* SUN under 100 is astronomical units (the help's text), else millions of km (the help's table). Without SUN and without
  SC_SUN_POSITION_VECTOR the distance is DIST0 of the table, as the help says.
* the correction plane of the table is added; DCFILE is subtracted if it is 8-bit, added if it is 32-bit real, as the help
  says; 16-bit is refused.
* stored = (I/F - lo)/(hi - lo)*NORM, lo and hi of ORANGE, so that 10000 (100 for 8 bit) is an I/F of 1 as the help says; base
  and multiplier of the output say so. 32-bit output is I/F itself, without NORM and ORANGE.
* rounding to the nearest, halves away from zero; what does not fit becomes LRS or HRS; special pixels of the input are
  carried, those of gain and correction planes give NULL.
* SAT_FLAG: 32767 for 16 and 32 bits; in 8 bits, which cannot hold it, HRS.
* a power K that is no whole number has no value for what is negative: NULL.
* a cube of several bands is calibrated band by band with the same planes, or with one plane a band where they have as many.
* the output keeps the number family of the input (SUN, PC, VAX, IEEE).
* Viking images use rows of voycal.sav as the Viking tables have them (`vicar.isis2.tables`).

known: the offset of Viking images that changes over the frame and the mission (vikoffcamN.sav, which ISIS3's VIKCAL adds) is
not applied; the documentation of VOYCAL does not know it.

accepted: wording and order of the report; keywords CORE_NAME and CORE_UNIT of the output.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.isis2._program import HOW_TO, Isis, isis_program
from programs.isis2._voyager import camera_state, exposure, image_number, sun_vector_length
from vicar.isis2 import tables
from vicar.isis2.cube import Cube, Pixels, file_path
from vicar.isis2.errors import IsisError
from vicar.isis2.radiometry import exposure_factor, radiance_factor, sensitivity, sun_distance
from vicar.isis2.special import usual
from vicar.isis2.tables import Calibration, Linearity
from vicar.isis2.values import Text
from vicar.isis2.writer import CubeWriter, carried, new_label, saturated

BANNER = False
NORMS = {1: 100.0, 2: 10000.0, 4: 1.0}
BYTES = {1: 1, 2: 2, 3: 4}
NOT_GIVEN = 999.0
SATURATED, SATURATION_FLAG = 254, 32767
BLOCK = 1 << 16  # pixels worked on at once


@dataclass(frozen=True)
class Plan:
    """Everything a pixel needs."""

    factor: float
    gain: float
    offset: float
    curve: Linearity | None
    dark_sign: float
    size: int  # bytes of an output item
    norm: float
    low: float
    high: float
    flag: bool


@isis_program("2026-11-21", "Radiometric correction of planetary images")
def main(isis: Isis) -> None:
    """Run VOYCAL."""
    source = isis.open("FROM")
    state = camera_state(isis, source.label)
    isis.line(f"Image {image_number(isis, source.label) or '(no number)'}: {state}")
    table = isis.data_file("ISISVOYDATA", "voycal.sav")
    row = tables.find_calibration(read_table(table), state)
    if row is None:
        raise IsisError("NOMATCH", f"No row of {table} matches {state}; nothing was corrected")
    curve = linearity(isis, state)
    gain_plane = plane(isis, source, calibration_path(table, row.gain_file))
    dark, sign = dark_plane(isis, source, calibration_path(table, row.offset_file))
    plan = make_plan(isis, source, row, curve, sign)
    prefix = source.number.name.partition("_")[0]
    low, span = (plan.low, (plan.high - plan.low) / plan.norm) if plan.size < 4 else (0.0, 1.0)
    label = new_label(source)
    label.set("CORE_NAME", Text("RADIANCE_FACTOR", ""), "QUBE")
    label.set("CORE_UNIT", Text("DIMENSIONLESS", ""), "QUBE")
    items = (source.samples, source.lines, source.bands)
    kind = item_type(prefix, plan.size)
    with isis.create(items, kind, plan.size, like=source, label=label, base=low, multiplier=span) as result:
        correct(isis, source, gain_plane, dark, plan, result)


def read_table(path) -> str:
    try:
        return path.read_text("latin-1")
    except FileNotFoundError:
        raise IsisError("NODATA", f"The file {path} does not exist: {HOW_TO}") from None


def linearity(isis: Isis, state: tables.CameraState) -> Linearity | None:
    """B, K and LINORM from parameters and voylin.sav, or None where there is no linearity correction."""
    if isis.text("LINEAR").upper().startswith("N"):
        return None
    given = {name: isis.number(name) for name in ("B", "K", "LINORM")}
    row = None
    if None in given.values():
        row = tables.find_linearity(read_table(isis.data_file("ISISVOYDATA", "voylin.sav")), state)
        if row is None:
            if any(v is not None for v in given.values()):
                raise IsisError("LINEAR", "voylin.sav has no row for this camera: B, K and LINORM must all be given, or none")
            return None
    usual_values = (row.b, row.k, row.linorm) if row else (0.0, 0.0, 0.0)
    curve = Linearity(*(u if g is None else g for g, u in zip(given.values(), usual_values)))
    if curve.linorm == 0:
        raise IsisError("LINEAR", "The linearizer normalization LINORM is zero")
    return curve


def calibration_path(table, name: str):
    return file_path(table.parent, name)


def plane(isis: Isis, source: Cube, path) -> Cube:
    """A calibration file that fits the image."""
    if not path.is_file():
        raise IsisError("NODATA", f"The calibration file {path} does not exist: {HOW_TO}")
    cube = isis.open_file(path)
    if (cube.lines, cube.samples) != (source.lines, source.samples) or cube.bands not in (1, source.bands):
        raise IsisError("SIZE", f"{path.name} has {cube.samples} samples, {cube.lines} lines, {cube.bands} bands, the image "
                        f"{source.samples}, {source.lines}, {source.bands}: they must be alike")
    return cube


def dark_plane(isis: Isis, source: Cube, usual_path) -> tuple[Cube, float]:
    """The additive file and its sign."""
    if not isis.text("DCFILE"):
        return plane(isis, source, usual_path), 1.0
    cube = plane(isis, source, isis.path("DCFILE"))
    if cube.number.dtype.itemsize == 1:
        return cube, -1.0
    if cube.number.real:
        return cube, 1.0
    raise IsisError("DCFILE", f"{cube.path.name} must be 8-bit (a dark current, subtracted) or 32-bit real (a correction, added)")


def make_plan(isis: Isis, source: Cube, row: Calibration, curve: Linearity | None, sign: float) -> Plan:
    """All numbers, reported as they are found."""
    seconds = exposure(isis, source.label)
    given = isis.task.parameters.values_of("DEL_EXP")
    delta = row.del_exp if not given or float(given[0]) == NOT_GIVEN else float(given[0])
    used = seconds + delta / 1000
    if not used > 0:
        raise IsisError("EXPOSURE", f"The exposure time is {used:g} seconds ({seconds:g} and a correction of {delta:g} ms); "
                        "give another with the parameter EXP")
    distance, origin = distance_of_sun(isis, source, row)
    w0, gain, offset = isis.number("W0") or row.w0, isis.number("GAIN") or row.gain, isis.number("OFF") or row.offset
    if not (w0 > 0 and distance > 0 and row.dist0 > 0):
        raise IsisError("TABLE", f"W0 ({w0:g}) and the distances from the sun ({row.dist0:g}, {distance:g}) must be positive")
    try:
        w1 = sensitivity(w0, row.dist0, distance)
        factor = exposure_factor(used, w1)
    except (OverflowError, ZeroDivisionError):
        raise IsisError("TABLE", f"With W0 {w0:g}, {used:g} seconds and distances of {row.dist0:g} and {distance:g} km there is "
                        "no factor 1/(EXP*W1) that a number can hold") from None
    for line in (
        f"  exposure {used!r} s (label or EXP {seconds!r} s, correction {delta!r} ms)",
        f"  sun at {distance!r} km ({origin}), W0 {w0!r} at {row.dist0!r} km, W1 {w1!r}",
        f"  gain file {row.gain_file}, " + ("dark current subtracted: " if sign < 0 else "correction added: ")
        + (isis.text("DCFILE") or row.offset_file),
        "  no linearity correction" if curve is None else
        f"  linearity of GAIN*DR+DC+OFF: B {curve.b!r}, K {curve.k!r}, LINORM {curve.linorm!r}",
    ):
        isis.line(line)
    # the three numbers VOYRAMP wants
    for name, value in (("1/(EXP*W1)", factor), ("GAIN", gain), ("OFF", offset)):
        isis.line(f"  {name} = {value!r}")
    return Plan(factor, gain, offset, curve, sign, *scale(isis, source), isis.text("SAT_FLAG").upper().startswith("Y"))


def distance_of_sun(isis: Isis, source: Cube, row: Calibration) -> tuple[float, str]:
    given = isis.number("SUN")
    if given is not None:
        return sun_distance(given), "SUN in AU" if given < 100 else "SUN in millions of km"
    length = sun_vector_length(source.label)
    return (length, "SC_SUN_POSITION_VECTOR") if length is not None else (row.dist0, "voycal.sav")


def scale(isis: Isis, source: Cube) -> tuple[int, float, float, float]:
    """Bytes of an output item, NORM, and ORANGE."""
    otype = isis.number("OTYPE")
    size = BYTES[int(otype)] if otype else source.number.dtype.itemsize
    low, high = (float(v) for v in isis.task.parameters.values_of("ORANGE") or (0.0, 1.0))
    if size < 4 and not low < high:
        raise IsisError("ORANGE", f"The output range {low:g} to {high:g} is empty")
    norm = NORMS[4] if size == 4 else isis.number("NORM") or NORMS[size]
    if not norm > 0:
        raise IsisError("NORM", "NORM must be positive")
    return size, norm, low, high


def item_type(prefix: str, size: int) -> str:
    prefix = "SUN" if prefix in ("UNSIGNED", "INTEGER", "REAL") else prefix
    kind = {1: "UNSIGNED_INTEGER", 2: "INTEGER", 4: "REAL"}[size]
    if prefix in ("IEEE", "MSB") and size < 4:
        prefix = "SUN"
    return f"{prefix}_{kind}"


def correct(isis: Isis, source: Cube, gains: Cube, darks: Cube, plan: Plan, result: CubeWriter) -> None:
    """All pixels, a block of lines at a time."""
    lines = max(1, BLOCK // source.samples)
    for band in range(1, source.bands + 1):
        for first in range(1, source.lines + 1, lines):
            count = min(lines, source.lines - first + 1)
            raw, gain, dark = (c.read(min(band, c.bands), first, count) for c in (source, gains, darks))
            result.write(corrected(raw, gain, dark, plan, result), first, band)
        isis.task.progress(band, source.bands)


def corrected(raw: Pixels, gain: Pixels, dark: Pixels, plan: Plan, result: CubeWriter) -> np.ndarray:
    """Stored output pixels of a block."""
    dr = raw.native.astype(np.float64) * raw.multiplier + raw.base  # special pixels too: they are replaced below
    value = radiance_factor(dr, plan.dark_sign * dark.true(), gain.true(), plan.factor, plan.gain, plan.offset, plan.curve)
    if plan.size < 4:
        value = (value - plan.low) / (plan.high - plan.low) * plan.norm
        stored = saturated(value, result.special, result.number.dtype.newbyteorder("="))
        bits = stored
    else:
        stored, bits = real_pixels(value, result)
    carried(raw, result.special, bits)
    if plan.flag and raw.number.dtype.itemsize == 1:
        full = raw.stored >= SATURATED
        if plan.size == 1:
            bits[full] = result.special.hrs
        else:
            flag = np.full(1, SATURATION_FLAG, np.int16 if plan.size == 2 else np.float32)
            stored[full] = result.number.stored(flag)[0]
    return stored


def real_pixels(value: np.ndarray, result: CubeWriter) -> tuple[np.ndarray, np.ndarray]:
    """I/F as 32-bit reals, NaN as NULL, and the same memory as bit patterns."""
    stored = result.number.stored(value.astype(np.float32))
    if not result.number.vax:
        stored = stored.astype("=f4")
    bits = stored if result.number.vax else stored.view("u4")
    bits[np.isnan(value)] = usual("f", 4, result.number.vax).null
    return stored, bits

