"""Opening: what an input's label means, and how an output's label comes about.

Sources: ``c_xvopen.c``, ``process_input_file.c``, ``process_output_file.c``, ``copy_primary_input_val.c``,
``create_output_label.c``, ``initialize_from_label.c``.

accepted
* A compressed output with a wrong ORG or a binary part is an error; the original prints the message and goes on.
"""

from __future__ import annotations

import os
from typing import Any

from vicar.errors import VicarError
from vicar.image import labelarea
from vicar.image.formats import dtype_of
from vicar.image.geometry import ORGS, Geometry, axes, buffer_size
from vicar.image.header import ROUTINE, modern, native, read_header
from vicar.image.hosts import codec
from vicar.image.image import Image
from vicar.image.store import NewStore, Store
from vicar.label import system
from vicar.label.label import PROPERTY_KEY, TASK_KEY, Label, history_text
from vicar.label.system import HistoryStamp

TYPES = frozenset(("IMAGE", "PARMS", "PARM", "PARAM", "GRAPH1", "GRAPH2", "GRAPH3", "TABULAR"))
COMPRESSIONS = ("NONE", *system.COMPRESSED)
MAPPED_EXTRA = 1024  # bytes array I/O reserves beyond what it knows of
_NEGATIVE = {"nl": "BADLINE", "ns": "BADSAMP", "nb": "BADBAND", "nbb": "BADBINSIZ", "nlb": "BADBINSIZ"}


def open_image(path: str | os.PathLike, op: str = "READ", *, name: str | None = None, u_format: str | None = None,
               labels: bool = True, binary: bool = False, convert: bool = True, i_format: str | None = None,
               u_nl: int | None = None, u_ns: int | None = None, u_nb: int | None = None, u_org: str | None = None,
               u_nbb: int = 0, u_nlb: int = 0, host: str | None = None, intfmt: str | None = None,
               realfmt: str | None = None, upd_hist: HistoryStamp | None = None) -> Image:
    """Open a file that exists (XVOPEN with OP READ or UPDATE).

    UPDATE writes in place: a process that dies in the middle leaves what it has changed so far, as the original does. (New
    files, `create_image`, appear under their name only when they are complete.)

    Parameters
    ----------
    name : what messages call the file (the path by default).
    u_format : format the program wants to see; the file's by default.
    labels : False is COND=NOLABELS: sizes and formats come from ``u_*``, ``i_format`` (BYTE), ``intfmt``, ``realfmt``.
    binary : COND=BINARY, prefix and header are part of what is read.
    convert : False is CONVERT=OFF, neither type nor number format is changed.
    upd_hist : a history set to add (UPDATE with UPD_HIST).

    Raises ``VicarError`` as XVOPEN: the operating system's message, BADLBL, BADORG, ORGMSMTCH, BADFOR, SIZREQ ...
    """
    name = str(path) if name is None else name
    op = op.upper()
    if op not in ("READ", "UPDATE"):
        raise VicarError("BADOPSTR", ROUTINE, name)
    _check_names(name, org=u_org, formats=(u_format, i_format))
    try:
        store = Store(path, writable=op == "UPDATE")
    except OSError as error:
        raise VicarError.host(error, ROUTINE, name) from error
    try:
        if labels:
            header = read_header(store, name, u_org, u_ns if (u_org or "BSQ") != "BIP" else u_nb)
            geometry, attributes = header.geometry, header.attributes
        else:
            header = None
            geometry, attributes = _from_arguments(
                store, name, i_format, u_org, u_nl, u_ns, u_nb, u_nbb, u_nlb, host, intfmt, realfmt
            )
        file_codec = codec(attributes["format"], attributes["intfmt"], attributes["realfmt"], ROUTINE, name)
        image = Image(store, name, op, geometry, attributes, file_codec, (u_format or attributes["format"]).upper(),
                      labels, binary, convert, header=header)
        if upd_hist is not None and op == "UPDATE" and labels:
            image.label.add_task(upd_hist.name, upd_hist.user, upd_hist.date)
        return image
    except OSError as error:
        store.close()
        raise VicarError.host(error, ROUTINE, name) from error
    except BaseException:
        store.close()
        raise


