"""The expression compiler and machine of KNUTH/XKNUTH (vos/p1/sub/knuth), on which f2 and mf stand.

An expression of Fortran or C operators becomes code for a machine with one accumulator, float32 cells and 16-bit
instructions that live in the same buffer. The compiler here makes the same code word for word (so that the symbolic
dump, the order of operations and the accidents of the grammar agree) and the machine runs it over whole arrays.

Cells count from 1: 1..51 inputs (LINE, SAMP and BAND are 49, 50, 51), 52..91 constants, from 92 on instructions on even
cells and work registers on odd ones.

Accidents that are kept: ``=`` or an unknown sign ends the expression; a name that begins with A and is no function is
MOD, one that begins with LO is LN; IN60 reads the constants; compiling may leave 1.0 in the cells 1..3, which shows
when an expression names an input that is not given. Known to differ: more than 41 constants in one expression make
the original overwrite registers, which here happens at compile time only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vicar.numerics import cformat
from vicar.numerics.knuthsteps import STEPS, as_int

LINE, SAMP, BAND = 49, 50, 51
CELLS = 3000
_FIRST_CONSTANT, _FIRST_CODE, _FIRST_REGISTER = 52, 92, 93
_LAST = 51 + 40 + 1000 + 1000
_STACK = 100

# instruction name (as a dump shows it), first spelling, second spelling, third spelling; the place is the code
_INSTRUCTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("x", "", "", ""),
    ("ADD", "", "+", ""),
    ("SUB", "", "-", ""),
    ("MUL", "", "*", ""),
    ("DIV", "", "/", ""),
    ("EXP", "**", "", ""),
    ("LOG", "ALOG10", "LOG10", ""),
    ("LN", "ALOG", "LN", "LOG"),
    ("INT", "AINT", "INT", ""),
    ("x", "(", "", ""),
    ("x", ",", "", ""),
    ("x", ")", "", ""),
    ("x", "", "", ""),
    ("LOAD", "", "", ""),
    ("STOR", "", "", ""),
    ("RETN", "", "", ""),
    ("SQRT", "SQRT", "", ""),
    ("SIN", "SIN", "", ""),
    ("COS", "COS", "", ""),
    ("TAN", "TAN", "", ""),
    ("MAX", "MAX", "AMAX1", ""),
    ("MIN", "MIN", "AMIN1", ""),
    ("MOD", "MOD", "%", "AMOD"),
    ("ABS", "ABS", "", ""),
    ("LCMP", "", "", ""),
    ("ATN2", "ATAN2", "", ""),
    ("ASIN", "ASIN", "", ""),
    ("ACOS", "ACOS", "", ""),
    ("ATAN", "ATAN", "", ""),
    ("LT", ".LT.", "<", ""),
    ("LE", "<=", ".LE.", ""),
    ("EQ", "==", ".EQ.", ""),
    ("NE", "!=", ".NE.", ""),
    ("GE", ">=", ".GE.", ""),
    ("GT", ".GT.", ">", ""),
    ("OR", ".OR.", "|", ""),
    ("AND", ".AND.", "&", ""),
    ("XOR", ".XOR.", "^", ""),
    ("NOT", ".NOT.", "!", ""),
    ("LAND", "&&", "", ""),
    ("LOR", "||", "", ""),
    ("LSHF", "<<", "", ""),
    ("RSHF", ">>", "", ""),
)
_CODE = {name: number for number, (name, *_) in enumerate(_INSTRUCTIONS) if name != "x"}
_STEPS = {_CODE[name]: step for name, step in STEPS.items()}
# what is compared for the third spelling is only as long as the second one: LO stands for LOG, A for AMOD
_SEARCH = (
    [(spelling, spelling, code) for code, (_, spelling, _, _) in enumerate(_INSTRUCTIONS) if spelling]
    + [(spelling, spelling, code) for code, (_, _, spelling, _) in enumerate(_INSTRUCTIONS) if spelling]
    + [(third[: len(second)], third, code) for code, (_, _, second, third) in enumerate(_INSTRUCTIONS) if third]
)
_DELIMITERS = set("+-*/%(),.=&^|!<>\t \r")
_COMMUTATIVE = {_CODE[n] for n in ("MAX", "MIN", "ADD", "MUL", "AND", "OR", "XOR", "EQ", "NE", "LAND", "LOR")}
_LEVELS = tuple(
    {_CODE[name] for name in names.split()}
    for names in ("OR LOR XOR", "AND LAND", "LT LE EQ NE GE GT", "LSHF RSHF", "ADD SUB", "MUL DIV MOD")
)
_SIGNS = {_CODE["ADD"], _CODE["SUB"]}
_FUNCTIONS = {_CODE[n] for n in ("NOT", "ABS", "SQRT", "INT", "LN", "LOG", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN")}
_LISTED = {_CODE[n] for n in ("MAX", "MIN", "MOD", "ATN2")}
_OF_TWO = {_CODE["MOD"], _CODE["ATN2"]}


class KnuthError(Exception):
    """A bad function string (status 2 of the original)."""


def variable_index(name: str) -> int:
    """Cell of a variable name, 0 if none: INn and (any other letter)n give n, D.. 1, L.., S.., B.. the position."""
    first = name[:1].upper()
    if first in ("D", "L", "S", "B"):
        return {"D": 1, "L": LINE, "S": SAMP, "B": BAND}[first]
    digits = name[2:] if first == "I" else name[1:]
    return cformat.atoi(digits) if digits[:1].isdigit() else 0


def _operator(text: str) -> tuple[int, str]:
    """Code and spelling of the operator that ``text`` begins with, (0, "") if none."""
    for start, spelling, code in _SEARCH:
        if text.startswith(start):
            return code, spelling
    return 0, ""


class _Tokens:
    """Cuts the expression into tokens as the original does."""

    def __init__(self, text: str):
        text = text.split("$", 1)[0].upper()
        if text.count("(") != text.count(")"):
            raise KnuthError
        self._rest = text
        self.token = ""
        self.kind = ""
        self.bad = False
        self.advance()

    @property
    def operator(self) -> int:
        return _operator(self.token)[0]

    def advance(self) -> None:
        """Go to the next token; an empty one at the end and at a sign that means nothing."""
        rest = self._rest.lstrip(" \t")
        code, spelling = _operator(rest)
        if code:
            self.kind, self.token = "operator", spelling
            self._rest = rest[len(spelling) :]
            if spelling[0].isalpha() and self._rest[:1].isdigit():
                self.bad = True
            return
        length, self.kind = 0, ""
        if rest[:1].isalpha() and rest[:1].isascii():
            self.kind = "variable"
            while length < len(rest) and rest[length] not in _DELIMITERS:
                length += 1
        elif rest[:1].isdigit() or rest[:1] == ".":
            self.kind = "number"
            length = self._number_length(rest)
        self.token, self._rest = rest[:length], rest[length:]

    @staticmethod
    def _number_length(text: str) -> int:
        def digits(place: int) -> int:
            while place < len(text) and text[place].isdigit():
                place += 1
            return place

        place = digits(0)
        if text[place : place + 1] == "." and not _operator(text[place:])[0]:
            place = digits(place + 1)
        if text[place : place + 1] == "E":
            place += 1
            if text[place : place + 1] in ("+", "-"):
                place += 1
            place = digits(place)
        return place


class _Compiler:
    """Recursive descent with a stack of cell numbers; writes instructions into the buffer."""

    def __init__(self, text: str):
        self.cells = np.zeros(CELLS, np.float32)
        self._halves = self.cells.view(np.int16)
        self._stack: list[int] = []
        self._code = _FIRST_CODE
        self._register = _FIRST_REGISTER
        self._constant = _FIRST_CONSTANT
        self._load_allowed = True
        self._arguments = 0
        self.uses_position = False
        self._tokens = _Tokens(text)
        if not self._tokens.token:
            raise KnuthError
        self._check()
        self._commas()
        if len(self._stack) != 1 or self._tokens.token:
            raise KnuthError
        if self._code == _FIRST_CODE:
            self._load(1)
        self._emit(_CODE["RETN"], 0)

    def _check(self) -> None:
        if self._tokens.bad:
            raise KnuthError

    def _advance(self) -> None:
        self._tokens.advance()

    # ---- grammar

    def _commas(self) -> None:
        self._check()
        self._level(0)
        arguments = 1
        while self._tokens.token[:1] == ",":
            arguments += 1
            self._advance()
            self._level(0)
        self._arguments = arguments

    def _level(self, level: int) -> None:
        """The binary operators, weakest first."""
        self._check()
        if level == len(_LEVELS):
            self._powers()
            return
        self._level(level + 1)
        while (operator := self._tokens.operator) in _LEVELS[level]:
            self._advance()
            self._level(level + 1)
            self._binary(operator)

    def _powers(self) -> None:
        """``**``, from left to right."""
        self._signed()
        while self._tokens.operator == _CODE["EXP"]:
            self._advance()
            self._signed()
            self._binary(_CODE["EXP"])

    def _signed(self) -> None:
        self._check()
        operator = self._tokens.operator
        if operator not in _SIGNS:
            self._function()
            return
        self._advance()
        self._function()
        if operator == _CODE["SUB"]:
            self._unary(_CODE["LCMP"])

    def _function(self) -> None:
        self._check()
        operator = self._tokens.operator
        if operator not in _FUNCTIONS:
            self._listed()
            return
        while operator in _FUNCTIONS:
            self._advance()
            self._listed()
            self._unary(operator)
            operator = self._tokens.operator

    def _listed(self) -> None:
        """Functions of several arguments."""
        self._check()
        operator = self._tokens.operator
        if operator not in _LISTED:
            self._group()
            return
        self._advance()
        self._group()
        self._several(operator)

    def _group(self) -> None:
        self._check()
        if self._tokens.token[:1] != "(":
            self._primitive()
            return
        self._advance()
        self._commas()
        if self._tokens.token[:1] != ")":
            raise KnuthError
        self._advance()

    def _primitive(self) -> None:
        self._check()
        token = self._tokens.token
        if self._tokens.kind == "variable":
            self._push(variable_index(token))
        elif self._tokens.kind == "number":
            if self._constant > _LAST:
                raise KnuthError
            self.cells[self._constant - 1] = np.float32(cformat.atof(token))
            self._push(self._constant)
            self._constant += 1
        else:
            raise KnuthError
        self._advance()

    # ---- code

    def _place(self, depth: int) -> int:
        """Cell at ``depth`` below the top of the stack (1 = top); 0 beneath the bottom."""
        return self._stack[-depth] if depth <= len(self._stack) else 0

    def _is_accumulator(self, depth: int) -> bool:
        """Whether that element is the value still held in the accumulator."""
        return self._place(depth) == self._register and self.cells[self._register - 1] == 0

    def _push(self, cell: int) -> None:
        if len(self._stack) >= _STACK or cell <= 0:
            raise KnuthError
        self._stack.append(cell)
        if len(self._stack) >= 3:
            self._store(3)
        if cell in (LINE, SAMP, BAND):
            self.uses_position = True

    def _push_result(self, arguments: int) -> None:
        """Replace the arguments by the accumulator."""
        if len(self._stack) < arguments:
            raise KnuthError
        del self._stack[len(self._stack) - arguments :]
        self._push(self._register)
        self._load_allowed = False

    def _emit(self, operator: int, cell: int) -> None:
        if self._code > _LAST:
            raise KnuthError
        self._halves[2 * (self._code - 1)] = np.int64(cell).astype(np.int16)
        self._halves[2 * (self._code - 1) + 1] = operator
        self._code += 2

    def _store(self, depth: int) -> None:
        """Save the accumulator if that element is it."""
        if not self._is_accumulator(depth):
            return
        self._emit(_CODE["STOR"], self._place(depth))
        self.cells[depth - 1] = 1.0  # meant as a mark for the register; it lands in an input cell
        self._load_allowed = True
        self._register += 2
        if self._register > _LAST:
            raise KnuthError
        self.cells[self._register - 1] = 0.0

    def _load(self, depth: int) -> bool:
        if not self._load_allowed or self._is_accumulator(depth):
            return False
        self._emit(_CODE["LOAD"], self._place(depth))
        self._load_allowed = False
        return True

    def _unary(self, operator: int) -> None:
        self._check()
        self._store(1)
        self._store(2)
        self._emit(operator, self._place(1))
        self._push_result(1)

    def _binary(self, operator: int) -> None:
        self._check()
        self._combine(operator, 2)
        self._push_result(2)

    def _several(self, operator: int) -> None:
        if operator in _OF_TWO and self._arguments != 2:
            raise KnuthError
        self._check()
        self._combine(operator, self._arguments)
        self._push_result(self._arguments)

    def _combine(self, operator: int, arguments: int) -> None:
        """Instructions for one operator; a commutative one takes its arguments in the handiest order."""
        if operator not in _COMMUTATIVE:
            self._store(1)
            self._load(arguments)
            for depth in range(arguments - 1, 0, -1):
                self._emit(operator, self._place(depth))
            return
        loaded = 0
        for depth in range(arguments, 0, -1):
            if self._load(depth):
                loaded = depth
        for depth in range(arguments, 0, -1):
            if depth != loaded if loaded else not self._is_accumulator(depth):
                self._emit(operator, self._place(depth))


@dataclass(frozen=True)
class Program:
    """A compiled expression.

    Attributes
    ----------
    code : tuple of (int, int)
        Instruction and cell, in order, without what follows the first return.
    uses_position : bool
        LINE, SAMP or BAND occur (status 1 of the original).
    cells : float32 array
        Every cell as the compiler left it; index 0 is cell 1.
    """

    code: tuple[tuple[int, int], ...]
    uses_position: bool
    cells: np.ndarray = field(repr=False, compare=False)

    def dump(self) -> list[str]:
        """The symbolic listing, one line an instruction."""
        return [f"   {_INSTRUCTIONS[code][0]:<4s} {cell:3d}" for code, cell in self.code]

    def evaluate(self, variables: Mapping[int, object]) -> np.ndarray | np.float32:
        """Run over arrays (or float32 scalars) by cell number; cells not given hold what the compiler left. float32."""
        memory = {cell: np.asarray(value, np.float32)[()] for cell, value in variables.items()}
        accumulator = np.float32(0)
        with np.errstate(all="ignore"):
            for code, cell in self.code:
                if code == _CODE["STOR"]:
                    memory[cell] = accumulator
                    continue
                if code == _CODE["RETN"]:
                    break
                value = memory.get(cell)
                if value is None:
                    value = self.cells[cell - 1] if 0 < cell <= CELLS else np.float32(0)
                accumulator = _STEPS[code](accumulator, value)
        return accumulator

    def lookup(self, inputs: int, rounded: bool) -> np.ndarray:
        """Byte table of every DN: 256 values, or [IN2, IN1] of 256 x 256 (KNUTH_LOOKUP)."""
        first = np.arange(256, dtype=np.float32)
        variables = {1: first} if inputs == 1 else {1: first[None, :], 2: first[:, None]}
        values = np.broadcast_to(self.evaluate(variables), (256,) * inputs).astype(np.float64)
        if rounded:
            whole = np.where(values >= 0, np.floor(values + 0.5), np.ceil(values - 0.5))
        else:
            whole = np.trunc(values)
        return np.clip(as_int(whole), 0, 255).astype(np.uint8)


def compile_expression(text: str) -> Program:
    """Compile ``text``; raises KnuthError where the original says BAD FUNCTION STRING."""
    compiler = _Compiler(text)
    halves = compiler.cells.view(np.int16)
    code = []
    for place in range(_FIRST_CODE, _LAST, 2):
        cell, operator = int(halves[2 * (place - 1)]), int(halves[2 * (place - 1) + 1])
        if operator not in _STEPS and operator not in (_CODE["STOR"], _CODE["RETN"]):
            raise KnuthError  # a constant beyond the fortieth lies on the code; the original runs into it
        code.append((operator, cell))
        if operator == _CODE["RETN"]:
            break
    return Program(tuple(code), compiler.uses_position, compiler.cells)
