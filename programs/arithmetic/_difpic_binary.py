"""DIFPIC's comparison of binary headers and line prefixes, field by field as PDS format files describe them.

Source: ``difpic_bridges.cc``, ``vos/p2/sub/balm``, ``vos/p2/sub/vicarlabel_support``. Format files are named by the user, or
found by the BLTYPE of the images in a mapping file (``$V2DATA/balm``).

Kept as they are: bits are counted from the start of the record, not of the column they belong to, and the last bits of a
record cannot be reached; header lines are laid out as if prefixes had the size of pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from programs.arithmetic._difpic_label import print_text
from vicar.ctext import CText
from vicar.errors import VicarError
from vicar.filenames import expand, locate

TYPES = {
    "BINARY": ("bytes", ""), "N/A": ("bytes", ""), "BIT_STRING": ("bytes", ""), "CHARACTER": ("bytes", ""),
    "BOOLEAN": ("truth", ""),
    "MSB_INTEGER": ("i", ">"), "MSB_SIGNED_INTEGER": ("i", ">"), "MSB_UNSIGNED_INTEGER": ("u", ">"),
    "INTEGER": ("i", "<"), "LSB_INTEGER": ("u", "<"), "LSB_UNSIGNED_INTEGER": ("u", "<"), "LSB_SIGNED_INTEGER": ("i", "<"),
    "FLOAT": ("f", "<"), "IEEE_REAL": ("f", "<"),
}  # fmt: skip
SIZES = {"i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (4, 8)}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
ASSIGNMENT = re.compile(
    r"""([^\s=]+)\s*=\s*("[^"]*"|'[^']*'|\{[^}]*\}|\([^)]*\)|[^\s]+)|(END_OBJECT|END_GROUP|END)\b|/\*.*?\*/""", re.S
)


class Fault(Exception):
    """What ends a comparison: printed as an error, and the files count as different."""


class FieldFault(Exception):
    """A field that cannot be read."""


