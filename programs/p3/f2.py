"""F2 of the library p3: the F2 of 1999.

Source: ``vos/p3/prog/f2`` (Fortran). One function string of at most 256 characters. What differs from the later F2:

- EXCLUDE with BYTE input and FULL or REAL output stores the replacement as a halfword in the middle of the line buffer;
- without positions IN1 is nothing where there is no input;
- two inputs that are both -32768 are computed like others.

known: inputs of different organisation are read as if they had that of the first; the original mixes lines and bands.
"""

from __future__ import annotations

from programs.arithmetic.f2 import Edition, run

FORTRAN = True
EDITION = Edition(
    banner="F2 version 4-14-99",
    functions=("FUNCTION",),
    longest=256,
    one_org=False,
    repeats=False,
    wide_exclusion=False,
    sample_in_first=False,
)


def main(task):
    run(task, EDITION)
