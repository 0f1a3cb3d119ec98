"""VOYSYNTH (our own): a made-up Voyager cube with tables and files that let VOYCAL correct it.

Writes voycal.sav, voylin.sav and the planes they name into the directory DATA, a raw 8-bit cube TO with every keyword VOYCAL
reads, and the truth (I/F, 32-bit) as TO with _truth. The numbers are inventions, not a calibration of Voyager.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from programs.isis2._frame import put
from programs.isis2._program import Isis, isis_program
from programs.ours._moon import SIZE, moon
from vicar.isis2 import tables
from vicar.isis2.errors import IsisError
from vicar.isis2.radiometry import AU, linearized
from vicar.isis2.values import Text
from vicar.isis2.writer import new_label

BANNER = False
W0, DIST0 = 1500.0, 5.2 * AU
EXPOSURE, DEL_EXP = 0.24, -1.5  # s, ms
CURVE = tables.Linearity(2.0, 4.0, 128.0)
STATE = tables.CameraState("VOYAGER", "1", "NA", "0", "1", "0", "1", "J")
COMMENT = """# Made up by VOYSYNTH to try VOYCAL with: NOT a calibration of the Voyager cameras.
# {columns}
"""


@isis_program("2026-11-21", "Make a synthetic Voyager cube with its calibration")
def main(isis: Isis) -> None:
    """Run VOYSYNTH."""
    seed = int(isis.number("SEED") or 1)
    rng = np.random.default_rng([seed, 78])
    line, sample = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    gain = 1 + 0.35 * (((line - 390) / 400) ** 2 + ((sample - 410) / 400) ** 2) / 2 + 0.01 * rng.normal(size=line.shape)
    correction = -(6 + 10 * line / SIZE + 2 * sample / SIZE)
    folder = isis.task.directory / (isis.text("DATA") or ".")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("voycal.sav", "voylin.sav"):
        if (folder / name).exists() and not isis.overwrite:
            raise IsisError("EXISTS", f"{folder / name} already exists; it may be a real one, so it is left alone")
    for name, values in (("synth_gain", gain), ("synth_off", correction)):
        write_real(isis, folder / f"{name}.cub", values)
    scene = moon(seed)
    seconds = EXPOSURE + DEL_EXP / 1000
    raw = unbent(scene * (seconds * W0) / gain) - correction + rng.normal(0, 0.5, scene.shape)
    label = new_label()
    put(label, {
        "SPACECRAFT_NAME": Text("VOYAGER_1", ""), "IMAGE_NUMBER": f"{seed:>10d}", "TARGET_NAME": Text("SYNTHETIC", ""),
        "INSTRUMENT_ID": "NA", "CAL_TARGET_CODE": "J", "CAMERA_STATE_1": "1", "CAMERA_STATE_2": "0", "CAMERA_STATE_3": "1",
        "EXPOSURE_DURATION": EXPOSURE, "NO_CAMERA_STATE": 3, "SC_SUN_POSITION_VECTOR": (DIST0, 0.0, 0.0), "FILTER_NAME": "0",
    })  # fmt: skip
    with isis.create((SIZE, SIZE, 1), "SUN_UNSIGNED_INTEGER", 1, label=label) as cube:
        cube.write(np.clip(np.rint(raw), 1, 255).astype(np.uint8))
    write_tables(folder)
    path = isis.path("TO")
    write_real(isis, path.with_name(f"{path.stem}_truth{path.suffix}"), scene)
    isis.line(f"  a frame of {STATE}")
    isis.line(f"  VOYCAL wants ISISVOYDATA={folder} in the environment VICAR is started in")


def unbent(values: np.ndarray) -> np.ndarray:
    """Signals that the linearity correction turns into the values (Newton's method)."""
    x = values.copy()
    for _ in range(20):
        slope = (CURVE.linorm - CURVE.b) / CURVE.linorm + CURVE.b * CURVE.k / CURVE.linorm * (x / CURVE.linorm) ** (CURVE.k - 1)
        x -= (linearized(x, CURVE) - values) / slope
    return x


def write_tables(folder: Path) -> None:
    """voycal.sav and voylin.sav."""
    row = tables.Calibration(W0, DIST0, 1.0, 0.0, DEL_EXP, "synth_gain", "synth_off")
    columns = "mission sc camera filter states(3) target W0 DIST0 GAIN OFF DEL_EXP gain-file offset-file"
    (folder / "voycal.sav").write_text(COMMENT.format(columns=columns) + tables.calibration_row(STATE, row), "latin-1")
    columns = "mission sc camera filter states B K LINORM"
    (folder / "voylin.sav").write_text(COMMENT.format(columns=columns) + tables.linearity_row(STATE, CURVE), "latin-1")


def write_real(isis: Isis, path: Path, values: np.ndarray) -> None:
    """One 32-bit plane."""
    with isis.create((SIZE, SIZE, 1), "SUN_REAL", 4, path=path) as cube:
        cube.write(values.astype(np.float32))
