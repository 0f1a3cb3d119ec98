"""Images that are hard to find: numbers that are none, a file without a label, one that is cut off, an empty one, one
without lines."""

from __future__ import annotations

import struct
from pathlib import Path


def image(name, nl, ns, form, code, values, claim=None):
    """A labelled image; ``claim``: lines the label tells of."""
    lines = nl if claim is None else claim
    label = (
        f"LBLSIZE=400  FORMAT='{form}'  TYPE='IMAGE'  BUFSIZ=400  DIM=3  EOL=0  RECSIZE={struct.calcsize(code) * ns}  ORG='BSQ'"
        f"  NL={lines}  NS={ns}  NB=1  N1={ns}  N2={lines}  N3=1  N4=0  NBB=0  NLB=0  HOST='X86-64-LINX'  INTFMT='LOW'"
        "  REALFMT='RIEEE'  BHOST='X86-64-LINX'  BINTFMT='LOW'  BREALFMT='RIEEE'  BLTYPE=''"
        "  TASK='MADE'  USER='us'  DAT_TIM='Tue Nov  3 10:00:00 2020'  "
    )
    with open(name, "wb") as out:
        out.write(label.encode().ljust(400, b"\0") + struct.pack(f"<{nl * ns}{code}", *values))


def make_odd(lines: int) -> None:
    """An image of ten samples that holds infinities and what is not a number."""
    reals = [3.5 * (y * 10 + x) - 40 for y in range(lines) for x in range(10)]
    reals[24], reals[57], reals[10 * lines - 2] = float("nan"), float("inf"), float("-inf")
    image("odd.img", lines, 10, "REAL", "f", reals)


def make() -> None:
    """All of them, in the current folder."""
    make_odd(8)
    image("cut.img", 4, 10, "BYTE", "B", [n * 7 % 256 for n in range(40)], claim=9)
    image("zero.img", 0, 10, "BYTE", "B", [], claim=0)
    Path("raw").write_bytes(bytes(n * 37 % 251 for n in range(700)))
    Path("empty").write_bytes(b"")
