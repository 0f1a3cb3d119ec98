"""The system label: its items, their defaults, its size field, and how a label is split over two areas of a file.

Sources: ``global.c`` (unit table), ``build_system_label``, ``add_label_size_item``, ``place_cut``,
``check_out_lbl_on_close``, ``initialize_from_label``, ``find_pds_offset``, ``find_pds_keyword``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from vicar.label import syntax

SIZE_FIELD = 24
FIRST_BLOCK = 4096  # system items further on are not seen

NATIVE_HOST, NATIVE_INTFMT, NATIVE_REALFMT = "X86-64-LINX", "LOW", "RIEEE"
FOREIGN_HOST, FOREIGN_INTFMT, FOREIGN_REALFMT = "VAX-VMS", "LOW", "VAX"

# key, what a file that lacks it means; None marks the items without which a label is no label
SYSTEM_ITEMS: tuple[tuple[str, int | str | None], ...] = (
    ("FORMAT", None), ("TYPE", "IMAGE"), ("BUFSIZ", None), ("DIM", 3), ("EOL", 0), ("RECSIZE", None), ("ORG", "BSQ"),
    ("NL", None), ("NS", None), ("NB", None), ("N1", 0), ("N2", 0), ("N3", 0), ("N4", 0), ("NBB", 0), ("NLB", 0),
    ("HOST", FOREIGN_HOST), ("INTFMT", FOREIGN_INTFMT), ("REALFMT", FOREIGN_REALFMT),
    ("BHOST", FOREIGN_HOST), ("BINTFMT", FOREIGN_INTFMT), ("BREALFMT", FOREIGN_REALFMT),
    ("BLTYPE", ""), ("COMPRESS", "NONE"), ("EOCI1", 0), ("EOCI2", 0),
)  # fmt: skip
_STRINGS = frozenset(
    ["FORMAT", "TYPE", "ORG", "HOST", "INTFMT", "REALFMT", "BHOST", "BINTFMT", "BREALFMT", "BLTYPE", "COMPRESS"]
)

COMPRESSED = ("BASIC", "BASIC2")

# host name -> (INTFMT, REALFMT), as XVHOST knows them
HOSTS = {
    **dict.fromkeys(("VAX-VMS", "AXP-VMS"), ("LOW", "VAX")),
    **dict.fromkeys(("SUN-3", "SUN-4", "SUN-SOLR", "ALLIANT", "MAC-AUX", "MAC-MPW", "SGI", "TEK", "HP-700", "PPC-LINUX",
                     "MAC-OSX"), ("HIGH", "IEEE")),
    **dict.fromkeys(("X86-SOLR", "DECSTATN", "AXP-UNIX", "AXP-LINUX", "X86-LINUX", "X86-64-LINX", "X86-MACOSX",
                     "MAC64-OSX", "X86-NT", "NATIVE", "LOCAL"), ("LOW", "RIEEE")),
}  # fmt: skip


@dataclass(frozen=True)
class HistoryStamp:
    """Name, user and date that every output of one run carries in its new history set."""

    name: str = "TASK"
    user: str = ""
    date: str = ""


def read_system(items: list[syntax.Item]) -> dict[str, Any] | None:
    """System items among those of a label's first block, defaults filled in; None when an essential one is missing.

    The search does not stop at property or history sets: an item that the system part lacks is taken from there.
    """
    found = {item.key: item.value for item in reversed(items)}  # the first of each key
    if "LBLSIZE" not in found:
        return None
    system: dict[str, Any] = {"LBLSIZE": syntax.to_integer(syntax.dequoted(found["LBLSIZE"]))}
    for key, default in SYSTEM_ITEMS:
        if key in found:
            text = syntax.dequoted(found[key])
            system[key] = text.upper() if key in _STRINGS else syntax.to_integer(text)
        elif default is None:
            return None
        else:
            system[key] = default
    return system


def system_text(values: dict[str, int | str]) -> str:
    """The system part of a new label, after its size field, in the order of today's files."""
    return "".join(
        f"{key}='{values[key]}'  " if key in _STRINGS else f"{key}={values[key]}  " for key, _ in SYSTEM_ITEMS
    )


