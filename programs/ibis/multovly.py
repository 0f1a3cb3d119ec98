"""MULTOVLY: how often each combination of values occurs in several images.

Source: ``vos/p2/prog/multovly`` (Fortran, Sep 11 2014).

Combinations are counted in a table of 20000 places that is sorted and merged with those before when it is more than
six tenths full.

Kept as they are: the sort looks at the bits of 80, 40, 20, 10, 5, 2 and 1 of each byte, so its order is peculiar and
one combination can be listed twice once tables were merged; bytes above 127 count 256 minus their negative; the bytes
of an image that has fewer than the one before keep that one's upper bytes, those of the first image the ones of the
combination before; values are taken from the start of the line, sums from the window; DATACOL only is checked.
accepted: nothing.
known: FULL values below 0 overflow a number; the original's sum, as it was compiled, holds 2**31 there, ours what is left of
them modulo 2**32.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
PLACES = 20000
FULL_TABLE = PLACES * 6 // 10
ROOM, MOST_ROWS = 6120200, 1020000  # bytes of merged keys, and how many there may be
SIZES = {"BYTE": 1, "WORD": 2, "HALF": 2, "FULL": 4}
MASKS = (80, 40, 20, 10, 5, 2, 1, 0)
LONGEST_KEY = 20


def main(task):
    task.if_message("MULTOVLY version Sep 11 2014")
    count, tally = task.count("INP"), task.keyword("TALLY")
    overlaid = count - 1 if tally else count
    if overlaid <= 0:
        task.abend("MUST BE AT LEAST ONE OVERLAY IMAGE")
    images = [task.open("INP", number) for number in range(1, overlaid + 1)]
    if tally:
        images.append(task.open("INP", count, u_format="REAL"))
    window = task.size_field(images[0])
    for image in images:
        if window.sl + window.nl - 1 > image.nl or window.ss + window.ns - 1 > image.ns:
            task.abend("WINDOW IN IMAGES TOO LARGE")
    columns = checked_columns(task, count, tally)
    sizes = []
    for image in images[:overlaid]:
        if image.format not in SIZES:
            task.message("LABEL MUST BE BYTE, HALF, OR FULL")
            task.quit()
        sizes.append(SIZES[image.format])
    wanted = [0] * overlaid if task.defaulted("BYTES") else (task.integers("BYTES") + [0] * 10)[:overlaid]
    used = [min(size, want) if want > 0 else size for size, want in zip(sizes, wanted)]
    if sum(used) > LONGEST_KEY:
        task.message("MORE THAN 20 BYTES IN IMAGE PIXELS")
        task.quit()
    table = counted(task, images, window, used, tally)
    for image in images:
        image.close()
    task.message(f"{table.entries:7d} ENTRIES TO THE OUTPUT FILE")
    write_table(task, table, used, columns, tally)


def checked_columns(task, count: int, tally: bool) -> int:
    """Number of columns of the table; they have to be told apart even though they are always 1, 2, ..."""
    columns = count + 1 if task.defaulted("NCOL") else task.integer("NCOL")
    if columns <= count:
        task.abend("NCOL TOO SMALL")
    places = (task.integers("DATACOL") + [0] * 40)[:count]
    places.append(count + 1 if task.defaulted("AREACOL") else task.integer("AREACOL"))
    if tally:
        places[count - 1] = count if task.defaulted("SUMCOL") else task.integer("SUMCOL")
    if any(not 0 < place <= columns for place in places):
        task.abend("COLUMN OUT OF RANGE")
    if len(set(places)) < len(places):
        task.abend("COLUMN SPECIFIED MORE THAN ONCE")
    return columns


def counted(task, images, window, used: list[int], tally: bool) -> Overlay:
    shown = set(task.integers("ZEROES"))
    table = Overlay(sum(used), tally)
    most = table.room - PLACES
    pictures = images[: len(used)]
    for line in range(window.sl, window.sl + window.nl):
        task.progress(line - window.sl, window.nl)
        parts, seen = [], np.ones(window.ns, bool)
        for number, (image, width) in enumerate(zip(pictures, used), 1):
            values = image.read(line)[: window.ns]
            pixels = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).view(np.uint8).reshape(len(values), -1)
            part = pixels[:, :width][:, ::-1]
            parts.append(part)
            if number not in shown:
                seen &= part.any(axis=1)
        keys = np.concatenate(parts, axis=1)[seen]
        amounts = images[-1].read(line)[window.ss - 1 :][: window.ns][seen] if tally else None
        if not table.add(keys, amounts, most):
            task.message(f"{most:6d} ENTRIES EXCEEDED AT LINE {line:5d}")
            task.message("STOPPING HERE")
            return table
    if table.core:
        table.sort_and_merge()
    return table


class Overlay:
    """Combinations: ``core`` since the last merge (key -> place), ``keys`` ``hits`` ``sums`` merged."""

    def __init__(self, width: int, tally: bool):
        self.width, self.tally = width, tally
        self.room = min(ROOM // width, MOST_ROWS)
        self.core: dict[bytes, int] = {}
        self.core_hits: list[int] = []
        self.core_sums: list = []
        self.keys: list[bytes] = []
        self.hits: list[int] = []
        self.sums: list = []

    @property
    def entries(self) -> int:
        return len(self.keys)

    def add(self, keys: np.ndarray, amounts, most: int) -> bool:
        """Count pixels, uint8 (pixels, width); False when there are too many combinations."""
        if not self.tally and self.width <= 8 and self._add_many(keys):
            return True
        core, hits, sums = self.core, self.core_hits, self.core_sums
        packed = keys.tobytes()
        for pixel in range(len(keys)):
            key = packed[pixel * self.width : (pixel + 1) * self.width]
            place = core.get(key)
            if place is None:
                core[key] = len(hits)
                hits.append(1)
                sums.append(amounts[pixel] if self.tally else 0)
                if len(hits) > FULL_TABLE:
                    self.sort_and_merge()
                    core, hits, sums = self.core, self.core_hits, self.core_sums
                    if self.entries > most:
                        return False
                continue
            hits[place] += 1
            if self.tally:
                sums[place] = sums[place] + amounts[pixel]
        return True

    def _add_many(self, keys: np.ndarray) -> bool:
        """The same where it is sure that nothing has to be merged; else False."""
        codes = np.zeros(len(keys), np.uint64)
        for byte in range(self.width):
            codes = codes << np.uint64(8) | keys[:, byte]
        _, first, counts = np.unique(codes, return_index=True, return_counts=True)
        if len(self.core_hits) + len(first) > FULL_TABLE:
            return False
        for i in np.argsort(first):
            place = self.core.setdefault(keys[first[i]].tobytes(), len(self.core_hits))
            if place == len(self.core_hits):
                self.core_hits.append(0)
                self.core_sums.append(0)
            self.core_hits[place] += int(counts[i])
        return True

    def sort_and_merge(self) -> None:
        keys = list(self.core)
        order = peculiar_order(np.frombuffer(b"".join(keys), np.uint8).reshape(-1, self.width))
        new = [(keys[i], self.core_hits[i], self.core_sums[i]) for i in order]
        merged = merge(new, list(zip(self.keys, self.hits, self.sums)))
        self.keys, self.hits, self.sums = (list(column) for column in zip(*merged))
        self.core, self.core_hits, self.core_sums = {}, [], []


def merge(new: list[tuple], old: list[tuple]) -> list[tuple]:
    """Two lists that are taken for sorted; equal keys that meet are joined."""
    result, i, j = [], 0, 0
    while i < len(new) and j < len(old):
        if new[i][0] == old[j][0]:
            result.append((new[i][0], new[i][1] + old[j][1], new[i][2] + old[j][2]))
            i, j = i + 1, j + 1
        elif new[i][0] < old[j][0]:
            result.append(new[i])
            i += 1
        else:
            result.append(old[j])
            j += 1
    return result + new[i:] + old[j:]


def peculiar_order(keys: np.ndarray) -> np.ndarray:
    """Places of the keys, uint8 (keys, width), in the order of the original's sort.

    Each group is parted by one mask after the other: those without a bit of the mask to the front. Of those in the wrong
    half, the first from the left changes places with the last from the right.
    """
    order = np.arange(len(keys))
    tests = [(keys[:, byte] & mask) != 0 for byte in range(keys.shape[1]) for mask in MASKS]
    groups = [(0, len(keys), 0)]
    while groups:
        start, stop, level = groups.pop()
        if stop - start < 2 or level == len(tests):
            continue
        part = order[start:stop]
        high = tests[level][part]
        low_count = int(len(part) - np.count_nonzero(high))
        left = np.flatnonzero(high[:low_count])
        right = low_count + np.flatnonzero(~high[low_count:])[::-1]
        part[left], part[right] = part[right], part[left]
        groups += [(start, start + low_count, level + 1), (start + low_count, stop, level + 1)]
    return order


def kept_bytes(keys: np.ndarray, used: list[int]) -> np.ndarray:
    """The four bytes of a number as the combination before left them, rows x 4: of the last image that has so many."""
    left = np.zeros((len(keys) + 1, 4), np.int64)
    at = 0
    for width in used:
        left[1:, :width] = keys[:, at : at + width][:, ::-1]
        at += width
    return left[:-1]


def write_table(task, table: Overlay, used: list[int], columns: int, tally: bool) -> None:
    keys = np.frombuffer(b"".join(table.keys), np.uint8).reshape(-1, table.width)
    values = kept_bytes(keys, used)
    at, cells = 0, []
    for width in used:
        values[:, :width] = keys[:, at : at + width][:, ::-1]
        at += width
        signed = np.where(values > 127, values - 256, values)
        weighed = np.where(signed < 0, 256 - signed, signed) << np.array([0, 8, 16, 24])
        cells.append(weighed.sum(axis=1).astype(np.int32).astype(np.float32))
    if tally:
        cells.append(np.array(table.sums, np.float32))
    cells.append(np.array(table.hits, np.float32))
    with task.create_table(nr=len(keys), nc=columns, org="ROW") as output:
        for column, cell in enumerate(cells, 1):
            output.write(column, cell)