@dataclass
class Node:
    """An object of a format file."""

    kind: str = ""
    keywords: list[tuple[str, str]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


@dataclass
class Column:
    """A field of a record: bytes, or bits, counted from 1."""

    name: str
    bits: bool
    kind: str = ""
    order: str = ""
    start: int = 0
    length: int = 0


# -- the two comparisons ----------------------------------------------------------------------------------------------------


def same_headers(task) -> bool:
    """Compare the binary headers of the two inputs and print what differs."""
    first, second = (task.open("INP", instance, binary=True) for instance in (1, 2))
    with first, second:
        try:
            pairs, text = common_columns(task, *formats(task, (first, second), "BH"), ignored=task.strings("BHK_IGNORE"))
        except Fault as fault:
            task.message(CText(fault), "ERROR")
            return False
        except IndexError as error:
            task.message(str(error), "Exception::binaryheaderdifC")
            return True
        headers = [header(image) for image in (first, second)]
        text += "".join(f"Field {one.name} differs.\n" for one, other in pairs if not equal(task, one, other, *headers))
    report(task, text, "binary header", "--------------- Binary header differs. ----------------",
           "----------- Binary header comparison passed. ----------")
    return not text


def same_prefixes(task) -> bool:
    """Compare the prefixes of all lines of the two inputs and print what differs."""
    first, second = (task.open("INP", instance, binary=True) for instance in (1, 2))
    with first, second:
        try:
            pairs, text = common_columns(task, *formats(task, (first, second), "LP"), ignored=task.strings("LPK_IGNORE"))
        except Fault as fault:
            task.message(CText(fault), "ERROR")
            return False
        except IndexError as error:
            task.message(str(error), "Exception::lineprefixdifC")
            return True
        if first.nl != second.nl:
            text += "Files have different number of lines.\n"
        else:
            text += different_lines(task, first, second, pairs)
    report(task, text, "line prefix", "--------------- Line prefix differs. ----------------",
           "----------- Line prefix comparison passed. ----------")
    return not text


def different_lines(task, first, second, pairs: list[tuple[Column, Column]]) -> str:
    text = ""
    for line in range(1, first.nl + 1):
        records = [padded(image.read(line=image.nlb + line).tobytes(), image) for image in (first, second)]
        names = [one.name for one, other in pairs if not equal(task, one, other, *records)]
        if names:
            text += f"Line {line} differs at fields: {' '.join(names)}.\n"
    return text


def report(task, text: str, what: str, differs: str, passed: str) -> None:
    if task.keyword("SILENT"):
        return
    if text:
        task.message(f"Found following {what} differences between given images:\n")
        print_text(task, text)
        task.message(f"\n{differs}\n")
    else:
        task.message(f"{passed}\n")
    task.message("\n")


def header(image) -> bytes:
    """The header lines, each at a multiple of ``(NBB + NS) * PIX_SIZE`` bytes."""
    stride = (image.nbb + image.ns) * image.pix_size
    lines = bytearray(stride * image.nlb)
    for line in range(image.nlb):
        record = image.read(line=line + 1).tobytes()[: len(lines) - line * stride]
        lines[line * stride : line * stride + len(record)] = record
    return bytes(lines)


def padded(record: bytes, image) -> bytes:
    size = (image.nbb + image.ns) * image.pix_size
    return record[:size].ljust(size, b"\0")


# -- format files -----------------------------------------------------------------------------------------------------------


def formats(task, images, prefix: str) -> list[list[Column]]:
    """The columns of the records of both images."""
    parsed = []
    for name in format_names(task, images, prefix):
        path = locate(name, task.directory, task.environment)
        root = parse(path) if path.is_file() else None
        if root is None or not root.children:
            raise Fault(f"Unknown error in format file {name}")
        parsed.append(root)
    return [columns(root) for root in parsed]


def format_names(task, images, prefix: str) -> list[str]:
    given = task.strings(f"{prefix}FMTFILES")
    long = {"BH": "Binary Header", "LP": "Line Prefix"}[prefix]
    if len(given) not in (0, 2):
        raise Fault(f"Need exactly two file names for {prefix}FMTFILES ({long} FMT File Names)")
    if given:
        return list(given)
    try:
        path = locate(task.string(f"{prefix}FMTMAP") or "", task.directory, task.environment)
    except VicarError:
        raise Fault(f"Need {prefix}FMTMAP") from None
    mapping = read_mapping(task, path)
    types = task.strings("BLTYPES")
    if len(types) not in (0, 2):
        raise Fault("Need exactly two strings for BLTYPES.")
    names = []
    for kind in types or [image.label.get("BLTYPE") for image in images]:
        if kind not in mapping:
            raise Fault(f"Cannot find FMT for {kind}")
        names.append(mapping[kind])
    return names


def read_mapping(task, path: Path) -> dict[str, str]:
    """BLTYPE and format file, a pair a line; the first of equal types counts."""
    mapping: dict[str, str] = {}
    if not path.is_file():
        return mapping
    for line in path.read_text("latin-1").split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 2:
            raise IndexError("vector::_M_range_check: __n (which is 1) >= this->size() (which is 1)")
        try:
            mapping.setdefault(words[0], expand(words[1], task.environment))
        except VicarError:
            mapping.setdefault(words[0], "")
    return mapping


def parse(path: Path) -> Node:
    """Objects inside each other and their keywords."""
    root = Node()
    open_nodes = [root]
    for match in ASSIGNMENT.finditer(path.read_text("latin-1")):
        key, value, end = match.groups()
        if end:
            key = end
        if not key:
            continue
        word = key.upper()
        if word in ("OBJECT", "GROUP"):
            node = Node(value)
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
        elif word in ("END_OBJECT", "END_GROUP"):
            if len(open_nodes) > 1:
                open_nodes.pop()
        elif word == "END":
            break
        else:
            open_nodes[-1].keywords.append((word, value))
    return root


def columns(root: Node, base: str = "") -> list[Column]:
    """All columns, each before those inside it."""
    found = []
    for node in root.children:
        column = read_column(node, base)
        found += [column, *columns(node, column.name)]
    return found


def read_column(node: Node, base: str) -> Column:
    start = "Field::Field(BalmFormat, string): "
    kind = node.kind.upper()
    if kind not in ("COLUMN", "BIT_COLUMN"):
        raise Fault(f"{start}Class_name is not 'COLUMN' or 'BIT_COLUMN' [{kind}].")
    column = Column("", kind == "BIT_COLUMN")
    first, count = ("START_BIT", "BITS") if column.bits else ("START_BYTE", "BYTES")
    for key, value in node.keywords:
        if key == "NAME":
            name = symbol(value, start)
            column.name = f"{base}.{column.name}{name}" if base else column.name + name
        elif key == "BIT_DATA_TYPE" or key == "DATA_TYPE" and not column.bits:
            word = value.upper().strip("\"'")
            if word not in TYPES:
                raise Fault(f"{start}Unknown type [{word}].")
            column.kind, column.order = TYPES[word]
        elif key in (first, count):
            both = "START_BYTE or START_BIT" if key == first else "BYTES or BITS"
            if not re.fullmatch(r"[+-]?\d+", value):
                raise Fault(f"{start}The value of {both} is not an ODL_INTEGER [{value}].")
            if not int(value):
                raise Fault(f"{start}The value of {both} is not an integer [{value}].")
            if key == first:
                column.start = int(value)
            else:
                column.length = int(value)
    return column


def symbol(value: str, start: str) -> str:
    """A name, with or without quotes."""
    if value.startswith('"'):
        if not value[1:2].isalpha():
            raise Fault(f"{start}Malformed NAME token. Field::symbolizeOdlText: First character after the quote of odlText is "
                        f"not a letter [{value}].")
        if not NAME.match(value[1:-1]):
            raise Fault(f"{start}Malformed NAME token. Field::symbolizeOdlText: Second and later characters after the quote of "
                        f"odlText is not a letter, a digit or an underscore [{value}].")
        return value[1:-1]
    if not value.startswith("'") and not value[:1].isalpha():
        raise Fault(f"{start}NAME token must be an identifier [{value}].")
    name = value.strip("'")
    if not name[:1].isalpha():
        raise Fault(f"{start}Malformed NAME token. Field::symbolizeOdlSymbol: First character after the quote must be a letter "
                    f"[{value}].")
    if not NAME.match(name):
        raise Fault(f"{start}Malformed NAME token. Field::symbolizeOdlSymbol: Second and later characters after the quote must "
                    f"be a letter, a digit, or an underscore [{value}].")
    return name


# -- fields -----------------------------------------------------------------------------------------------------------------


def common_columns(task, first: list[Column], second: list[Column], ignored: list[str]
                   ) -> tuple[list[tuple[Column, Column]], str]:
    """Columns both formats have, and a text about those only one has."""
    unwanted = {name.upper() for name in ignored}
    pairs, text = [], ""
    files = task.strings("INP")
    for one in first:
        if one.name.upper() in unwanted:
            continue
        other = nearest(second, one)
        if other is None:
            text += f"Field {one.name} doesn't exist in file {files[1]}.\n"
        else:
            pairs.append((one, other))
    for other in second:
        if nearest(first, other) is None and other.name.upper() not in unwanted:
            text += f"Field {other.name} doesn't exist in file {files[0]}.\n"
    return pairs, text


def nearest(columns: list[Column], wanted: Column) -> Column | None:
    """Of the columns of that name the one that starts nearest."""
    named = [column for column in columns if column.name.upper() == wanted.name.upper()]
    return min(named, key=lambda column: abs(column.start - wanted.start), default=None)


def equal(task, one: Column, other: Column, first: bytes, second: bytes) -> bool:
    if one.bits != other.bits or one.kind != other.kind:
        task.message("Type mismatch")
        return False
    if not one.bits and not one.kind:
        task.message("Fields are UNSET.")
        return False
    if one.kind == "bytes" and not one.bits and one.length != other.length:
        return False
    try:
        left = value(one, first)
        # of integers, the original calls either field by the first one's name
        return left == value(other, second, one.name if one.kind in ("i", "u") and not one.bits else other.name)
    except FieldFault as fault:
        task.message(f"Error while comparing field {fault}")
        return False


def value(column: Column, record: bytes, name: str = ""):
    name = name or column.name
    if column.bits:
        return bit_string(column, record, name)
    start = column.start - 1
    if start < 0 or len(record) < start + column.length:
        raise FieldFault(f"{name}: Input buffer too small.")
    raw = record[start : start + column.length]
    if column.kind == "bytes":
        return raw
    if column.kind == "truth":
        return any(raw)
    if column.length not in SIZES[column.kind]:
        raise FieldFault(f"{name}: Wrong type.")
    return np.frombuffer(raw, f"{column.order}{column.kind}{column.length}")[0].item()


def bit_string(column: Column, record: bytes, name: str) -> int:
    if column.length > 64:
        raise FieldFault(f"{name}: Output size too small.")
    end = column.start - 1 + column.length
    if end >= 8 * len(record):
        raise FieldFault(f"{name}: Input buffer too small.")
    first, last = (column.start - 1) // 8, (end - 1) // 8
    return int.from_bytes(record[first : last + 1], "big") >> (7 - (end - 1) % 8) & (1 << column.length) - 1
