"""F2's cache of results for pairs of halfwords, with its accidents, over whole blocks of pixels.

A pair has the code IN1 + 32768 + 65536*IN2 and the slot |code| modulo 10909; a slot keeps the last code and its result.
An excluded pixel does not look anything up: its replacement overwrites the result in the slot of the pixel looked up
last, and a later pixel with that slot's code gets the replacement.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.bytetables import count_halfwords
from vicar.numerics.compiled import kernel

SLOTS = 10909


class ResultCache:
    """State between blocks: code and result of each slot, the slot looked up last, the number of evaluations."""

    def __init__(self, at_zero: int):
        """``at_zero``: the result for IN1 = IN2 = 0, which is in the cache from the start."""
        self.codes = np.zeros(SLOTS, np.int32)
        self.results = np.zeros(SLOTS, np.int16)
        self.codes[32768 % SLOTS] = 32768
        self.results[32768 % SLOTS] = at_zero
        self.codes[0] = 1  # code 0 is not in the cache
        self.last_slot = -1
        self.evaluated = 1

    def run(self, codes, values, looked_up, poison, out, pixels: int = 0) -> None:
        """Pixels in order: ``codes`` int32 with the function's ``values`` int16; sets ``out`` where ``looked_up``.

        Where ``poison``, ``out`` holds the replacement, which goes into the slot looked up last. ``pixels``: of the whole
        image; a compiled loop serves large ones.
        """
        compiled = look_up.pick(pixels)
        if compiled is not None:
            arrays = (codes, values, looked_up, poison, out, self.codes, self.results)
            self.last_slot, missed = compiled(*arrays, self.last_slot)
            self.evaluated += int(missed)
            return
        events = np.flatnonzero(looked_up | poison)
        if not len(events):
            return
        lookup = looked_up[events]
        slots = np.where(lookup, np.abs(codes[events].astype(np.int64)) % SLOTS, -1)
        if not lookup.all():
            before = np.maximum.accumulate(np.where(lookup, np.arange(len(events)), -1))
            slots = np.where(before >= 0, slots[before], self.last_slot)
            self._before_the_first(slots < 0, out[events])
        inside = slots >= 0
        events, lookup, slots = events[inside], lookup[inside], slots[inside]
        if len(events):
            self._by_slot(events, lookup, slots, codes, values, out)
            self.last_slot = int(slots[-1])

    def tally(self, dn, values, allowed) -> None:
        """One input (int16) that nothing poisons, whose results (``values`` by code) are known: only the state changes.

        ``allowed``: codes that are looked up. Where a slot serves one code alone the order of the pixels does not matter.
        """
        codes = np.flatnonzero(count_halfwords(dn).astype(bool) & allowed)
        slots = codes % SLOTS
        alone = np.bincount(slots, minlength=SLOTS)[slots] == 1
        code, slot = codes[alone], slots[alone]
        self.evaluated += int(np.count_nonzero(self.codes[slot] != code))
        self.codes[slot], self.results[slot] = code, values[code]
        if not alone.all():
            crowded = np.zeros(65536, bool)
            crowded[codes[~alone]] = True
            some = dn.ravel().astype(np.int32) + 32768
            some = some[crowded[some]]
            everywhere = np.ones(len(some), bool)
            self.run(some, values[some], everywhere, ~everywhere, np.empty(len(some), np.int16), dn.size)

    def _before_the_first(self, early, replacements) -> None:
        """Replacements before anything was looked up fall into the last slot's code (the table before the results)."""
        if early.any():
            value = int(np.uint16(np.int16(replacements[early][-1])))
            code = (int(self.codes[-1]) & 0xFFFF) | value << 16
            self.codes[-1] = np.uint32(code).astype(np.int32)

    def _by_slot(self, events, lookup, slots, codes, values, out) -> None:
        order = np.argsort(slots, kind="stable")
        events, lookup, slots = events[order], lookup[order], slots[order]
        places = np.arange(len(events))
        first = np.ones(len(events), bool)
        first[1:] = slots[1:] != slots[:-1]
        start = np.maximum.accumulate(np.where(first, places, 0))
        code = codes[events]
        # the code the slot held before each event
        seen = np.maximum.accumulate(np.where(lookup, places, -1))
        previous = np.concatenate(([-1], seen[:-1]))
        held = np.where(previous >= start, code[previous], self.codes[slots])
        missed = lookup & (code != held)
        self.evaluated += int(missed.sum())
        # the result the slot holds after each event
        written = missed | ~lookup
        entry = np.where(lookup, values[events], out[events])
        latest = np.maximum.accumulate(np.where(written, places, -1))
        holds = np.where(latest >= start, entry[latest], self.results[slots])
        out[events[lookup]] = holds[lookup]
        last = np.append(first[1:], True)
        self.results[slots[last]] = holds[last]
        final = seen[last]
        known = final >= start[last]
        self.codes[slots[last][known]] = code[final[known]]


@kernel()
def look_up(codes, values, looked_up, poison, out, held, results, last_slot):
    """What `ResultCache.run` does, pixel by pixel; the slot looked up last and the number of evaluations."""
    missed = 0
    for pixel in range(codes.shape[0]):
        if looked_up[pixel]:
            code = codes[pixel]
            slot = abs(np.int64(code)) % SLOTS
            if held[slot] != code:
                held[slot], results[slot] = code, values[pixel]
                missed += 1
            out[pixel] = results[slot]
            last_slot = slot
        elif poison[pixel]:
            if last_slot >= 0:
                results[last_slot] = out[pixel]
            else:
                held[SLOTS - 1] = (held[SLOTS - 1] & 0xFFFF) | (np.int64(out[pixel]) << 16)
    return last_slot, missed


def carry_down(rows: np.ndarray, repeated: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Fill the ``repeated`` pixels from the row above (``above`` for the first row); gives the last row."""
    if repeated.any():
        source = np.maximum.accumulate(np.where(repeated, 0, np.arange(1, len(rows) + 1)[:, None]), axis=0)
        stacked = np.concatenate((above[None], rows))
        rows[...] = np.take_along_axis(stacked, source, axis=0)
    return rows[-1].copy()
