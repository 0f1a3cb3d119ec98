"""SPICELAB: refreshes the camera keywords of a cube from a text table.

The manual: TO is a cube that exists, only its label changes; EVENT=YES refreshes exposure and filter too; NUMBER, PRODID,
PLANET, MISSION, INST and EXT choose the entry.

known: the text tables of the USGS do not survive, nor their form. A table here is lines of words: the image number, then
``KEYWORD=value`` pairs without blanks (lists in brackets), e.g. ``1632318 SC_SUN_POSITION_VECTOR=(480145376.0,...)``. VFLAG is
accepted and without effect; no kernels are read.
"""

from __future__ import annotations

from programs.isis2._program import Isis, isis_program
from programs.isis2._voyager import sun_vector_length
from vicar.isis2 import values
from vicar.isis2.errors import IsisError
from vicar.isis2.label import text_value
from vicar.isis2.tables import same_word
from vicar.isis2.values import Text

BANNER = False
EVENT_KEYWORDS = ("EXPOSURE_DURATION", "FILTER_NAME", "START_TIME")


@isis_program("2026-11-21", "Put camera geometry keywords into labels")
def main(isis: Isis) -> None:
    """Run SPICELAB."""
    cube = isis.open("TO")
    label = cube.label.copy()
    number = isis.number("NUMBER")
    wanted = str(int(number)) if number else text_value(label.get("IMAGE_NUMBER", "QUBE"))
    if not wanted:
        raise IsisError("NUMBER", "The label has no IMAGE_NUMBER, and the parameter NUMBER is not given")
    name = isis.text("TBLFROM")
    path = isis.task.directory / name
    if not name or not path.is_file():
        raise IsisError("NOFILE", f"The table {name or 'TBLFROM'} does not exist; the USGS's SPICE tables are not public, "
                        "and one of your own has lines of an image number and KEYWORD=value pairs")
    entry = next((w for line in path.read_text("latin-1").splitlines() if (w := line.split()) and same_word(w[0], wanted)), None)
    if entry is None:
        raise IsisError("NOMATCH", f"{name} has no line for image {wanted}")
    keep_event = isis.text("EVENT").upper().startswith("N")
    for pair in entry[1:]:
        key, _, text = pair.partition("=")
        if not text or (keep_event and key.upper() in EVENT_KEYWORDS):
            continue
        label.set(key.upper(), values.parse(text), "QUBE")
    for parameter, keyword in (("PRODID", "PRODUCT_ID"), ("INST", "INSTRUMENT_ID")):
        if isis.text(parameter):
            label.set(keyword, isis.text(parameter), "QUBE")
    for parameter, keyword in (("PLANET", "TARGET_NAME"), ("MISSION", "SPACECRAFT_NAME")):
        if isis.text(parameter):
            label.set(keyword, Text(isis.text(parameter).upper(), ""), "QUBE")
    isis.update(cube, label)
    distance = sun_vector_length(label)
    isis.line(f"  image {wanted}" + (f": sun at {distance!r} km" if distance else ""))