def _from_arguments(store: Store, name: str, i_format, u_org, u_nl, u_ns, u_nb, u_nbb, u_nlb, host, intfmt,
                    realfmt) -> tuple[Geometry, dict[str, Any]]:
    """COND=NOLABELS: numbers are this machine's unless the caller says otherwise."""
    org = (u_org or "BSQ").upper()
    attributes = _attributes(i_format or "BYTE", "IMAGE", org, host, intfmt, realfmt)
    pixel = codec(attributes["format"], attributes["intfmt"], attributes["realfmt"], ROUTINE, name).size
    n1, n2, n3 = axes(org, u_nl or 0, u_ns or 0, u_nb or 0)
    if not n1:
        raise VicarError("SIZREQ", ROUTINE, name)
    n3 = max(1, n3)
    n2 = n2 or store.size // (pixel * n1 * n3)
    nl, ns, nb = {"BSQ": (n2, n1, n3), "BIL": (n3, n1, n2), "BIP": (n3, n2, n1)}[org]
    recsize = n1 * pixel
    attributes["recsize"] = recsize
    return Geometry(org, nl, ns, nb, n1, n2, n3, pixel, u_nbb, u_nlb, recsize + u_nbb, 0), attributes


def _attributes(format: str, type: str, org: str, host, intfmt, realfmt) -> dict[str, Any]:
    return {
        "format": format.upper(), "type": type.upper(), "org": org, "dim": 3, "eol": 0, "bufsiz": 0,
        "host": native(host, system.NATIVE_HOST), "intfmt": native(intfmt, system.NATIVE_INTFMT),
        "realfmt": native(realfmt, system.NATIVE_REALFMT), "bhost": system.FOREIGN_HOST,
        "bintfmt": system.FOREIGN_INTFMT, "brealfmt": system.FOREIGN_REALFMT, "bltype": "", "compress": "NONE",
        "eoci1": 0, "eoci2": 0,
    }  # fmt: skip


def inherit(primary: Image | None, **given: Any) -> dict[str, Any]:
    """Attributes of an output: what was given (None, and a size of 0, is not), else the primary input's, else the default.

    From the primary come sizes, FORMAT, U_FORMAT, TYPE, ORG, BHOST/BINTFMT/BREALFMT, BLTYPE, COMPRESS with its stale
    EOCI; not its number formats and not its binary header or prefix.
    """
    chosen: dict[str, Any] = {
        "nl": None, "ns": None, "nb": None, "format": "BYTE", "org": "BSQ", "type": "IMAGE", "u_format": None,
        "bhost": system.FOREIGN_HOST, "bintfmt": system.FOREIGN_INTFMT, "brealfmt": system.FOREIGN_REALFMT,
        "bltype": "", "compress": "NONE", "eoci1": 0, "eoci2": 0,
        "host": system.NATIVE_HOST, "intfmt": system.NATIVE_INTFMT, "realfmt": system.NATIVE_REALFMT,
        "nbb": 0, "nlb": 0,
    }  # fmt: skip
    if primary is not None and primary.labelled:
        for key in ("nl", "ns", "nb", "org", "u_format"):
            chosen[key] = getattr(primary, key)
        for key in ("format", "type", "bhost", "bintfmt", "brealfmt", "bltype", "compress", "eoci1", "eoci2"):
            chosen[key] = primary.attributes[key]
    for key, value in given.items():
        if value is not None and (value != 0 or key not in ("nl", "ns", "nb")):
            chosen[key] = value.upper() if isinstance(value, str) else value
    for prefix in ("", "b"):
        for key, own in (("host", system.NATIVE_HOST), ("intfmt", system.NATIVE_INTFMT),
                         ("realfmt", system.NATIVE_REALFMT)):
            chosen[prefix + key] = native(chosen[prefix + key], own)
    chosen["nl"], chosen["nb"] = int(chosen["nl"] or 0), max(1, int(chosen["nb"] or 1))
    chosen["ns"] = int(chosen["ns"] or 0)
    chosen["u_format"] = chosen["u_format"] or chosen["format"]
    return chosen


