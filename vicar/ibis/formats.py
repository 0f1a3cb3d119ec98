"""Cell formats of IBIS tables and their conversion.

A format is named BYTE HALF FULL REAL DOUB COMP or ``An`` (text of up to ``n`` bytes, 1 to 256). In IBIS-2 a text cell has
``n + 1`` bytes, the last a NUL; in IBIS-1 it has ``n``, at least 4, and is padded with blanks. Numbers convert by the run-time
library's casts; between numbers and text there is no conversion (CANTTRANS). Source: ``util_format.c``, ``util_trans.c``.
"""

from __future__ import annotations

import numpy as np

from vicar.ibis.errors import IbisError
from vicar.image.hosts import codec
from vicar.numerics.conversion import cast

NUMERIC = ("BYTE", "HALF", "FULL", "REAL", "DOUB", "COMP")
SIZES = {"BYTE": 1, "HALF": 2, "FULL": 4, "REAL": 4, "DOUB": 8, "COMP": 8}
NATIVE = {
    "BYTE": np.dtype("u1"), "HALF": np.dtype("<i2"), "FULL": np.dtype("<i4"),
    "REAL": np.dtype("<f4"), "DOUB": np.dtype("<f8"), "COMP": np.dtype("<c8"),
}  # fmt: skip
MAX_TEXT = 256


def normal(format: str, routine: str = "IBISColumnSet") -> str:
    """The format's own spelling; INVALFMT if there is no such format. ``A`` or ``ASCII`` alone is text of 8 bytes."""
    name = format.strip().upper()
    if name in NUMERIC or name == "ASCII":
        return name
    digits = name[1:]
    if name[:1] != "A" or not digits[:1].isdigit():
        raise IbisError("INVALFMT", routine)
    length = int("".join(c for c in digits if c.isdigit()) if digits.isdigit() else digits[: _leading(digits)])
    if not 0 < length <= MAX_TEXT:
        raise IbisError("INVALFMT", routine)
    return f"A{length}"


def _leading(digits: str) -> int:
    n = 0
    while n < len(digits) and digits[n].isdigit():
        n += 1
    return n


def is_text(format: str) -> bool:
    return format[0] == "A"


def text_length(format: str) -> int:
    """Characters of a text format (ASCII without a length: 7 and its NUL)."""
    return 7 if format == "ASCII" else int(format[1:])


def group_name(format: str) -> str:
    """Name of the format group a column of this format belongs to."""
    return "ASCII" if is_text(format) else format


def cell_size(format: str, old: bool = False) -> int:
    """Bytes of a cell in the file."""
    if not is_text(format):
        return SIZES[format]
    return max(text_length(format), 4) if old else text_length(format) + 1


def to_program(raw: np.ndarray, format: str, wanted: str | None, intfmt: str, realfmt: str, routine: str) -> np.ndarray:
    """Cells as they lie in the file, ``raw`` (rows, size) uint8, as an array of ``wanted`` (default: their own format).

    Text gives an array of ``bytes`` (numpy ``S``), cut at the first NUL.
    """
    if is_text(format):
        if wanted is not None and not is_text(normal(wanted, routine)):
            raise IbisError("CANTTRANS", routine)
        cells = np.ascontiguousarray(raw).view(f"S{raw.shape[1]}").reshape(-1)
        return np.array([cell.split(b"\0", 1)[0] for cell in cells.tolist()], dtype=f"S{max(raw.shape[1], 1)}")
    if wanted is not None and is_text(normal(wanted, routine)):
        raise IbisError("CANTTRANS", routine)
    stored = codec(format, intfmt, realfmt)
    values = stored.decode(np.ascontiguousarray(raw).reshape(-1).view(stored.stored))
    return values if wanted is None else cast(values, NATIVE[normal(wanted, routine)])


def to_file(values, format: str, old: bool, intfmt: str, realfmt: str, routine: str) -> np.ndarray:
    """Cells of ``format`` as they lie in the file, (rows, size) uint8."""
    size = cell_size(format, old)
    array = np.asarray(values)
    if is_text(format):
        if array.dtype.kind not in "SUO":
            raise IbisError("CANTTRANS", routine)
        texts = [v if isinstance(v, bytes) else str(v).encode("latin-1", "replace") for v in array.tolist()]
        room = size if old else size - 1
        pad = b" " if old else b"\0"
        data = b"".join(t.split(b"\0", 1)[0][:room].ljust(size, pad) for t in texts)
        return np.frombuffer(data, np.uint8).reshape(len(texts), size)
    if array.dtype.kind in "SUO":
        raise IbisError("CANTTRANS", routine)
    native = np.ascontiguousarray(cast(array, NATIVE[format]))
    return codec(format, intfmt, realfmt).encode(native).view(np.uint8).reshape(-1, size)
