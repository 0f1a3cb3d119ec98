"""What the head of a file says: its system label, checked, as sizes and places. No pixels, and no numpy.

Sources: ``process_input_file.c``, ``initialize_from_label.c``, ``determine_translation.c``.

accepted: the block that system items are looked for in is 4096 bytes on every file system.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from vicar.errors import VicarError
from vicar.image.geometry import ORGS, Geometry, axes
from vicar.image.store import Store
from vicar.label import syntax, system

ROUTINE = "XVOPEN"
SIZES = {"BYTE": 1, "HALF": 2, "FULL": 4, "REAL": 4, "DOUB": 8, "COMP": 8}  # bytes of a pixel
OLD_NAMES = {"WORD": "HALF", "LONG": "FULL", "COMPLEX": "COMP"}
_NATIVE = ("NATIVE", "LOCAL")


class Header(NamedTuple):
    """Geometry, system items by lower-case name, and the text and items that were looked at to find them."""

    geometry: Geometry
    attributes: dict[str, Any]
    text: str
    items: list[syntax.Item]


def modern(name: str) -> str | None:
    """Today's name of a pixel format (WORD is HALF ...), None for a name that is none."""
    name = name.upper()
    name = OLD_NAMES.get(name, name)
    return name if name in SIZES else None


def native(name: str | None, own: str) -> str:
    """A host or number format in upper case; this machine's, ``own``, for NATIVE, LOCAL and none."""
    name = (name or own).upper()
    return own if name in _NATIVE else name


def number_formats(format: str, intfmt: str, realfmt: str, routine: str = ROUTINE, file: str = "") -> tuple[str, str, str]:
    """Today's names of pixel, integer and real format; BADFOR, BADINTFMT or BADREALFMT for a name that is none."""
    name = modern(format)
    intfmt, realfmt = native(intfmt, system.NATIVE_INTFMT), native(realfmt, system.NATIVE_REALFMT)
    # the last complaint is the one the original reports
    if realfmt not in ("VAX", "IEEE", "RIEEE"):
        raise VicarError("BADREALFMT", routine, file)
    if intfmt not in ("LOW", "HIGH"):
        raise VicarError("BADINTFMT", routine, file)
    if name is None:
        raise VicarError("BADFOR", routine, file)
    return name, intfmt, realfmt


def read_header(store: Store, name: str, u_org: str | None = None, u_n1: int | None = None) -> Header:
    """The head of a labelled file; BADLBL, BADORG, ORGMSMTCH and what `number_formats` raises."""
    base = 0
    block = store.bytes_at(0, system.FIRST_BLOCK)
    offset = system.wrapped_offset(block)
    if offset:
        base, block = offset, store.bytes_at(offset, system.FIRST_BLOCK)
    text = block.split(b"\0", 1)[0].decode("latin-1")
    items = syntax.scan(text)
    values = system.read_system(items)
    if values is None or min(values["NBB"], values["NLB"]) < 0:
        raise VicarError("BADLBL", ROUTINE, name)  # negative sizes: no machine wrote this
    pixel = SIZES[number_formats(values["FORMAT"], values["INTFMT"], values["REALFMT"], ROUTINE, name)[0]]
    org, nb = values["ORG"], values["NB"]
    if u_org and u_org.upper() != org:
        raise VicarError("ORGMSMTCH", ROUTINE, name)
    if org not in ORGS:
        if values["DIM"] != 2:
            raise VicarError("BADORG", ROUTINE, name)
        org, nb = "BSQ", 1
    n1, n2, n3 = axes(org, values["NL"], values["NS"], nb)
    recsize = values["RECSIZE"]
    if u_n1:
        recsize = recsize or u_n1 * pixel + values["NBB"]
    elif recsize:
        n1 = int((recsize - values["NBB"]) / pixel)  # C's division: toward zero
    if recsize <= 0:
        recsize = system.FIRST_BLOCK
    attributes = {key.lower(): value for key, value in values.items()}
    attributes.update(org=org, nb=nb)
    geometry = Geometry(org, values["NL"], values["NS"], nb, n1, n2, n3, pixel, values["NBB"], values["NLB"], recsize,
                        max(0, values["LBLSIZE"]), base)
    return Header(geometry, attributes, text, items)
