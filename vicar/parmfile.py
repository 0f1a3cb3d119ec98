"""Parameter files: TYPE='PARMS' images that carry parameters from one program to another.

Source: ``vos/rtl/source`` (parmio, xvpopen, xvpout, xvpclose, zvpinit). A file is a byte stream over 512-byte lines:
entries of a 16-byte header (version, length of values, count, size, type, length of name), the name with its NUL, the
values (strings NUL-separated), and an entry of type 0xFF at the end. The older TYPE='PARM' has a 20-byte header with the
name in it; the oldest, 'PARAM' (fixed records), is refused with the message for files that are not parameter files
(known: no such file exists in the public tree).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vicar.errors import VicarError
from vicar.parameters import INTEGER, REAL, STRING, Parameters

if TYPE_CHECKING:
    from vicar.task import Task

LINE = 512
NAME_SIZE = 15
HEADER = "iihhBBxx"
OLD_HEADER = "9sBhBxxxi"
TYPE_REAL8, TYPE_INT, TYPE_REAL, TYPE_STRING, TYPE_END = 0, 1, 2, 3, 0xFF
CODES = {"INT": (TYPE_INT, "i", 4), "REAL": (TYPE_REAL, "f", 4), "REAL8": (TYPE_REAL8, "d", 8), "DOUB": (TYPE_REAL8, "d", 8)}


class ParameterFileWriter:
    """XVPOPEN, XVPOUT and XVPCLOSE. Use as a context manager; a failed task discards the file."""

    def __init__(self, task: Task, file: str):
        self._image = task.create(file=file, nl=1, ns=LINE, type="PARMS", format="BYTE", u_format="BYTE")
        self._stream = bytearray()

    def put(self, name: str, values, format: str, size: int | None = None) -> None:
        """One parameter; ``format`` is INT, REAL, REAL8/DOUB or STRING. ``size``: the row of a C program's strings."""
        items = [values] if isinstance(values, str) or not hasattr(values, "__iter__") else list(values)
        if format == "STRING":
            texts = [str(v).encode("latin-1") + b"\0" for v in items]
            kind, data = TYPE_STRING, b"".join(texts)
            size = max(map(len, texts), default=0) if size is None else size
        elif format in CODES:
            kind, code, size = CODES[format]
            data = struct.pack(f"<{len(items)}{code}", *items)
        else:
            raise VicarError("BADFOR", "XVPOUT", self._image.name)
        label = name.upper()[:NAME_SIZE].encode("ascii") + b"\0"
        self._stream += struct.pack("<" + HEADER, 0, len(data), len(items), size, kind, len(label)) + label + data

    def close(self) -> None:
        """Write the end mark; NL of the label becomes the number of lines written."""
        import numpy as np

        self._stream += struct.pack("<" + HEADER, 0, 0, 0, 0, TYPE_END, 0)
        self._stream += bytes(-len(self._stream) % LINE)
        lines = np.frombuffer(bytes(self._stream), np.uint8).reshape(-1, LINE)
        for line in lines:
            self._image.write(line)
        if len(lines) > 1:
            self._image.label.delete("NL")
            self._image.label.add("NL", len(lines), format="INT")
        self._image.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.close()
        else:
            self._image.discard()


def entries(task: Task, file: str) -> Iterator[tuple[str, str, tuple]]:
    """(name, type, values) of every parameter in a file; raises NOTPARMFILE, PARMVERS, EOF."""
    with task.open(file=file, u_format="BYTE") as image:
        kind = image.type
        if kind not in ("PARMS", "PARM"):
            raise VicarError("NOTPARMFILE", "XLGET", image.name)
        integers = "<" if image.attributes["intfmt"] != "HIGH" else ">"
        reals = image.attributes["realfmt"]
        data = image.read_window().tobytes()
        yield from _parse(data, kind == "PARM", integers, reals, image.name)


def _parse(data: bytes, old: bool, order: str, reals: str, name: str) -> Iterator[tuple[str, str, tuple]]:
    layout = struct.Struct(order + (OLD_HEADER if old else HEADER))
    at = 0
    while True:
        if at + layout.size > len(data):
            raise VicarError("EOF", "XVREAD", name, line=len(data) // LINE + 1)
        if old:
            key, kind, count, _, length = layout.unpack_from(data, at)
            at += layout.size
        else:
            version, length, count, _, kind, name_length = layout.unpack_from(data, at)
            at += layout.size
            if kind != TYPE_END and version:
                raise VicarError("PARMVERS", "XVREAD", name)
            key = data[at : at + name_length]
            at += name_length
        if kind == TYPE_END:
            return
        parameter = key.split(b"\0")[0].decode("latin-1")
        yield parameter, *_values(kind, count, data[at : at + length], order, reals)
        at += length


def _values(kind: int, count: int, raw: bytes, order: str, reals: str) -> tuple[str, tuple]:
    if kind == TYPE_STRING:
        return STRING, tuple(part.decode("latin-1") for part in raw.split(b"\0")[:count])
    if kind == TYPE_INT:
        return INTEGER, struct.unpack(f"{order}{count}i", raw)
    import numpy as np

    from vicar.image.hosts import codec

    form = codec("DOUB" if kind == TYPE_REAL8 else "REAL", "LOW", reals)
    return REAL, tuple(float(v) for v in form.decode(np.frombuffer(raw, form.stored)))


def merge(task: Task) -> Parameters:
    """The task's parameters with the defaulted ones that its PARMS file names filled in (``zvpinit``).

    An unknown name or another type ends the task, as in the original.
    """
    file = task.string("PARMS")
    if not file or "PARMS" not in task.parameters:
        return task.parameters
    parameters = task.parameters
    for name, kind, values in entries(task, file):
        current = parameters.get(name)
        if current is None:
            task.message(f"XVPINIT -- Parameter {name} not found", "VIC2-GENERR")
            task.abend()
        if not current.defaulted:
            continue
        if current.type != kind:
            task.message(f"XVPINIT -- Data type of {current.name} does not agree with PDF", "VIC2-GENERR")
            task.abend()
        parameters = parameters.with_values(name, values)
    return parameters
