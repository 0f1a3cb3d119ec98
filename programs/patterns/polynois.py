"""POLYNOIS: an image of random noise of given levels and frequencies. Source: ``vos/p2/prog/polynois`` (Fortran, 05-SEP-94).

Kept: SEEDS is read and not used.
known: nothing. accepted: lines may be longer than 3600 samples.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.random import Rangen

FORTRAN = True
PIXELS_AT_ONCE = 1 << 20


def main(task):
    task.if_message("POLYNOIS version 05-SEP-94")
    pairs = task.integers("NOISE")
    if len(pairs) % 2:
        task.abend("*** ERROR-NOISE PARAMETERS MUST COME IN PAIRS")
    if any(not 0 <= level <= 255 for level in pairs[::2]):
        task.abend("ITLA: PROGRAM ERR")
    levels = np.array(pairs[::2]).astype(np.uint8)
    weights = np.array(pairs[1::2]).astype(np.float32)
    if (weights <= 0).any():
        task.abend("*** NONPOSITIVE NOISE PROBABILITY")
    limits = np.add.accumulate(weights / np.add.accumulate(weights, dtype=np.float32)[-1], dtype=np.float32)
    ns, nl = task.integer("NSO"), task.integer("NLO")
    if ns <= 0 or nl <= 0:
        task.abend("*** INVALID SIZE FIELD PARAMETERS")
    generator = Rangen(0)
    step = max(1, PIXELS_AT_ONCE // ns)
    with task.create("OUT", nl=nl, ns=ns, format="BYTE", u_format="BYTE") as result:
        for line in range(0, nl, step):
            count = min(step, nl - line)
            which = np.searchsorted(limits, generator.draws(count * ns), side="right").reshape(count, ns)
            beyond = (which == len(levels)).any(axis=1)
            good = int(beyond.argmax()) if beyond.any() else count
            if good:
                result.write_window(levels[which[:good]], line + 1)
            if good < count:
                task.abend("*** NOISE ENCODING ERROR")
    task.message("*** POLYNOIS TASK COMPLETED")