def with_size(text: str, size: int) -> str:
    """``text`` with its LBLSIZE field set; only blanks are padded over, so a short foreign field keeps what follows."""
    field = f"LBLSIZE={size} "
    return field + text[len(field) :]


def size_field(size: int) -> str:
    """A fresh 24-character LBLSIZE field."""
    return f"LBLSIZE={size} ".ljust(SIZE_FIELD)


def cut_place(text: str, size: int, memory: str = "") -> int:
    """Where a label too long for ``size`` bytes is cut: at the last item that would still have fitted.

    A label of exactly ``size`` characters stays whole if nothing but blanks follows its last item and the byte behind
    its terminator, ``memory[:1]``, is empty: the original then takes the terminator for one more item.
    """
    if len(text) < size:
        return len(text)
    cut = end = 0
    for item in syntax.scan(text):
        if item.end - 1 > size:
            return cut
        cut, end = item.start, item.end
        if end > size:
            return cut
    whole = len(text) == size and not text[end:].strip(" \t") and memory[:1] in ("", "\0", " ", "\t")
    return size if whole else cut


def split(text: str, size: int, recsize: int, memory: str = "") -> tuple[bytes, bytes]:
    """Label areas of a file at close: the main one of ``size`` bytes and the EOL one (empty when everything fits).

    The EOL area is a whole number of records; ``recsize`` 0 leaves it unpadded with the size the compressed files use.
    """
    cut = cut_place(text, size, memory)
    main, tail = text[:cut], text[cut:]
    eol = b""
    if tail:
        if recsize:
            length = -(-(SIZE_FIELD + len(tail) + 2) // recsize) * recsize
            eol = (size_field(length) + tail + "  ").encode("latin-1").ljust(length, b"\0")
        else:
            eol = (size_field(SIZE_FIELD + len(tail)) + tail).encode("latin-1")
    main = with_eol(with_size(main, size) if recsize else main, bool(eol))
    return main.encode("latin-1").ljust(size, b"\0"), eol


def with_eol(text: str, on: bool) -> str:
    """``text`` with the first digit of its EOL item overwritten."""
    item = next((i for i in syntax.scan(text) if i.key == "EOL"), None)
    if item is None:
        return text
    return text[: item.value_start] + ("1" if on else "0") + text[item.value_start + 1 :]


_WRAPPERS = (b"PDS_VERSION_ID", b"ODL_VERSION_ID")


def wrapped_offset(first_block: bytes) -> int:
    """Byte offset of the VICAR label inside a PDS- or ODL-labelled file, 0 when there is none."""
    if not first_block.startswith(_WRAPPERS):
        return 0
    text = first_block.split(b"\0", 1)[0].decode("latin-1")
    place = _wrapper_value(text, "^IMAGE_HEADER")
    if place is None:
        return 0
    number = syntax.to_integer(place)
    if number == 0:
        return 0
    rest = place.lstrip("0123456789").lstrip(" ")
    unit = None
    if rest.startswith("<"):
        found = re.match(r"< *([A-Za-z]*) *>", rest)
        if found is None:
            return 0
        unit = found[1].upper()
    if unit is not None and unit.startswith("BYTES"):
        return number - 1
    if unit is not None and not unit.startswith("RECORDS"):
        return 0
    record = _wrapper_value(text, "RECORD_BYTES")
    length = syntax.to_integer(record) if record is not None else 0
    return (number - 1) * length if length > 0 else 0


def _wrapper_value(text: str, key: str) -> str | None:
    """Text behind ``KEY =`` on the first line that has a value for it."""
    for line in text.split("\n"):
        line = line.lstrip(" ")
        if line[: len(key)].upper() == key:
            rest = line[len(key) :].lstrip(" ")
            if rest.startswith("="):
                value = rest[1:].lstrip(" ")
                if value and value[0] != "\r":
                    return value
    return None


def eol_size(head: bytes) -> int:
    """Size an EOL label area gives for itself, 0 when its first bytes are none."""
    items = syntax.scan(head.split(b"\0", 1)[0].decode("latin-1"))
    value = next((i.value for i in items if i.key == "LBLSIZE"), None)
    return syntax.to_integer(value) if value is not None else 0
