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
WIDEST_CODE = 8  # bytes of a key that is counted as one number


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
        lines = [image.read(line)[: window.ns] for image in pictures]
        seen = np.ones(window.ns, bool)
        if table.narrow:
            keys = codes(lines, used, shown, seen)
        else:
            parts = [low_bytes(values, width) for values, width in zip(lines, used)]
            for number, part in enumerate(parts, 1):
                if number not in shown:
                    seen &= part.any(axis=1)
            keys = np.concatenate(parts, axis=1)
        amounts = images[-1].read(line)[window.ss - 1 :][: window.ns][seen] if tally else None
        if not table.add(keys if seen.all() else keys[seen], amounts, most):
            task.message(f"{most:6d} ENTRIES EXCEEDED AT LINE {line:5d}")
            task.message("STOPPING HERE")
            return table
    if table.core:
        table.sort_and_merge()
    return table


def low_bytes(values: np.ndarray, width: int) -> np.ndarray:
    """The lowest bytes of numbers, the highest of them first: uint8 (numbers, width)."""
    pixels = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).view(np.uint8).reshape(len(values), -1)
    return pixels[:, :width][:, ::-1]


def codes(lines: list[np.ndarray], used: list[int], shown: set[int], seen: np.ndarray) -> np.ndarray:
    """Pixels of images side by side as one number each, uint64 of which the lowest ``sum(used)`` bytes may be set.

    ``seen`` loses the places where an image is zero that is not in ``shown``.
    """
    result = np.zeros(len(seen), np.uint64)
    for number, (values, width) in enumerate(zip(lines, used), 1):
        part = values.astype(np.uint64)
        if width < values.dtype.itemsize or values.dtype.kind == "i":
            part &= np.uint64((1 << 8 * width) - 1)
        if number not in shown:
            seen &= part != 0
        result <<= np.uint64(8 * width)
        result |= part
    return result


class Overlay:
    """Combinations: ``core`` since the last merge (key -> place), ``keys`` ``hits`` ``sums`` merged.

    ``narrow`` ones without sums come as numbers (`codes`), others as bytes. ``places`` are those of the codes of ``known``;
    ``many_hits`` go with ``core_hits``.
    """

    def __init__(self, width: int, tally: bool):
        self.width, self.tally = width, tally
        self.room = min(ROOM // width, MOST_ROWS)
        self.narrow = not tally and width <= WIDEST_CODE
        self._clear()
        self.keys: list[bytes] = []
        self.hits: list[int] = []
        self.sums: list = []

    @property
    def entries(self) -> int:
        return len(self.keys)

    def _clear(self) -> None:
        self.core: dict[bytes, int] = {}
        self.core_hits: list[int] = []
        self.core_sums: list = []
        self.known, self.places = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        self.table = np.full(1 << 8 * self.width, -1) if self.narrow and self.width <= 2 else None
        self.many_hits = np.zeros(FULL_TABLE + 1, np.int64)

    def add(self, keys: np.ndarray, amounts, most: int) -> bool:
        """Count pixels: codes, or uint8 (pixels, width); False when there are too many combinations."""
        if self.narrow:
            if self._add_many(keys):
                return True
            keys = keys.astype(">u8").view(np.uint8).reshape(-1, WIDEST_CODE)[:, WIDEST_CODE - self.width :]
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
        """Count codes where it is sure that nothing has to be merged; else False."""
        places = self._find(keys)
        new = keys[places < 0]
        if len(new):
            if not self._learn(new):
                return False
            places = self._find(keys)
        counts = np.bincount(places)
        self.many_hits[: len(counts)] += counts
        return True

    def _find(self, keys: np.ndarray) -> np.ndarray:
        """Places of codes, -1 for those that have none."""
        if self.table is not None:
            return self.table[keys.view(np.int64)]
        if not len(self.known):
            return np.full(len(keys), -1)
        at = np.minimum(np.searchsorted(self.known, keys), len(self.known) - 1)
        return np.where(self.known[at] == keys, self.places[at], -1)

    def _learn(self, new: np.ndarray) -> bool:
        """Give places to codes in the order in which they come; False if there are too many."""
        distinct, first = np.unique(new, return_index=True)
        for code in distinct[np.argsort(first)] if len(self.core) + len(distinct) <= FULL_TABLE else ():
            self.core.setdefault(int(code).to_bytes(self.width, "big"), len(self.core))
        self.core_hits += [0] * (len(self.core) - len(self.core_hits))
        self.core_sums += [0] * (len(self.core) - len(self.core_sums))
        found = [self.core.get(int(code).to_bytes(self.width, "big"), -1) for code in distinct]
        if -1 in found:
            return False
        if self.table is not None:
            self.table[distinct.view(np.int64)] = found
        else:
            known, places = np.append(self.known, distinct), np.append(self.places, found)
            order = np.argsort(known)
            self.known, self.places = known[order], places[order]
        return True

    def sort_and_merge(self) -> None:
        keys = list(self.core)
        order = peculiar_order(np.frombuffer(b"".join(keys), np.uint8).reshape(-1, self.width))
        hits = (np.array(self.core_hits) + self.many_hits[: len(keys)]).tolist()
        new = [(keys[i], hits[i], self.core_sums[i]) for i in order]
        merged = merge(new, list(zip(self.keys, self.hits, self.sums)))
        self.keys, self.hits, self.sums = (list(column) for column in zip(*merged))
        self._clear()


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
