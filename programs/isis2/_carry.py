"""Label texts carried through a file of another kind: printable pieces, so that they come back to the character."""

from __future__ import annotations

from urllib.parse import quote, unquote

SAFE = " !#$&()*+,-./:;<=>?@[]^_{|}~"
PIECE = 60


def pieces(text: str) -> list[str]:
    """A text in pieces without quotes, percent signs and control characters."""
    coded = quote(text, safe=SAFE, encoding="latin-1", errors="replace")
    return [coded[i : i + PIECE] for i in range(0, len(coded), PIECE)] or [""]


def joined(parts) -> str:
    """The text that was cut into pieces."""
    parts = [parts] if isinstance(parts, str) else parts
    full = [str(p).ljust(PIECE) for p in parts[:-1]]  # a reader of labels may have taken blanks off the ends
    return unquote("".join([*full, str(parts[-1])]), encoding="latin-1")
