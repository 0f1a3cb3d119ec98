"""VGRCDCOPY: Voyager pictures from CD-ROM. Source: ``vos/p2/prog/vgrcdcopy`` (C).

This is no program of the monitor: the procedure of that name starts it through the shell (``pdf/vicar/vgrcdcopy`` runs this
module), and so can anybody. `standalone` is the program itself.

accepted
  * A record of length zero ends the original; what it had written by then (whole buffers of twenty lines) is not kept here.
known
  * Files on which the original crashes or reads unset memory give one line and status 1; see ``vicar.missions.imq``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from vicar import filenames
from vicar.errors import VicarError
from vicar.image import create_image
from vicar.label import HistoryStamp
from vicar.missions import imq, vgrcdlabel

HEADER_LINES, PREFIX = 2, 224
# suffix byte, prefix byte, length
MOVES = ((0, 22, 6), (6, 120, 2), (8, 152, 2), (10, 174, 22), (32, 220, 4))
USAGE = """VGRCDCOPY decodes a compressed Voyager picture of the planetary-data CD-ROMs.
Usage:  vgrcdcopy INPUT OUTPUT
  INPUT   an .IMQ file
  OUTPUT  a VICAR image with the engineering record, the histogram and the line
          suffixes in its binary header and prefixes, as vgrfillin reads it"""


def standalone(
    arguments: Sequence[str], directory: Path, environment: Mapping[str, str], write: Callable[[str], None],
    user: str, now: Callable[[], datetime],
) -> int:
    """Run the program: INPUT OUTPUT; text goes to ``write``, the result is the exit status."""
    if len(arguments) < 2:
        write(USAGE + "\n")
        return 0
    try:
        data = Path(directory, arguments[0]).read_bytes()
    except OSError:
        write("Cannot open input compressed VGR file\n")
        return 0
    try:
        target = filenames.locate(arguments[1], directory, environment)
        try:
            picture = imq.decode(data)
        except imq.NoLengths:
            target.write_bytes(b"")
            write("--->Looks like this file isn't properly formatted with variable-length\n")
            write("    record size delimiters.  Exiting processing\n")
            return 0
        except imq.EmptyLine:
            target.write_bytes(b"")
            write("\nInvalid byte count in dcmprs!\n")
            return 1
        except imq.BadPicture as fault:
            target.write_bytes(b"")
            write(f"vgrcdcopy: {arguments[0]}: {fault}\n")
            return 1
        cards = vgrcdlabel.cards(picture.engineering, picture.suffixes[0], picture.target)
        _write_image(target, arguments[1], picture, cards, HistoryStamp("TASK", user, now().ctime()))
    except (OSError, VicarError):
        write("Cannot open output VGR formatted VICAR file\n")
        return 0
    for card in cards:
        write(card + "\n")
    return 0


def _write_image(path: Path, name: str, picture: imq.Picture, cards: list[str], stamp: HistoryStamp) -> None:
    with create_image(path, name=name, nl=imq.LINES, ns=imq.PIXELS, nlb=HEADER_LINES, nbb=PREFIX, task=stamp) as image:
        for number, card in enumerate(cards, 1):
            image.label.add(f"LAB{number:02d}", card, task="", format="STRING")
        image.label.add("NLABS", len(cards), task="", format="INT")
        records = np.zeros((HEADER_LINES + imq.LINES, PREFIX + imq.PIXELS), np.uint8)
        records[0] = np.frombuffer(picture.engineering, np.uint8)
        records[1] = np.frombuffer(picture.histogram, np.uint8)
        for suffix, prefix, length in MOVES:
            records[HEADER_LINES:, prefix : prefix + length] = picture.suffixes[:, suffix : suffix + length]
        records[HEADER_LINES:, PREFIX:] = picture.pixels
        for record in records:
            image.write(record)


def _from_the_shell() -> int:
    import getpass
    import os
    import sys

    arguments = [a for a in sys.argv[1:] if a]
    return standalone(arguments, Path.cwd(), os.environ, sys.stdout.write, getpass.getuser(), datetime.now)


if __name__ == "__main__":
    raise SystemExit(_from_the_shell())
