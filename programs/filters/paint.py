"""PAINT: gives each region between borders a number of its own. Source: ``vos/p2/prog/paint`` (Fortran, 6-MAR-10).

The second output is the work file: preliminary regions, before those that meet were joined.

Kept: the outputs are SL-1 lines and SS-1 samples smaller than NL and NS say, though NL lines of NS samples are written; a
region's size counts a run of pixels for its last number only; ZEDGE does not count runs that touch the right edge.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.filters import _regions
from programs.filters._regions import BORDER, MOST, SIDE
from vicar.errors import VicarError
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True
SEED = 5555
MOST_OF_A_BYTE = 254
LARGEST = 32767
DEBUG_ITEMS = 800


def main(task):
    task.if_message("PAINT version 6-MAR-10")
    with task.open("INP", u_format="HALF") as source:
        sl, ss, nl, ns = size_field(task, source)
        half = task.keyword("HALF")
        sizes = dict(nl=nl - sl + 1, ns=ns - ss + 1)
        result = task.create("OUT", 1, **sizes, format="HALF" if half else "BYTE", u_format="HALF")
        work = task.create("OUT", 2, format="HALF", u_format="HALF")
        image = np.full((nl + 1, ns), 0, np.int32)
        found = nl
        for n in range(nl):
            try:
                image[n] = source.read(line=sl + n, samp=ss, nsamps=ns)
            except VicarError:
                found = n
                break
    image = image[: found + 1]
    edged = task.keyword("ZEDGE")
    join, counts = np.arange(BORDER + 1, dtype=np.int32), np.zeros(BORDER + 1, np.int32)
    preliminary = _regions.number_regions.best(image.size)(image, task.integer("BORDER"), 1 if edged else BORDER, join, counts)
    if preliminary < 0:
        task.abend("TOO MANY REGIONS")
    if nl < 1:
        task.abend("Workfile read error. Program terminated.")
    image = image[:found]
    for line in image:
        work.write(line.astype(np.int16), nsamps=ns)
    if found < nl:
        task.abend("Read error. Program terminated.")
    regions = final_numbers(task, join, counts, preliminary, -1 if edged else 0)
    if regions > (MOST if half else MOST_OF_A_BYTE):
        task.abend("TOO MANY REGIONS")
    if task.keyword("PBORDER"):
        framed = np.pad(image, ((1, 1), (SIDE, SIDE)), constant_values=BORDER)
        painted = _regions.fill_borders.best(image.size)(framed, join, _regions.SPIRALS, SEED)
    else:
        painted = join[image]
        painted[painted == BORDER] = LARGEST if regions < LARGEST else -1
    for line in painted:
        result.write(line.astype(np.int16), nsamps=ns)
    result.close()
    work.close()
    task.message(edit("(I8,' PRELIMINARY REGIONS')", preliminary))
    task.message(edit("(I8,' REGIONS PAINTED')", regions))


def size_field(task, source):
    """Starting line and sample, number of lines and samples; zeros mean the image's."""
    if not task.defaulted("SIZE"):
        sl, ss, nl, ns = task.integers("SIZE")
    else:
        sl, ss, nl, ns = (task.integer(n) for n in ("SL", "SS", "NL", "NS"))
    return sl or 1, ss or 1, nl or source.nl, ns or source.ns


def final_numbers(task, join, counts, preliminary, regions):
    """Numbers of the joined regions into ``join``, BORDER for those under THRESH; how many are left."""
    debug, threshold = task.keyword("DEBUG"), task.integer("THRESH")
    if debug:
        task.messages(*prnt("HALF", join[1 : DEBUG_ITEMS + 1].astype(np.int16), "JOIN."))
    for first in range(1, preliminary + 1):
        if join[first] < first or join[first] == BORDER:
            continue
        regions += 1
        ring, place, count = [], first, 0
        while not ring or place != first:
            ring.append(place)
            count += int(counts[place])
            following = int(join[place])
            join[place] = regions
            place = following
        if debug:
            task.messages(*prnt("HALF", np.array(ring).astype(np.int16), "PREV."))
        if count < threshold:
            regions -= 1
            join[ring] = BORDER
    return regions
