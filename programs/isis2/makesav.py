"""MAKESAV (our own): calibration files of VOYCAL from a light-transfer file of FICOR77.

Every pixel's light-transfer curve (signal by luminance) becomes a straight line through zero, fitted by least squares up to
the luminance MAXLUM; its slope at the centre of the frame, relative to the light of the sun, is W0:

    W0 = 10000 * slope / (DIV * t0 * S1 * SCALE)

slope in signal units per foot-lambert, DIV the divisor of the file, t0 one second (the luminances are for 1000 ms), S1 the
units of 10000 times I/F per foot-lambert at 5.2 AU, SCALE a correction as in FICOR77's scale file. The gain file is the
centre's slope over each pixel's, the correction file the negative dark frame (or zero). A row for the camera state is
added to the table, and nothing is written into one that has such a row.

Light-transfer files describe the low gain state; GAIN of the row is 1, or 1 over the gain ratio for a file of high gain.
"""

from __future__ import annotations

import numpy as np

from programs.isis2._frame import CAMERAS
from programs.isis2._program import Isis, isis_program
from programs.voyager._ficor77_scale import GAIN_RATIO, KNOWN_ABOVE, REFLECTANCE
from programs.voyager.ficor77 import Curves
from vicar.isis2 import tables
from vicar.isis2.errors import IsisError
from vicar.isis2.radiometry import AU
from vicar.missions import voyager

BANNER = False
SIZE, CENTRE = 800, 10  # half the width of the square at the centre whose median slope counts
SECONDS = 1.0


@isis_program("2026-11-21", "Make VOYCAL calibration files from a FICOR77 light-transfer file")
def main(isis: Isis) -> None:
    """Run MAKESAV."""
    root = isis.text("TO")
    with isis.task.open(file=isis.text("FROM"), u_format="HALF") as image:
        cards = voyager.Cards()
        cards.load(image.label, isis.line)
        camera, filter_, scan = cards.integer(109), cards.integer(137), cards.integer(227, 228)
        high = cards.integer(238) == 1
        divisor = float(voyager.read_real(cards.columns(203, 210), 3))
        if camera not in CAMERAS or not 0 <= filter_ <= 7:
            raise IsisError("CAMERA", f"{isis.text('FROM')} is for camera {camera}, filter {filter_}: no Voyager camera")
        slope = slopes(Curves(isis.task, image), isis.number("MAXLUM"))
    reflectance = isis.number("S1") or REFLECTANCE[camera][filter_]
    if reflectance <= KNOWN_ABOVE:
        raise IsisError("FILTER", f"Filter {filter_} of camera {camera} was never calibrated: give S1")
    middle = slice(SIZE // 2 - CENTRE, SIZE // 2 + CENTRE + 1)
    centre = float(np.median(slope[middle, middle]))
    if not centre > 0:
        raise IsisError("SLOPE", "The curves at the centre of the frame do not rise")
    w0 = 1e4 * centre / (divisor * SECONDS * reflectance * (isis.number("SCALE") or 1.0))
    gain = 1.0 / float(GAIN_RATIO[camera]) if high else 1.0
    spacecraft, name = CAMERAS[camera]
    state = tables.CameraState("VOYAGER", str(spacecraft), name, str(filter_), isis.text("STATE1") or str(scan),
                               isis.text("STATE2") or "0", isis.text("STATE3") or "1", isis.text("TAR_CODE").upper() or "J")
    table = isis.task.directory / (isis.text("TABLE") or "voycal.sav")
    old = table.read_text("latin-1") if table.exists() else ""
    if tables.find_calibration(old, state) is not None:
        raise IsisError("ROW", f"{table.name} already has a row for {state}")
    with np.errstate(all="ignore"):
        planes = {"gain": np.where(slope > 0, centre / slope, np.nan), "off": dark(isis)}
    files = {kind: table.parent / f"{root}.{kind}.cub" for kind in planes}
    for kind, values in planes.items():
        write(isis, files[kind], values)
    distance = (isis.number("DIST0") or 5.2) * AU
    row = tables.Calibration(w0, distance, gain, 0.0, isis.number("DEL_EXP") or 0.0, files["gain"].name, files["off"].name)
    with open(table, "a", encoding="latin-1") as sav:
        sav.write(("\n" if old and not old.endswith("\n") else "") + tables.calibration_row(state, row))
    for line in (f"  {state}", f"  W0 = {w0!r} per second at {distance!r} km", f"  row added to {table.name}"):
        isis.line(line)


def slopes(curves: Curves, most: float | None) -> np.ndarray:
    """Signal per foot-lambert of each pixel: least squares through zero, float64 (800, 800)."""
    luminance = curves.luminance[: curves.points].astype(np.float64)
    used = (luminance > 0) & (luminance <= (most or np.inf))
    if not used.any():
        raise IsisError("MAXLUM", f"No point of the curves lies between 0 and {most:g} foot-lamberts")
    weight = np.where(used, luminance, 0.0) / (luminance[used] ** 2).sum()
    block = 16 * SIZE
    return np.concatenate([curves.read(first, block).astype(np.float64) @ weight
                           for first in range(0, SIZE * SIZE, block)]).reshape(SIZE, SIZE)


def dark(isis: Isis) -> np.ndarray:
    """What to add to a raw value: minus the dark frame."""
    if not isis.text("DARK"):
        return np.zeros((SIZE, SIZE))
    with isis.task.open(file=isis.text("DARK"), u_format="REAL") as image:
        if (image.nl, image.ns) < (SIZE, SIZE):
            raise IsisError("SIZE", f"The dark frame has {image.nl} lines and {image.ns} samples, not {SIZE}")
        return -image.read_window(1, 1, SIZE, SIZE).astype(np.float64)


def write(isis: Isis, path, values: np.ndarray) -> None:
    """One 32-bit plane, NaN as NULL."""
    with isis.create((SIZE, SIZE, 1), "SUN_REAL", 4, path=path) as cube:
        stored = values.astype(np.float32)
        stored.view(np.uint32)[np.isnan(values)] = cube.special.null
        # byte order changes on the way; bit patterns must not
        cube.write(stored.view(np.uint32).astype(">u4").view(">f4"))

