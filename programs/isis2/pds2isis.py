"""PDS2ISIS: a PDS picture of Voyager or Viking to an ISIS cube.

known: the translation tables of ISIS ($ISISVOYDATA/vgr2isis_translation.def.3 and its Viking fellow) do not survive, nor
their form. What VOYCAL needs is translated by rules of our own (`vicar.isis2.edr.isis_keywords`; camera states as ISIS3
sets them from the same labels). A TRANSTAB of our own form adds keywords: lines of ``PDS_KEYWORD ISIS_KEYWORD``.
"""

from __future__ import annotations

from programs.isis2._frame import put
from programs.isis2._program import Isis, isis_program
from vicar.isis2.edr import Picture, isis_keywords, read_edr
from vicar.isis2.errors import IsisError
from vicar.isis2.writer import new_label

BANNER = False


@isis_program("2026-11-21", "Convert a PDS image to an ISIS cube")
def main(isis: Isis) -> None:
    """Run PDS2ISIS."""
    name = isis.text("FROM")
    path = isis.task.directory / name
    if not path.is_file():
        raise IsisError("NOFILE", f"The file {name} does not exist")
    picture = read_edr(path.read_bytes())
    keywords = isis_keywords(picture.label)
    keywords.update(extra(isis, picture))
    label = new_label()
    put(label, keywords)
    lines, samples = picture.pixels.shape
    with isis.create((samples, lines, 1), "SUN_UNSIGNED_INTEGER", 1, label=label) as cube:
        cube.write(picture.pixels)
    isis.line(f"  {samples} samples, {lines} lines")


def extra(isis: Isis, picture: Picture) -> dict[str, object]:
    """Keywords a translation table adds."""
    if not isis.text("TRANSTAB"):
        return {}
    found = {}
    for line in (isis.task.directory / isis.text("TRANSTAB")).read_text("latin-1").splitlines():
        words = line.split()
        if len(words) == 2 and not line.startswith("#") and picture.label.find(words[0]):
            found[words[1].upper()] = picture.label.get(words[0])
    return found