def create_image(path: str | os.PathLike, *, name: str | None = None, nl: int | None = None, ns: int | None = None,
                 nb: int | None = None, format: str | None = None, org: str | None = None, type: str | None = None,
                 u_format: str | None = None, nbb: int = 0, nlb: int = 0, labels: bool = True, binary: bool = False,
                 convert: bool = True, host: str | None = None, intfmt: str | None = None, realfmt: str | None = None,
                 bhost: str | None = None, bintfmt: str | None = None, brealfmt: str | None = None,
                 bltype: str | None = None, bin_cvt: bool = False, compress: str | None = None,
                 primary: Image | None = None, task: HistoryStamp | None = None, random: bool = False,
                 mapped: bool = False) -> Image:
    """Open a new file (XVOPEN with OP WRITE).

    None means not given: the primary input decides, then the defaults (see ``inherit``). The label is the system part,
    all property sets and the whole history of the primary as they stand, and a new history set. A file with ``nbb`` or
    ``nlb`` is written BINARY. ``random`` is METHOD=RANDOM, ``mapped`` array I/O (ADDRESS); both only show in BUFSIZ.
    """
    name = str(path) if name is None else name
    _check_names(name, org=org, formats=(format, u_format), type=type, compress=compress)
    if bin_cvt:
        bhost, bintfmt, brealfmt = system.NATIVE_HOST, system.NATIVE_INTFMT, system.NATIVE_REALFMT
    a = inherit(primary, nl=nl, ns=ns, nb=nb, format=format, org=org, type=type, u_format=u_format, nbb=nbb or None,
                nlb=nlb or None, host=host, intfmt=intfmt, realfmt=realfmt, bhost=bhost, bintfmt=bintfmt,
                brealfmt=brealfmt, bltype=bltype, compress=compress)  # fmt: skip
    for key, error in _NEGATIVE.items():
        if a[key] < 0 or (key == "nb" and (nb or 0) < 0):
            raise VicarError(error, ROUTINE, name)
    file_codec = codec(a["format"], a["intfmt"], a["realfmt"], ROUTINE, name)
    n1, n2, n3 = axes(a["org"], a["nl"], a["ns"], a["nb"])
    recsize = n1 * file_codec.size + a["nbb"]
    if n1 == 0:
        raise VicarError("SIZREQ", ROUTINE, name)
    compressed = a["compress"] in system.COMPRESSED
    if compressed and a["org"] != "BSQ":
        raise VicarError("UNSORGCMP", ROUTINE, name)
    if compressed and (a["nbb"] or a["nlb"]):
        raise VicarError("UNSBINCMP", ROUTINE, name)
    a.update(n1=n1, n2=n2, n3=n3, n4=0, dim=3, eol=0, recsize=recsize, bufsiz=buffer_size(recsize, random))
    if mapped:
        a["bufsiz"] = recsize * (1 + n2 * n3 + a["nlb"]) + MAPPED_EXTRA + _label_bytes(primary)
    label = Label(_output_label(a, primary, task or HistoryStamp()), name) if labels else None
    lblsize = -(-len(label.text) // recsize) * recsize if label is not None else 0
    geometry = Geometry(a["org"], a["nl"], a["ns"], a["nb"], n1, n2, n3, file_codec.size, a["nbb"], a["nlb"], recsize,
                        lblsize)
    try:
        store = NewStore(path)
    except OSError as error:
        raise VicarError.host(error, ROUTINE, name) from error
    try:
        if label is not None:
            label.replace_text(system.with_size(label.text, lblsize))
            label.modified = False
            store.write(0, label.text.encode("latin-1").ljust(lblsize, b"\0"))
        image = Image(store, name, "WRITE", geometry, a, file_codec, a["u_format"], labels, binary or bool(nbb or nlb),
                      convert, label)
    except OSError as error:
        store.discard()
        raise VicarError.host(error, ROUTINE, name) from error
    except BaseException:
        store.discard()
        raise
    if label is not None:
        label._on_system = image._system_changed
    return image


def _label_bytes(image: Image | None) -> int:
    """Bytes of both parts of a label; 0 without one."""
    if image is None or not image.labelled:
        return 0
    labelarea.find_eol(image)
    return image.lblsize + image._eol_size


def _output_label(a: dict[str, Any], primary: Image | None, task: HistoryStamp) -> str:
    text = system.size_field(0) + system.system_text({key: a[key.lower()] for key, _ in system.SYSTEM_ITEMS})
    if primary is not None and primary.labelled:
        items, old = primary.label.all_items, primary.label.text
        history = next((i.start for i in items if i.key == TASK_KEY), len(old))
        properties = next((i.start for i in items if i.key == PROPERTY_KEY), None)
        if properties is not None:
            text += old[properties:history]
        text += old[history:]
    return text + history_text(task.name, task.user, task.date)


def _check_names(name: str, org=None, formats=(), type=None, compress=None) -> None:
    """What the original refuses while it looks at the optional arguments."""
    for given in formats:
        if given is not None and modern(given) is None:
            dtype_of(given, ROUTINE, name)
    if org is not None and org.upper() not in ORGS:
        raise VicarError("BADORG", ROUTINE, name)
    if type is not None and type.upper() not in TYPES:
        raise VicarError("FILETYPE", ROUTINE, name)
    if compress is not None and compress.upper() not in COMPRESSIONS:
        raise VicarError("INVCMPR", ROUTINE, name)
