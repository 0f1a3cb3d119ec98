"""ISIS2VIC (our own): an ISIS 2 cube to a VICAR image, label and history carried along.

Stored numbers are copied as they are, 8-bit to BYTE, 16-bit to HALF (unsigned to FULL), 32-bit to REAL; with TRUE=YES the
output is REAL and holds base + multiplier * stored, special pixels as NULLVAL. The label and history of the cube go into
the property ISIS2 (in full, for VIC2ISIS) and, readable, the keywords of the QUBE into ISIS_QUBE. A VICAR label that
VIC2ISIS had carried into the cube comes back. Suffix planes are not converted.
"""

from __future__ import annotations

import numpy as np

from programs.isis2._carry import joined, pieces
from programs.isis2._program import Isis, isis_program
from vicar.isis2 import subcube
from vicar.isis2.cube import Cube
from vicar.isis2.errors import IsisError
from vicar.isis2.values import Measure, form

BANNER = False
FORMATS = {("u", 1): "BYTE", ("i", 2): "HALF", ("f", 4): "REAL", ("i", 1): "HALF", ("u", 2): "FULL", ("i", 4): "FULL"}
KEY_LENGTH = 32
BLOCK = 1 << 20


@isis_program("2026-11-21", "Convert an ISIS cube to a VICAR image")
def main(isis: Isis) -> None:
    """Run ISIS2VIC."""
    cube = isis.open("FROM")
    part = subcube.parse(isis.task.string("SFROM"), cube)
    true = isis.text("TRUE").upper().startswith("Y")
    kind = "f" if cube.number.vax else cube.number.dtype.kind
    form = "REAL" if true else FORMATS.get((kind, cube.number.dtype.itemsize))
    if form is None:
        raise IsisError("FORMAT", f"{cube.path.name} holds {cube.number.name} items, which no VICAR format holds")
    nothing = isis.task.double("NULLVAL", 0.0)
    target = isis.task.directory / isis.text("TO")
    if target.exists() and not isis.overwrite:
        raise IsisError("EXISTS", f"The output file {target.name} already exists (set ISIS_FILE_OVERWRITE to TRUE to allow it "
                        "to be replaced)")
    isis.task.primary(None)
    ns, nl, nb = part.shape
    samples = np.array(part.samples) - 1
    whole = ns == cube.samples
    with isis.task.create(file=isis.text("TO"), nl=nl, ns=ns, nb=nb, format=form, u_format=form, type="IMAGE") as image:
        label_of(image.label, cube)
        for b, band in enumerate(part.bands, 1):
            for n, line in enumerate(part.lines, 1):
                pixels = cube.read(band, line, 1)
                row = np.nan_to_num(pixels.true()[0], nan=nothing).astype(np.float32) if true else pixels.native[0]
                image.write(np.ascontiguousarray(row if whole else row[samples]), line=n, band=b)
    isis.line(f"  {ns} samples, {nl} lines, {nb} bands")


def label_of(label, cube: Cube) -> None:
    """Everything the cube's label and history say, put before the history set of this program."""
    if cube.label.has("QUBE/VICAR_LABEL"):
        text = joined(cube.label.need("LABEL_TEXT", "QUBE/VICAR_LABEL"))
        place = next(i.start for i in label.all_items if i.key == "TASK")
        label.replace_text(label.text[:place] + text.rstrip() + "  " + label.text[place:])
        return
    label.add("LABEL", pieces(cube.label.text), property="ISIS2", format="STRING")
    label.add("HISTORY", pieces(cube.history), property="ISIS2", format="STRING")
    for key, value in cube.label.items("QUBE").items():
        values = [plain(v) for v in (value if isinstance(value, tuple) else (value,))]
        if values and not key.startswith("^") and len({type(v) for v in values}) == 1:
            label.add(key[:KEY_LENGTH], values, property="ISIS_QUBE",
                      format={int: "INT", float: "DOUB", str: "STRING"}[type(values[0])], mode="REPLACE")


def plain(value):
    """A label value as VICAR labels hold them."""
    if isinstance(value, tuple):
        return form(value)
    if isinstance(value, str) or value is None:
        return " ".join(str(value or "NULL").split())
    if isinstance(value, Measure | float):
        return float(value)
    return int(value) if abs(int(value)) < 1 << 31 else f"16#{int(value):X}#"
