"""OSBLEMLOC: blemish positions of a Voyager camera from image to object space. Source: ``vos/p2/prog/osblemloc`` (19-Mar-2010).

A blemish is four values: number of a reseau mark, offset from it in lines and samples, radius. The offsets are from the
nominal place of the mark, and become offsets from its place in object space.

accepted
  * A file of marks that does not exist crashes the original after its message; here the program ends with an abend.
  * A mark number outside 1 to 202 makes the original read other memory; here it is refused.
"""

from __future__ import annotations

import numpy as np

from programs.voyager._gridtransform import GridError, GridTransform
from programs.voyager._tiepointgrid import nominal_grid
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError
from vicar.missions import reseau, voyager
from vicar.numerics.prnt import prnt

FORTRAN = True

f32 = np.float32
MOST = 500  # blemishes
COLUMNS, IDENTIFIERS = 409, 5
TITLES = (" Frame  =", " Camera =", " Filter =", " Year   =", " Day    =")
CAMERA_COLUMN = 105


def main(task) -> None:
    """Run OSBLEMLOC."""
    task.message("OSBLEMLOC version 19-Mar-2010")
    source = task.open("INP", 1, u_format="REAL")
    camera, count = describe(task, source)
    values = np.zeros(4 * MOST, f32)
    line = source.read(1)[: 4 * MOST]
    values[: len(line)] = line
    blemishes = values.reshape(-1, 4)
    marks = nominal_marks(task, camera)
    if not 4 <= camera <= 7:
        task.abend(*prnt("FULL", camera, "**INVALID CAMERA S/N."))
    transform = GridTransform(nominal_grid(camera, marks, task.message))
    targets = reseau.object_space(camera)
    for blemish in blemishes[: max(count, 0)]:
        move(task, blemish, marks, targets, transform)
    with task.create("OUT", u_format="REAL") as result:
        result.write(values[: result.ns] if result.ns <= len(values) else np.pad(values, (0, result.ns - len(values))))


def describe(task, source) -> tuple[int, int]:
    """Camera serial number and number of blemishes, from the label."""
    camera = source.label.get("CAMNUM", task="", format="INT")
    count = source.label.get("NUMBLEM", task="", format="INT", default=None)
    if count is not None:
        return camera, count
    cards = voyager.Cards()
    cards.load(source.label, lambda text: None)
    try:
        return cards.integer(CAMERA_COLUMN), source.ns // 4
    except voyager.CardError as fault:
        task.printf(f"{task.name.lower()}: {fault}")
        task.quit()


def nominal_marks(task, camera: int) -> np.ndarray:
    """Nominal places of the marks, from the row NOM4 to NOM7 of the table of all frames: float32 (202, 2)."""
    if not task.count("RES"):
        task.abend("***Err reading nominal reseau locations")
    try:
        table = task.open_table(file=task.string("RES"))
    except IbisError:
        raise
    except VicarError:
        task.abend("[IBIS-VICMSG] Exception in IBISFileUnit Reported by VICAR")
    with table:
        wanted = int.from_bytes(f"NOM{camera}".encode(), "little")
        frames, cameras = table.read(1, "FULL"), table.read(2, "FULL")
        rows = np.flatnonzero((frames == wanted) & (cameras == camera))
        if not len(rows):
            task.abend(" ***Err reading nominal reseau locations")
        row = int(rows[0]) + 1
        for number, title in enumerate(TITLES, 1):
            task.messages(*prnt("FULL", int(table.read(number, "FULL", row, 1)[0]), title))
        places = [table.read(number, "REAL", row, 1)[0] for number in range(IDENTIFIERS + 1, COLUMNS + 1)]
    return np.array(places, f32).reshape(reseau.MARKS, 2)


def move(task, blemish: np.ndarray, marks: np.ndarray, targets: np.ndarray, transform: GridTransform) -> None:
    """Make the offsets of one blemish those in object space."""
    mark = int(blemish[0]) - 1
    if not 0 <= mark < reseau.MARKS:
        task.abend(f"***No reseau mark has the number {mark + 1}")
    line, sample = marks[mark, 0] + blemish[1], marks[mark, 1] + blemish[2]
    try:
        line, sample = transform.to_object(line, sample)
    except GridError as fault:
        task.message(str(fault))
    blemish[1:3] = line - targets[mark, 0], sample - targets[mark, 1]
