"""Parameter blocks: the binary form of variables in ``.par`` files.

A file is a sequence of records, each a four-byte length and that many bytes. The first is a header of 168 bytes; the others
are blocks. A block has a head of 88 bytes and a pool of 8-byte words: three words of bookkeeping, then variables, values,
VALID lists and strings in the order they were put there. A pointer is a word count from the start of the pool. Numbers are
those of the machine, here as on 64-bit Linux: little-endian, 4-byte integers, 8-byte words.

Sources: ``include/parblk.inc``, ``include/symtab.inc``, ``tm/saveres.c`` (save_pfile), ``tm/package.c`` (vmove, valmove),
``lib/tae/restrict.c``, ``lib/tae/transsym.c``, ``lib/tae/taeutil.c`` (chk_parblk).

accepted
    The header has a field for the length of the first block that the original never sets: what was left in memory is written.
    Here it is 0; nothing reads it.
    Of globals: how often one is referred to (the original also counts the commands that were run since), and the library of
    the procedure that defined it (a directory here).
    A variable that does not fit into a block any more leaves a part of itself there in the original; here it does not.
    Files of other kinds of machines, which the original does not read either, are not read.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Mapping, Sequence

from tae.values import INTEGER, NAME, REAL, STRING
from tae.variables import GLOBAL, LOCAL, MAXIMUM_VALUES, NAME_SIZE, PARM, STRING_SIZE, SymbolTable, Variable, fold

SENTINEL = "<<big par-file>>"
OLD_SENTINEL = "<<parameter-file>>"
HEADER = struct.Struct("<19s5xq18s33s78s7x")  # sentinel, length of the next record, time, file name, reserve
RECORD_LENGTH = struct.Struct("<i")
HEAD = struct.Struct("<iBxxxqHxxih6xqiiiiq23sx")  # message type, last, length ... first variable at the seventh place
WORD = 8
POOL_WORDS = 40960
MESSAGE_WORDS = 662  # of the pool of a message between sessions
LARGEST_MESSAGE = 5392
LARGEST_BLOCK = HEAD.size + POOL_WORDS * WORD
BOOKKEEPING = 3
NULL = 5 * 65535  # the pointer to nothing
# link, name, type, kind, flags, defining file, references, count, minimum, maximum, size, more flags, VALID, values,
# default count, default, qualifiers
VARIABLE = struct.Struct("<q16sbb6xI4xqb7xhhhBBqqh6xqq")
DEFINED_IN = struct.Struct("<i81s33s13sc")  # how many variables, library, name, type, attributes

TYPES = {INTEGER: 1, REAL: 2, STRING: 3, NAME: 4}
KINDS = {LOCAL: 1, GLOBAL: 2, PARM: 3}
ACCESSES = ("NOCHECK", "IN", "OUT", "INOUT")
TYPE_NAMES = {code: name for name, code in TYPES.items()}
KIND_NAMES = {code: name for name, code in KINDS.items()}

# flags of parameters (globals have their own first three), the same bit for all kinds at the end
KEYWORD, DEFAULTED, PAGE, WAS_NAME = 0x01, 0x04, 0x08, 0x10
PROTECTED, INTRINSIC, IMPLICIT = 0x01, 0x02, 0x04
POST_VERSION_1 = 0x40
# more flags: two bits of file access, then
NULLABLE, FILE, EVENT = 0x04, 0x08, 0x10

MONITOR_FILE = "taegbl"


class Malformed(Exception):
    """The file is no parameter file; the argument is the name of a message, or what the original's file routines say."""


# --- writing


class _Full(Exception):
    """The pool has no room for a variable."""


