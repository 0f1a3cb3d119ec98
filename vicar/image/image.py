"""An open image: records in, records out, as XVREAD and XVWRIT choose, convert and refuse them.

Sources: ``c_xvread.c``, ``c_xvwrit.c``, ``movetrans.c``, ``c_xvclose.c``, ``check_out_lbl_on_close.c``,
``finish_file_unix.c``, ``read_in_labels.c``.

accepted
* Lines of an output that nobody writes are zero; the original leaves what the buffer or the old file held.
* Samples asked for behind the end of a record are zero (with ``out=`` they are left alone, as the original does).
* An output appears under its name at ``close``; ``discard`` (or a fault inside ``with``) leaves the old file.
* Closing an updated PDS-wrapped file does not cut off the length of the wrapper.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vicar.errors import Abend, Quit, VicarError
from vicar.image import binaryparts, labelarea
from vicar.image.blocks import BlockBuffer
from vicar.image.formats import dtype_of
from vicar.image.geometry import Geometry, axes
from vicar.image.header import Header
from vicar.image.hosts import Codec
from vicar.image.store import ABSURD, Store
from vicar.label.label import Label
from vicar.label.system import COMPRESSED
from vicar.numerics.conversion import cast

BYTES_AT_ONCE, CONVERTED_AT_ONCE = 1 << 30, 1 << 21
LARGEST_RECORD = 1 << 30  # records longer than this are not passed through the original's buffer


class Image:
    """One open file. Lines, samples, bands and records count from 1.

    Attributes
    ----------
    nl, ns, nb : sizes the label gives (``ns`` need not be what a record holds: that is ``n1`` for BSQ and BIL).
    format, org, type, host, intfmt, realfmt, bhost, bintfmt, brealfmt, bltype, compress : strings of the system label.
    nbb, nlb : bytes of binary prefix in every record, records of binary header.
    u_format, dtype : format the program sees, and its dtype.
    record_number : last record read or written (the original's IMG_REC), 0 at first.
    on_record : called with the number of each record written, for whoever wants to know how far a program is.
    """

    on_record = None

    def __init__(self, store: Store, name: str, op: str, geometry: Geometry, attributes: dict[str, Any], codec: Codec,
                 u_format: str, labelled: bool = True, binary: bool = False, convert: bool = True,
                 label: Label | None = None, header: Header | None = None):
        self.name = name
        self.path = store.path
        self.op = op
        self.geometry = geometry
        self.attributes = attributes
        self.u_format = u_format
        self.dtype = dtype_of(u_format, "XVOPEN", name)
        self.labelled = labelled
        self.convert = convert
        self.record_number = 0
        self.closed = False
        self._store = store
        self._codec = codec
        self._label = label
        self._header = header
        self._eol_size = 0
        self._written = 0  # highest record written, which is the length of an unlabelled output
        # prefix and header are only seen, and counted, by programs that asked for them
        self.binary = binary and bool(geometry.nbb or geometry.nlb)
        self._direct = convert and codec.is_native and codec.native == self.dtype
        self._short: BlockBuffer | None = None
        self._codes = None
        if self.compress in COMPRESSED:
            from vicar.image.compression import CompressedLines

            self._codes = CompressedLines(self)
        elif op == "READ" and labelled and store.size < geometry.eol_offset and geometry.recsize < LARGEST_RECORD:
            self._short = BlockBuffer(store, geometry.base, geometry.recsize)

    # ------------------------------------------------------------------ what the file is
    nl = property(lambda self: self.geometry.nl)
    ns = property(lambda self: self.geometry.ns)
    nb = property(lambda self: self.geometry.nb)
    n1 = property(lambda self: self.geometry.n1)
    n2 = property(lambda self: self.geometry.n2)
    n3 = property(lambda self: self.geometry.n3)
    nbb = property(lambda self: self.geometry.nbb)
    nlb = property(lambda self: self.geometry.nlb)
    org = property(lambda self: self.geometry.org)
    recsize = property(lambda self: self.geometry.recsize)
    lblsize = property(lambda self: self.geometry.lblsize)
    pix_size = property(lambda self: self.geometry.pixel)

    def __getattr__(self, name: str):
        attributes = self.__dict__.get("attributes")
        if attributes is not None and name in _ATTRIBUTES:
            return attributes[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    @property
    def label(self) -> Label:
        """The label; NOLAB for a file opened without one."""
        if not self.labelled:
            raise VicarError("NOLAB", "XLGET", self.name)
        if self._label is None:
            self._label = labelarea.label_of(self)
        return self._label

    def _system_changed(self, key: str, value: int) -> None:
        """XLADD of NL, NB or NLB changes the open file (PARMS and table files grow that way)."""
        g = self.geometry
        setattr(g, key.lower(), value)
        g.n1, g.n2, g.n3 = axes(g.org, g.nl, g.ns, g.nb)

    @property
    def short(self) -> bool:
        """Whether an input ends before its last line; only reads line by line then meet the end as the original does."""
        return self._short is not None

    def decode(self, raw: np.ndarray) -> np.ndarray:
        """Native values of pixels read with ``convert=False`` (XVTRANS_INU with the file's own format)."""
        return self._codec.decode(np.ascontiguousarray(raw).view(self._codec.stored))

    @property
    def eoci(self) -> int:
        """Offset of the end of a compressed image."""
        return labelarea.end_of_codes(self.attributes)

    # ------------------------------------------------------------------ which record
    def _error(self, key: str, routine: str) -> VicarError:
        return VicarError(key, routine, self.name, line=self.record_number)

    def _choose(self, routine: str, line, samp, band) -> tuple[int, int]:
        """Record number and position inside it (from 0) for the slices given."""
        if self.closed:
            raise self._error("NOTOPN", routine)
        if self.op == ("WRITE" if routine == "XVREAD" else "READ"):
            raise self._error("BADOPR", routine)
        line, samp, band = line or 0, samp or 0, band or 0
        if line < 0 or samp < 0 or band < 0:
            raise self._error("BADLINE" if line < 0 else "BADSAMP" if samp < 0 else "BADBAND", routine)
        g = self.geometry
        if g.org == "BSQ":
            first, second, third = samp, line, band
        elif g.org == "BIL":
            first, second, third = samp, band, line
        else:
            first, second, third = band, samp, line
        if not second and not third:
            rewrite = routine == "XVWRITE" and self.op == "UPDATE"
            record = self.record_number if rewrite else self.record_number + 1
        elif not third:
            if g.n3 != 1:
                raise self._error("STRTREC", routine)
            record = second
        elif not second:
            raise self._error("STRTREC", routine)
        else:
            record = g.n2 * (third - 1) + second
        last = g.n2 * g.n3 + (g.nlb if self.binary else 0)
        if self.labelled and record > last and (routine == "XVREAD" or self.op == "UPDATE"):
            raise self._error("EOF", routine)
        return record, max(first - 1, 0)

    def _offset(self, record: int) -> int:
        g = self.geometry
        return (g.header_offset if self.binary else g.image_offset) + (record - 1) * g.recsize

    # ------------------------------------------------------------------ reading
    def read(self, line: int | None = None, samp: int | None = None, nsamps: int | None = None,
             band: int | None = None, out: np.ndarray | None = None) -> np.ndarray:
        """One record (XVREAD) as a new 1-D array of ``dtype``: the next one, or that of ``line`` (and ``band``).

        Without ``nsamps`` it reaches to the end of the record. A BIP record holds the bands of one pixel: ``samp``
        chooses the pixel and ``band`` the first band. An image opened BINARY gives bytes: prefix untranslated, pixels
        in the program's format, header records raw. Raises EOF, STRTREC, BADSAMP, BADLINE, BADBAND.
        """
        if nsamps is not None and nsamps <= 0:
            raise self._error("BADSAMP", "XVREAD")
        record, start = self._choose("XVREAD", line, samp, band)
        if self.binary:
            return self._deliver(binaryparts.read_record(self, record, start, nsamps), out)
        room = self.geometry.n1 - start
        count = min(nsamps or room, self.geometry.samples_in_record - start)
        if count <= 0:
            self.record_number = record
            values = np.zeros(0, self.dtype)
        else:
            values = self._pixels(record, start, count)
        if out is None and nsamps and nsamps - max(count, 0) > ABSURD:
            raise self._error("INSUFMEM", "XVREAD")
        if out is None and nsamps and count < nsamps:
            values = np.concatenate([values, np.zeros(nsamps - max(count, 0), values.dtype)])
        return self._deliver(values, out)

    def _pixels(self, record: int, start: int, count: int) -> np.ndarray:
        """Converted pixels of one record; maybe a view of the file."""
        if self._codes is not None:
            self.record_number = record
            return self._native(self._codes.line(record)[start : start + count])
        offset = self._offset(record) + self.geometry.nbb + start * self.geometry.pixel
        stored = self._codec.stored
        if not self.labelled and self._short is None and self.op == "READ" and self._offset(record + 1) > self._store.size:
            self._short = BlockBuffer.replayed(self._store, self.geometry.base, self.geometry.recsize, record - 1)
        if self._short is not None:
            self.record_number = record
            whole = self._short.record(self.geometry.label_records + self.geometry.nlb + record - 1)
            if whole is None:
                raise self._error("EOF", "XVREAD")
            return self._native(np.frombuffer(whole, stored, count, self.geometry.nbb + start * self.geometry.pixel))
        self.record_number = record
        try:
            return self._native(self._store.array(offset, count, stored))
        except MemoryError as error:
            raise self._error("INSUFMEM", "XVREAD") from error

    def _native(self, stored: np.ndarray) -> np.ndarray:
        """File pixels in the program's format."""
        if self._direct:
            return stored
        if not self.convert:
            raw = np.ascontiguousarray(stored).tobytes()
            return np.frombuffer(raw, self.dtype, len(raw) // self.dtype.itemsize)
        return cast(self._codec.decode(stored), self.dtype)

    @staticmethod
    def _deliver(values: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        if out is not None:
            out[: len(values)] = values[: len(out)]
            return out
        return values if values.flags.writeable else values.copy()  # views of the file are read-only

    def _from_one(self, line: int, samp: int, band: int, nl: int, ns: int) -> tuple[int, int, int]:
        """The first line, sample and band of a window when 0, which XVREAD takes as not given, or the error it has."""
        if line >= 0 and nl >= 0 and samp >= 0 and ns >= 0 and band >= 0 and nl:
            self._choose("XVREAD", line, samp, band)
        if band < 0 or samp < 0 or ns < 0 or line < 1 or nl < 0:
            raise self._error("BADBAND" if band < 0 else "BADLINE" if line < 1 or nl < 0 else "BADSAMP", "XVREAD")
        return line, max(samp, 1), max(band, 1)

    def read_window(self, line: int = 1, samp: int = 1, nl: int | None = None, ns: int | None = None, band: int | None = 1,
                    copy: bool = True, pad: bool = False) -> np.ndarray:
        """``nl`` x ``ns`` pixels of one band, whatever the organization. EOF outside the lines and bands.

        ``copy=False`` may give a read-only view of the file. Samples behind the last are zero. A file that ends too soon is
        read line by line, so that its end is met as the original meets it, unless ``pad`` asks for zeros instead.
        ``band=None`` is for programs that give the line alone: STRTREC if the image has several bands.
        """
        g = self.geometry
        if band is None:
            if nl is None or nl > 0:
                self._choose("XVREAD", line, samp, None)
            band = 1
        lines, samples, bands = self._sizes()
        nl = lines - line + 1 if nl is None else nl
        ns = samples - samp + 1 if ns is None else ns
        if line < 1 or samp < 1 or band < 1 or nl < 0 or ns < 0:
            line, samp, band = self._from_one(line, samp, band, nl, ns)
        if nl and (line + nl - 1 > lines or band > bands):
            if line <= lines and band <= bands:  # line by line as the original reads, up to the last one
                self.record_number = g.record(lines, 1, band)
            raise self._error("EOF", "XVREAD")
        count = max(0, min(ns, samples - samp + 1))
        if self._short is not None and not pad and g.org != "BIP" and nl and count:
            if nl * count * g.pixel > 2 * self._store.size + ABSURD:
                raise self._error("INSUFMEM", "XVREAD")
            rows = [self.read(n, samp, count, band) for n in range(line, line + nl)]
            return np.pad(np.stack(rows), ((0, 0), (0, ns - count)))
        if nl and ns:
            self.record_number = g.record(line + nl - 1, samp, band)
        if self._codes is not None:
            rows = [self._codes.line(g.record(n, 1, band))[samp - 1 : samp - 1 + count] for n in range(line, line + nl)]
            stored = np.stack(rows) if rows else np.zeros((0, count), self._codec.stored)
        else:
            offset, line_step, samp_step = g.window(line, samp, band)
            whole = samp_step == g.pixel and line_step == count * g.pixel and count == ns
            try:
                if whole and copy and nl * ns and self._direct and offset + nl * line_step <= self._store.size:
                    return self._store.read_into(offset, np.empty((nl, ns), self.dtype))
                stored = self._store.strided(offset, (nl, count), (line_step, samp_step), self._codec.stored)
            except MemoryError as error:
                raise self._error("INSUFMEM", "XVREAD") from error
            except OSError as error:
                raise VicarError.host(error, "XVREAD", self.name) from error
        values = self._native2(stored)
        if count < ns:
            values = np.pad(values, ((0, 0), (0, ns - count)))
        return values.copy() if copy and not values.flags.writeable else values

    def _native2(self, stored: np.ndarray) -> np.ndarray:
        if self.convert:
            return self._native(stored)
        return np.ascontiguousarray(stored).view(np.uint8).view(self.dtype)

    def _sizes(self) -> tuple[int, int, int]:
        """Lines, samples and bands the records really hold."""
        g = self.geometry
        if g.org == "BSQ":
            return g.n2, g.n1, g.n3
        return (g.n3, g.n1, g.n2) if g.org == "BIL" else (g.n3, g.n2, g.n1)

    def read_all(self) -> np.ndarray:
        """The whole image, bands x lines x samples; a file that is too short is continued with zeros."""
        bands = self._sizes()[2]
        if bands == 1:
            return self.read_window(pad=True)[np.newaxis]
        self.read_window(band=bands, copy=False)  # what cannot be read is refused before room is made for it
        result = np.empty((bands, *self._sizes()[:2]), self.dtype)
        for band in range(bands):
            result[band] = self.read_window(band=band + 1, copy=False, pad=True)
        return result

    # ------------------------------------------------------------------ writing
    def write(self, values: np.ndarray, line: int | None = None, samp: int | None = None, nsamps: int | None = None,
              band: int | None = None) -> None:
        """One record (XVWRIT): the next one (on UPDATE the one just read), or that of ``line`` (and ``band``).

        ``values`` are in the program's format (other dtypes are cast to it first); what reaches over the end of the
        record is dropped. A BINARY image takes bytes, prefix first, as ``read`` gives them.
        """
        if nsamps is not None and nsamps <= 0:
            raise self._error("BADSAMP", "XVWRITE")
        record, start = self._choose("XVWRITE", line, samp, band)
        g = self.geometry
        values = np.asarray(values).reshape(-1)
        self._written = max(self._written, record)
        if self.binary:
            binaryparts.write_record(self, record, start, values.view(np.uint8), nsamps)
            self.record_number = record
            return
        count = min(nsamps or len(values), len(values), g.samples_in_record - start)
        stored = self._stored(values[: max(count, 0)])
        if self._codes is not None:
            if start or count != g.n1:
                raise self._error("NONSEQWRIT", "XVWRITE")
            self._codes.append(record, stored)
        elif count > 0:
            self._put(self._offset(record) + g.nbb + start * g.pixel, stored)
        self.record_number = record
        if self.on_record is not None:
            self.on_record(record)

    def _stored(self, values: np.ndarray) -> np.ndarray:
        """Program values in the file's format."""
        values = cast(values, self.dtype)
        if self._direct:
            return values
        if not self.convert:
            return np.ascontiguousarray(values).view(self._codec.stored)
        return self._codec.encode(cast(values, self._codec.native))

    def _put(self, offset: int, stored: np.ndarray) -> None:
        try:
            self._store.write(offset, np.ascontiguousarray(stored).view(np.uint8))
        except OSError as error:
            raise VicarError.host(error, "XVWRITE", self.name) from error

    def write_window(self, values: np.ndarray, line: int = 1, samp: int = 1, band: int = 1) -> None:
        """Lines x samples of one band, whatever the organization."""
        values = np.atleast_2d(values)
        nl, ns = values.shape
        g = self.geometry
        lines, samples, bands = self._sizes()
        if self.op == "READ":
            raise self._error("BADOPR", "XVWRITE")
        if line < 1 or samp < 1 or band < 1 or band > bands or (line + nl - 1 > lines and g.org != "BSQ"):
            raise self._error("BADLINE", "XVWRITE")
        ns = max(0, min(ns, samples - samp + 1))
        if not nl or not ns:
            return
        last = g.record(line + nl - 1, samp + ns - 1, band)
        self._written = max(self._written, last)
        if self._codes is not None:
            for n in range(nl):
                self._codes.append(g.record(line + n, 1, band), self._stored(values[n, :ns]))
        else:
            self._write_strided(values[:, :ns], line, samp, band)
        self.record_number = last
        if self.on_record is not None:
            self.on_record(last)

    def _write_strided(self, values: np.ndarray, line: int, samp: int, band: int) -> None:
        g = self.geometry
        nl, ns = values.shape
        offset, line_step, samp_step = g.window(line, samp, band)
        if samp_step == g.pixel and line_step == ns * g.pixel:
            # whole lines without prefixes lie one after the other; a few at a time keep conversions in the cache
            step = max(1, (BYTES_AT_ONCE if self._direct else CONVERTED_AT_ONCE) // line_step)
            self._store.reserve(offset, nl * line_step)
            for n in range(0, nl, step):
                self._put(offset + n * line_step, self._stored(values[n : n + step]))
            return
        for n in range(nl):
            at, stored = offset + n * line_step, self._stored(values[n])
            if samp_step == g.pixel:
                self._put(at, stored)
                continue
            span = (ns - 1) * samp_step + g.pixel
            data = bytearray(self._store.bytes_at(at, span).ljust(span, b"\0"))
            np.ndarray((ns,), self._codec.stored, data, 0, (samp_step,))[:] = stored
            self._put(at, np.frombuffer(data, np.uint8))

    # ------------------------------------------------------------------ binary header and prefixes
    def binary_header(self) -> np.ndarray:
        """The binary header as it lies in the file, ``nlb`` x ``recsize`` bytes."""
        g = self.geometry
        if g.nlb * g.recsize > 2 * self._store.size + ABSURD:
            raise self._error("INSUFMEM", "XVREAD")
        header = np.zeros((g.nlb, g.recsize), np.uint8)
        self._store.read_into(g.header_offset, header.reshape(-1)[: max(0, self._store.size - g.header_offset)])
        return header

    def write_binary_header(self, data) -> None:
        """Put bytes at the start of the binary header; at most ``nlb * recsize`` are taken."""
        g = self.geometry
        known = np.frombuffer(data, np.uint8) if isinstance(data, (bytes, bytearray)) else np.ascontiguousarray(data)
        self._put(g.header_offset, known.reshape(-1).view(np.uint8)[: g.nlb * g.recsize])

    def read_prefix(self, line: int, band: int = 1, samp: int = 1) -> np.ndarray:
        """The ``nbb`` prefix bytes of a record, untranslated."""
        g = self.geometry
        offset = g.image_offset + (g.record(line, samp, band) - 1) * g.recsize
        return np.frombuffer(self._store.bytes_at(offset, g.nbb).ljust(g.nbb, b"\0"), np.uint8).copy()

    def write_prefix(self, data, line: int, band: int = 1, samp: int = 1) -> None:
        """Prefix bytes of a record."""
        g = self.geometry
        offset = g.image_offset + (g.record(line, samp, band) - 1) * g.recsize
        self._put(offset, np.frombuffer(bytes(data), np.uint8)[: g.nbb])

    def prefixes(self) -> np.ndarray:
        """All prefixes, records x ``nbb`` bytes (a read-only view where the file allows it)."""
        g = self.geometry
        return self._store.strided(g.image_offset, (g.records, g.nbb), (g.recsize, 1), np.dtype(np.uint8))

    # ------------------------------------------------------------------ end
    def close(self, delete: bool = False) -> None:
        """Finish the file: label rewritten if it changed, size made exact, outputs put under their name."""
        if self.closed:
            return
        self.closed = True
        try:
            if self.op != "READ":
                self._finish()
            self._store.commit()
        except OSError as error:
            self._store.discard()
            raise VicarError.host(error, "XVCLOSE", self.name) from error
        except BaseException:
            self._store.discard()
            raise
        if delete:
            self.path.unlink(missing_ok=True)

    def _finish(self) -> None:
        g = self.geometry
        if not self.labelled and self.op == "WRITE":
            self._store.truncate(self._written * g.recsize)
            return
        if self._codes is not None:
            self._codes.finish()
            return
        if self._label is not None and self._label.modified:
            labelarea.rewrite(self)
        elif self.op == "UPDATE" and self.labelled and self._label is None:
            labelarea.find_eol(self)
        size = g.closed_size(self._eol_size)
        if self.op == "WRITE" or size <= 2 * self._store.size + GROWTH:
            self._store.truncate(size)

    def discard(self) -> None:
        """Give up an output: nothing appears under its name. Other files are just closed."""
        if not self.closed:
            self.closed = True
            self._store.discard()

    def __enter__(self) -> Image:
        return self

    def __exit__(self, kind, value, trace) -> None:
        # a program that gives up leaves what it has written; any other exception is a fault that leaves nothing
        if kind is None or issubclass(kind, (Abend, Quit, VicarError)):
            self.close()
        else:
            self.discard()

    def __repr__(self) -> str:
        g = self.geometry
        return f"<Image {self.name} {self.op} {self.format} {g.org} {g.nl}x{g.ns}x{g.nb}{' closed' if self.closed else ''}>"


# accepted: closing an updated file makes it as long as its label says, but never by more than this beyond twice its length
GROWTH = ABSURD
_ATTRIBUTES = frozenset((
    "format", "type", "bufsiz", "dim", "eol", "host", "intfmt", "realfmt", "bhost", "bintfmt", "brealfmt", "bltype",
    "compress", "eoci1", "eoci2",
))  # fmt: skip
__all__ = ["Image"]
