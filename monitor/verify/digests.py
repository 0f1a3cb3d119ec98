"""Digests of VICAR images, read byte by byte without the library that is being verified.

``pixels``: SHA-256 of everything between the label and the end of the last line (binary header and prefixes included).
``label``: SHA-256 of the label text, the part at the end of the file appended without its LBLSIZE item, with the values of
``DAT_TIM`` and ``USER`` emptied and white space folded to single blanks. ``size``: bytes of the file.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_WIDTH = {"BYTE": 1, "HALF": 2, "WORD": 2, "FULL": 4, "LONG": 4, "REAL": 4, "DOUB": 8, "COMP": 8, "COMPLEX": 8}
_ITEM = re.compile(rb"(?:^|\s)([A-Z][A-Z0-9_]*)\s*=\s*('(?:[^']|'')*'|[^\s]+)")
_SIZE_FIELD = 24  # bytes of the LBLSIZE item that opens each part of a label
_VOLATILE = re.compile(rb"(DAT_TIM|USER)='[^']*'")


def _text(block: bytes) -> bytes:
    return block.split(b"\0", 1)[0]


def _system_items(label: bytes) -> dict[str, str]:
    """The first value of every key (system items come first)."""
    found: dict[str, str] = {}
    for key, value in _ITEM.findall(label):
        found.setdefault(key.decode("latin-1"), value.decode("latin-1").strip("'").strip())
    return found


def file_digests(path: Path) -> dict[str, str | int]:
    """``{"size"}`` for a file without label, else ``{"pixels", "label", "size"}``."""
    data = path.read_bytes()
    begin = re.match(rb"LBLSIZE=(\d+)", data)
    if not begin:
        return {"size": len(data)}
    label_size = int(begin.group(1))
    label = _text(data[:label_size])
    items = _system_items(label)
    pixels_end = label_size + _area(items) if items.get("COMPRESS", "NONE") == "NONE" else _compressed_end(items)
    if items.get("EOL") == "1":
        tail = _text(data[pixels_end:])
        label += tail[_SIZE_FIELD:]
    folded = b" ".join(_VOLATILE.sub(rb"\1=''", label).split())
    return {
        "pixels": hashlib.sha256(data[label_size:pixels_end]).hexdigest(),
        "label": hashlib.sha256(folded).hexdigest(),
        "size": len(data),
    }


def _area(items: dict[str, str]) -> int:
    """Bytes from the end of the label to the end of the last line."""

    def number(key: str, default: int = 0) -> int:
        return int(items.get(key, default))

    sizes = {"BSQ": ("NL", "NB"), "BIL": ("NB", "NL"), "BIP": ("NS", "NL")}
    two, three = sizes[items.get("ORG", "BSQ")]
    record = number("RECSIZE") or number("NS") * _WIDTH[items["FORMAT"]] + number("NBB")
    return record * (number("NLB") + number(two, 1) * number(three, 1))


def _compressed_end(items: dict[str, str]) -> int:
    return int(items.get("EOCI1", 0)) + (int(items.get("EOCI2", 0)) << 32)


def differences(expected: dict[str, dict], folder: Path) -> list[str]:
    """How files in ``folder`` differ from the expected digests: one sentence a file, empty when all agree."""
    found = []
    for name, wanted in expected.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} was not written")
            continue
        have = file_digests(path)
        parts = [key for key in ("pixels", "label", "size") if wanted.get(key) != have.get(key) and key in wanted]
        if parts:
            found.append(f"{name}: {' and '.join(parts)} differ")
    return found