class _Pool:
    """The pool of a block that is being filled."""

    def __init__(self, definitions: Mapping[str, int], room: int = POOL_WORDS) -> None:
        self._room = room
        self._words = bytearray(BOOKKEEPING * WORD)
        self._definitions = definitions
        self._last: int | None = None
        self.first = NULL

    def __len__(self) -> int:
        return len(self._words) // WORD

    def add(self, variable: Variable) -> None:
        """Append a variable to the chain; raises `_Full` and leaves all as it was when there is no room."""
        before = len(self._words)
        try:
            at = self._variable(variable)
        except _Full:
            del self._words[before:]
            raise
        self._link(self._last, at)
        if self._last is None:
            self.first = at
        self._last = at

    def packed(self) -> bytes:
        """The pool as it is written."""
        used = len(self)
        struct.pack_into("<qqq", self._words, 0, used, self._room - used, used)
        return bytes(self._words)

    def _link(self, at: int | None, target: int) -> None:
        if at is not None:
            struct.pack_into("<q", self._words, at * WORD, target)

    def _allocate(self, data: bytes) -> int:
        """Put data behind the rest; its place in words."""
        at, length = len(self), -(-len(data) // WORD)
        if at + length > self._room:
            raise _Full
        self._words += data.ljust(length * WORD, b"\0")
        return at

    def _variable(self, variable: Variable) -> int:
        source = variable.resolved
        at = self._allocate(bytes(VARIABLE.size))
        qualifiers, last = NULL, None
        for item in source.qualifiers or ():
            if item.resolved is None:
                continue
            place = self._variable(item)
            self._link(last, place)
            qualifiers, last = (place if last is None else qualifiers), place
        values = self._vector(source.type, source.values or ())
        valid = NULL if source.valid is None else self._valid(source.type, source.valid)
        defined_in = self._defined_in(source) if source.kind == GLOBAL else 0
        VARIABLE.pack_into(
            self._words, at * WORD, NULL, _names(variable, source), TYPES[source.type], KINDS[source.kind],
            _flags(variable, source), defined_in, min(source.references, 127) if source.kind == GLOBAL else 0, source.count,
            source.minimum, source.maximum, source.size if source.type == STRING else 0, _more_flags(source), valid, values,
            0, NULL, qualifiers,
        )  # fmt: skip
        return at

    def _vector(self, type_: str, values: Sequence) -> int:
        if type_ == STRING:
            return self._strings(b"", values)
        form = "i" if type_ == INTEGER else "d"
        return self._allocate(struct.pack(f"<{len(values)}{form}", *(_wrapped(v) if form == "i" else v for v in values)))

    def _strings(self, front: bytes, texts: Sequence[str]) -> int:
        """A vector of pointers to strings, which follow it."""
        at = self._allocate(front + bytes(WORD * len(texts)))
        for number, text in enumerate(texts):
            place = self._allocate(_bytes(text) + b"\0")
            struct.pack_into("<q", self._words, at * WORD + len(front) + WORD * number, place)
        return at

    def _valid(self, type_: str, valid: Sequence) -> int:
        if type_ == STRING:
            return self._strings(struct.pack("<i4x", len(valid)), valid)
        ends = [end for pair in valid for end in pair]
        if type_ == INTEGER:
            return self._allocate(struct.pack(f"<i{len(ends)}i", len(valid), *map(_wrapped, ends)))
        return self._allocate(struct.pack(f"<i4x{len(ends)}d", len(valid), *ends))

    def _defined_in(self, variable: Variable) -> int:
        if not variable.defined_in:
            return NULL
        library, _, name = variable.defined_in.removesuffix(".pdf").rpartition("/")
        if variable.defined_in == MONITOR_FILE:
            library = "$TAEPDF"
        known = self._definitions.get(variable.defined_in, 1)
        return self._allocate(DEFINED_IN.pack(known, _bytes(library)[:80], _bytes(name)[:32], b"pdf", b"\0"))


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _wrapped(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def _names(variable: Variable, source: Variable) -> bytes:
    """The name, with what it leaves of the name of the variable it refers to."""
    name = _bytes(variable.name)[:NAME_SIZE] + b"\0"
    return name + _bytes(source.name)[len(name) : NAME_SIZE]


def _flags(variable: Variable, source: Variable) -> int:
    flags = POST_VERSION_1
    if source.kind == GLOBAL:
        flags |= PROTECTED * source.protected | IMPLICIT * source.implicit
        if source.protected and not source.name.upper().startswith("$DEFCMD"):
            flags |= INTRINSIC
        return flags
    flags |= DEFAULTED * variable.defaulted
    if source.kind == PARM:
        flags |= KEYWORD * source.keyword | PAGE * source.page | WAS_NAME * (variable.type == NAME)
    return flags


def _more_flags(source: Variable) -> int:
    return ACCESSES.index(source.access) | NULLABLE * source.nullable | FILE * source.file | EVENT * source.event


def packed(variables: Iterable[Variable], file_name: str, definitions: Mapping[str, int]) -> bytes:
    """The bytes of a parameter file.

    Parameters
    ----------
    variables : what is saved, in order; NAME parameters that refer to nothing are left out
    file_name : the file's name without library and type
    definitions : how many globals each procedure has defined
    """
    file = [HEADER.pack(_bytes(SENTINEL), 0, b"TIME", _bytes(file_name)[:32], b"")]
    pool = _Pool(definitions)
    for variable in variables:
        if variable.resolved is None:
            continue
        try:
            pool.add(variable)
        except _Full:
            file.append(_block(pool, last=False))
            pool = _Pool(definitions)
            pool.add(variable)
    file.append(_block(pool, last=True))
    return b"".join(RECORD_LENGTH.pack(len(record)) + record for record in file)


def message(variables: Iterable[Variable], sender: Variable) -> bytes:
    """Variables as SENDVAR sends them, one small block, with who sends them if there is room for that.

    Raises OverflowError when the variables do not fit.
    """
    pool = _Pool({}, MESSAGE_WORDS)
    try:
        for variable in variables:
            pool.add(variable)
    except _Full:
        raise OverflowError from None
    with contextlib.suppress(_Full):
        pool.add(sender)
    return _block(pool, last=True)


def received(data: bytes) -> list[Variable]:
    """The variables of a message; raises `Malformed`, also when it is not as long as it says."""
    if len(data) < HEAD.size or len(data) < HEAD.unpack_from(data)[2]:
        raise Malformed("FMTRESTR")
    return _Reader(data).variables


def _block(pool: _Pool, last: bool) -> bytes:
    head = HEAD.pack(0, last, HEAD.size + len(pool) * WORD, 0, 0, 0, pool.first, 0, 0, 0, 0, 0, b"")
    return head + pool.packed()


# --- reading


def unpacked(data: bytes) -> list[Variable]:
    """The variables of a parameter file; raises `Malformed`, or EOFError when there is not even a header."""
    position = 0
    length, header = _record(data, position, HEADER.size)
    sentinel = fold(_text(header))
    if sentinel == fold(OLD_SENTINEL):
        raise Malformed("OLDPARFILE")
    if sentinel != fold(SENTINEL):
        raise Malformed("FMTRESTR.header")
    variables: list[Variable] = []
    while True:
        position += RECORD_LENGTH.size + length
        try:
            length, block = _record(data, position, LARGEST_BLOCK)
        except EOFError:
            return variables
        variables += _Reader(block).variables


def _record(data: bytes, position: int, limit: int) -> tuple[int, bytes]:
    """Length and bytes of a record."""
    if len(data) < position + RECORD_LENGTH.size:
        raise EOFError
    (length,) = RECORD_LENGTH.unpack_from(data, position)
    start = position + RECORD_LENGTH.size
    if length < 0 or len(data) < start + min(length, limit):
        raise EOFError
    if length > limit:
        raise Malformed("Buffer size too small")
    return length, data[start : start + length]


class _Reader:
    """A block, with its variables found and checked."""

    def __init__(self, block: bytes) -> None:
        if len(block) < HEAD.size:
            raise Malformed("FMTRESTR")
        self._pool = block[HEAD.size :]
        self._count = 0
        try:
            self.variables = self._chain(HEAD.unpack_from(block)[6])
        except (struct.error, ValueError, KeyError, OverflowError):
            raise Malformed("FMTRESTR") from None

    def _chain(self, at: int) -> list[Variable]:
        """Variables from the first on; raises when one lies outside or has a value that none can have."""
        found = []
        while at != NULL:
            self._count += 1
            if self._count > len(self._pool) // VARIABLE.size:
                raise ValueError("a chain without end")
            fields = self._fields(VARIABLE, at)
            found.append(self._variable(fields))
            at = fields[0]
        return found

    def _fields(self, form: struct.Struct, at: int) -> tuple:
        if at < 0:
            raise ValueError("a place before the pool")
        return form.unpack_from(self._pool, at * WORD)

    def _variable(self, fields: tuple) -> Variable:
        (_, name, type_code, kind_code, flags, defined_in, references, count, minimum, maximum, size, more, valid, values,
         _, _, qualifiers) = fields  # fmt: skip
        type_, kind = TYPE_NAMES[type_code], KIND_NAMES[kind_code]
        if count > MAXIMUM_VALUES or type_ == NAME:
            raise ValueError("a value that cannot be")
        variable = Variable(
            _text(name[:NAME_SIZE]), kind, type_, minimum=minimum, maximum=maximum, nullable=bool(more & NULLABLE),
            size=size or STRING_SIZE, file=bool(more & FILE), access=ACCESSES[more & 3], event=bool(more & EVENT),
        )  # fmt: skip
        if kind == GLOBAL:
            variable.protected, variable.implicit = bool(flags & PROTECTED), bool(flags & IMPLICIT)
            variable.references = references
            if defined_in != NULL:
                variable.defined_in = _text(self._fields(DEFINED_IN, defined_in)[2])
        else:
            variable.defaulted = bool(flags & DEFAULTED)
        if kind == PARM:
            variable.keyword, variable.page = bool(flags & KEYWORD), bool(flags & PAGE)
        if count >= 0:
            variable.values = self._vector(type_, values, count)
        if valid != NULL:
            variable.valid = self._valid(type_, valid)
        if qualifiers != NULL and flags & POST_VERSION_1:
            variable.qualifiers = SymbolTable(self._chain(qualifiers))
        return variable

    def _vector(self, type_: str, at: int, count: int, front: int = 0) -> tuple:
        if at < 0:
            raise ValueError("a place before the pool")
        form = {INTEGER: "i", REAL: "d", STRING: "q"}[type_]
        vector = struct.unpack_from(f"<{count}{form}", self._pool, at * WORD + front)
        return tuple(map(self._string, vector)) if type_ == STRING else vector

    def _valid(self, type_: str, at: int) -> tuple:
        (count,) = self._fields(RECORD_LENGTH, at)
        if count < 0:
            raise ValueError("a list shorter than none")
        front = RECORD_LENGTH.size if type_ == INTEGER else WORD
        if type_ == STRING:
            return self._vector(type_, at, count, front)
        ends = self._vector(type_, at, 2 * count, front)
        return tuple(zip(ends[::2], ends[1::2], strict=True))

    def _string(self, at: int) -> str:
        if not 0 <= at < len(self._pool) // WORD:
            raise ValueError("a place outside the pool")
        start = at * WORD
        end = self._pool.find(b"\0", start)
        if not start <= end <= start + STRING_SIZE:
            raise ValueError("a string without end")
        return self._pool[start:end].decode("latin-1")


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("latin-1")
