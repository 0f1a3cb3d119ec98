"""RGB2PSEUDO: three images as one of 256 colours with its table. Source: ``vos/p2/prog/rgb2pseudo`` (C, 6-MAR-1995).

Colours are cut to NBITS a component and counted; the 254 most frequent, black and white remain, the others take the
nearest of them.

Kept as they are: in the original the table of colours is packed in place, and what stays behind the packed part is
used again if there are fewer than 256 colours; pixels joined to white are lost to 0 if no pixel was white itself; a
single image never is of three bands, because the organization is written over their number; the first image alone has
to be BYTE, of the others bytes are taken as they come.
accepted: with NBITS=2, or where an image is smaller than the first, one sentence; the original reads and writes other
memory.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

SHOWN = 256
NOWHERE = -1


def main(task):
    task.if_message("RGB2PSEUDO version 6-MAR-1995")
    count = task.count("INP")
    if count == 2:
        task.abend("Sorry, only 3 files or 1 3-band file allowed")
    images = [task.open("INP", number) for number in range(1, count + 1)]
    first = images[0]
    if first.format != "BYTE":
        task.abend("Sorry, only BYTE format inputs are allowed.")
    if count == 1:
        task.abend("Sorry, three bands are required for input.", "Please use a multiband file or three separate inputs")
    nl, ns, bits = first.nl, first.ns, task.integer("NBITS")
    planes = [pixel_bytes(image)[: nl * ns] for image in images]
    if any(len(plane) < nl * ns for plane in planes):
        task.abend("An image is smaller than the first.")
    if bits < 3:
        task.abend("NBITS has to be 3 or more: there are fewer than 256 colors.")
    result = task.create("OUT", 1, nl=nl, ns=ns, nb=1, mapped=True)
    task.message("Starting conversion...")
    colours, picture = reduced(task, [plane.reshape(nl, ns) for plane in planes], bits)
    for image in images:
        image.close()
    task.message("Writing output...")
    result.write_window(picture)
    result.close()
    with task.create_table("OUT", 2, nr=SHOWN, nc=3, org="COLUMN") as table:
        for column in range(3):
            table.write(column + 1, colours[:, column].astype(np.float32))
    task.message("All done!")


def pixel_bytes(image) -> np.ndarray:
    """What lies in the file behind the label, whatever its format: all records, uint8."""
    return np.concatenate([np.frombuffer(image.read().tobytes(), np.uint8) for _ in range(image.n2 * image.n3)])


def reduced(task, planes, bits: int):
    """The table of colours, uint8 (256, 3), and the picture of places in it."""
    red, green, blue = (plane.astype(np.int32) >> (8 - bits) for plane in planes)
    codes = red << 2 * bits | green << bits | blue
    table = Table(np.bincount(codes.ravel(), minlength=1 << 3 * bits))
    task.message("building histogram")
    task.message(f"found {table.used} colors")
    table.swap(1, table.used - 1)
    task.message("sorting")
    table.sort()
    task.message("merging")
    table.merge(bits)
    table.rotate()
    task.message("creating composite image")
    low = 0xFF >> bits
    shifts = np.array([2 * bits, bits, 0])
    parts = table.code[:SHOWN, None] >> shifts & (1 << bits) - 1
    colours = (parts << (8 - bits) | low).astype(np.uint8)
    colours[255] = 0
    return colours, table.places(1 << 3 * bits)[codes]


class Table:
    """Entries of the table of colours, by place.

    ``code`` is the colour, ``hits`` its pixels, ``head`` the colour whose pixels the chain begins with (or NOWHERE) and
    ``tail`` where the chain goes on: a colour, or, below NOWHERE, the head of the place -2 - tail. ``following`` links
    the pixels of colours.
    """

    def __init__(self, hits: np.ndarray):
        size = len(hits)
        places = np.arange(size)
        self.code, self.hits = places.copy(), hits.copy()
        self.head = np.where(hits > 0, places, NOWHERE)
        self.tail = np.where(hits > 0, places, -2 - places)
        self.following = np.full(size, NOWHERE)
        self._pack()

    def _columns(self):
        return self.code, self.hits, self.head, self.tail

    def _pack(self) -> None:
        """Used entries to the front, behind the first; the last always among them."""
        size = len(self.code)
        kept = np.concatenate(([0], 1 + np.flatnonzero(self.hits[1:] > 0)))
        last = [column[-1] for column in self._columns()]
        for column in self._columns():
            column[: len(kept)] = column[kept]
        self.used = len(kept)
        if self.used < size and self.head[self.used - 1] != last[2] or self.used == size and self.head[-1] != last[2]:
            for column, value in zip(self._columns(), last):
                column[self.used] = value
            self.used += 1

    def swap(self, i: int, j: int) -> None:
        for column in self._columns():
            column[i], column[j] = column[j], column[i]

    def sort(self) -> None:
        """Entries from place 2 on by their pixels, the most first, equal ones as the original's sort leaves them."""
        part = slice(2, self.used)
        order = np.arange(2, self.used)
        shell_sort.best(len(order))(self.hits[part].copy(), order)
        for column in self._columns():
            column[part] = column[order]

    def merge(self, bits: int) -> None:
        """Colours from place 256 on to the nearest of those before."""
        if self.used <= SHOWN:
            return
        shifts = np.array([2 * bits, bits, 0])
        parts = self.code[: self.used, None] >> shifts & (1 << bits) - 1
        for start in range(SHOWN, self.used, 4096):
            block = parts[start : min(start + 4096, self.used)]
            distance = ((block[:, None, :] - parts[None, :SHOWN, :]) ** 2).sum(axis=2)
            for place, best in enumerate(distance.argmin(axis=1).tolist(), start):
                tail = self.tail[best]
                if tail < NOWHERE:
                    self.head[-2 - tail] = self.head[place]
                else:
                    self.following[tail] = self.head[place]
                self.tail[best] = self.tail[place]
                self.hits[best] += self.hits[place]

    def rotate(self) -> None:
        """The second entry to the start, the first to the end."""
        for column in self._columns():
            column[0], column[1], column[255] = column[1], column[255], column[0]

    def places(self, size: int) -> np.ndarray:
        """Place of the pixels of each colour, uint8; of a colour in several chains the last."""
        found = np.zeros(size, np.uint8)
        for place in range(SHOWN):
            colour = self.head[place]
            while colour != NOWHERE:
                found[colour] = place
                colour = self.following[colour]
        return found


@kernel(above=5000)
def shell_sort(hits, order):
    """Sort ``order`` with ``hits``, larger first, in place; gaps 1, 4, 13 ..."""
    count = len(hits)
    gap = 1
    while gap <= count:
        gap = 3 * gap + 1
    while gap >= 3:
        gap //= 3
        for i in range(gap, count):
            value, place = hits[i], order[i]
            j = i
            while j >= gap and hits[j - gap] < value:
                hits[j], order[j] = hits[j - gap], order[j - gap]
                j -= gap
            hits[j], order[j] = value, place
