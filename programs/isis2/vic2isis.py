"""VIC2ISIS (our own): a VICAR image to an ISIS 2 cube, label and history carried along.

Pixels are copied as they are: BYTE becomes 8-bit, HALF 16-bit, REAL 32-bit. The VICAR label is kept in GROUP = VICAR_LABEL,
from which ISIS2VIC restores it; a label that ISIS2VIC had carried into VICAR comes back. The picture label of a Voyager
frame becomes the keywords that VOYCAL reads.
"""

from __future__ import annotations

from programs.isis2._carry import joined, pieces
from programs.isis2._frame import frame_keywords, put
from programs.isis2._program import Isis, isis_program
from vicar.isis2.errors import IsisError
from vicar.isis2.history import EMPTY, appended
from vicar.isis2.label import Label
from vicar.isis2.writer import CubeWriter, new_label
from vicar.missions import voyager
from vicar.missions.voyager import CardError

BANNER = False
FORMS = {"BYTE": ("UNSIGNED_INTEGER", 1), "HALF": ("INTEGER", 2), "REAL": ("REAL", 4)}
FAMILIES = ("SUN", "PC", "VAX", "IEEE")
BLOCK = 1 << 20


@isis_program("2026-11-21", "Convert a VICAR image to an ISIS cube")
def main(isis: Isis) -> None:
    """Run VIC2ISIS."""
    name = isis.text("FROM")
    with isis.task.open(file=name) as image:
        if image.format not in FORMS:
            raise IsisError("FORMAT", f"{name} is {image.format}; cubes hold BYTE, HALF and REAL (COPY or CFORM make them)")
        kind, size = FORMS[image.format]
        family = isis.text("FAMILY").upper() or "SUN"
        if family == "IEEE" and size < 4:
            family = "SUN"
        label, history = carried(image.label)
        writer = CubeWriter(isis.path("TO"), (image.ns, image.nl, image.nb), f"{family}_{kind}", size, label,
                            appended(history, isis.entry()), base=number(label, "CORE_BASE", 0.0),
                            multiplier=number(label, "CORE_MULTIPLIER", 1.0), overwrite=isis.overwrite)
        with writer as cube:
            count = max(1, BLOCK // image.ns)
            for band in range(1, image.nb + 1):
                for line in range(1, image.nl + 1, count):
                    lines = min(count, image.nl - line + 1)
                    cube.write(cube.number.stored(image.read_window(line, 1, lines, image.ns, band=band)), line, band)
        isis.line(f"  {image.ns} samples, {image.nl} lines, {image.nb} bands")


def number(label: Label, keyword: str, usual: float) -> float:
    return float(label.get(keyword, "QUBE", usual))


def carried(source) -> tuple[Label, str]:
    """Label and history of the cube, from a VICAR label."""
    if ("ISIS2", 1) in source.properties():
        text = joined(source.values("LABEL", property="ISIS2", format="STRING"))
        history = joined(source.values("HISTORY", property="ISIS2", format="STRING"))
        return new_label(Label(text)), history or EMPTY
    label = new_label()
    try:
        mode = 0
        if source.tasks():
            cards = voyager.Cards()
            cards.load(source, lambda text: None)
            mode = cards.mode
    except (CardError, ValueError):
        mode = 0
    try:
        put(label, frame_keywords(source, mode))
    except CardError:
        pass  # no frame of a camera: the image goes into the cube without frame keywords
    start = next((i.start for i in source.all_items if i.key in ("PROPERTY", "TASK")), None)
    if start is not None:
        label.add_group("VICAR_LABEL", "QUBE")
        label.set("LABEL_TEXT", tuple(pieces(source.text[start:])), "QUBE/VICAR_LABEL")
    return label, EMPTY
