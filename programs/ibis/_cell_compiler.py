"""The compiler of the expressions of MF3 and MF4: a priority stack that writes code for a machine of one
register and numbered cells.

Source: ``vos/p2/prog/mf3``, ``mf4`` (``stsget``, ``sp_knuth``; the same code stands in ifthen). Names are known by a number
made from their letters only, so that some other words mean the same (``@get`` is ``@int``); this is kept.

Cells: 0..8 the columns in the order they occur, 101 the row number, 102 the random number, from 103 constants, from 1062
intermediate results.

Kept: of two operators in a row the first has the priority of whatever stands before it: the number of a cell, of which the
original reads a priority of 0 behind its table. The number of the first operator then serves as that of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROW_CELL, RANDOM_CELL, FIRST_CONSTANT, FIRST_RESULT = 101, 102, 103, 1062

LETTERS = "0123456789.alogintsqrxdmbcepfhjkuvwyz_"
_OPERATORS = "+-*/() ,;$<=!|&>^"
_DOUBLED = "<=!|&>"

ADD, SUBTRACT, MULTIPLY, DIVIDE, STAR_STAR = 1, 2, 3, 4, 5
OPEN, CLOSE, END, MARK, LOAD, STORE, RETURN = 9, 10, 11, 12, 13, 14, 15
NEGATE, AND, POWER, NOT = 24, 36, 37, 38

# function -> instruction; a name is found by its number
FUNCTIONS = {
    "alog10": 6, "alog": 7, "aint": 8, "int": 8, "sqrt": 16, "sin": 17, "cos": 18, "samp": 18, "tan": 19, "max": 20,
    "amax1": 20, "min": 21, "amin1": 21, "mod": 22, "amod": 22, "abs": 23, "atan2": 25, "asin": 26, "acos": 27,
    "atan": 28, "cat": 41, "break": 42, "fstr": 43, "bstr": 44, "adelete": 45, "sdelete": 46, "trim": 47, "ucase": 48,
    "lcase": 49, "replace": 50, "strlen": 51, "pos": 52, "streq": 53, "strsub": 54, "strpat": 55, "ljust": 56,
    "rjust": 57, "num": 58, "i2str": 59, "f2str": 60, "dmsstr": 61, "dmsnum": 62,
}  # fmt: skip
_UNNAMED = {24546: 39, 24004: 40}  # instructions that always end the program
_SINGLE = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "(": OPEN, ")": CLOSE, ",": STORE, ";": NEGATE,
           "$": END, "<": 29, "=": 30, "!": NOT, "|": 32, "&": AND, ">": 34, "^": POWER}  # fmt: skip
_PAIR = {"<": 30, "=": 31, "!": 32, "|": 35, "&": AND, ">": 33}
_PRIORITY = {code: 7 for code in (6, 7, 8, 16, 17, 18, 19, 23, 24, 26, 27, 28, 38, 48, 49, 51, 58, 59, 61, 62)}
_PRIORITY |= {code: 1 for code in (14, 20, 21, 22, 25, *range(39, 48), 50, *range(52, 58), 60)}
_PRIORITY |= {1: 4, 2: 4, 3: 5, 4: 5, 5: 6, 35: 2, 36: 2, 37: 2} | {code: 3 for code in range(29, 35)}
BINARY = {1, 2, 3, 4, 5, *range(29, 38)} | {code for code, priority in _PRIORITY.items() if priority == 1 and code != 14}
_COMPARES_STACK = BINARY | {CLOSE, END}


class ExpressionError(Exception):
    """The program ends itself; the text is MF3's. ``symbol``: the character no expression may hold."""

    def __init__(self, text: str, symbol: str = ""):
        super().__init__(text)
        self.symbol = symbol


def wrapped(value: int) -> int:
    """A 32-bit integer."""
    return (value + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def name_number(name: str) -> int:
    """What a function's name is known by."""
    number = 0
    for letter in name:
        number = wrapped(number * 10 + LETTERS.index(letter))
    return number


def column_number(previous: int, letter: int) -> int:
    """The number a column's name is known by, one letter further."""
    number = wrapped(previous * 39)
    if number > 100000000:
        number //= 31
    return wrapped(number + letter)


_BY_NUMBER = {name_number(name): code for name, code in FUNCTIONS.items()} | _UNNAMED
_VARIABLES = {name_number(f"in{n}"): n for n in range(1, 101)}
_VARIABLES |= {name_number("rand"): RANDOM_CELL, name_number("index"): ROW_CELL, name_number("line"): ROW_CELL}


@dataclass
class Compiled:
    """Instructions (operation, cell), constants by cell, and the strings the constants point to."""

    code: list[tuple[int, int]] = field(default_factory=list)
    constants: dict[int, float] = field(default_factory=dict)
    strings: bytes = b""

    @property
    def uses_strings(self) -> bool:
        return bool(self.strings) or any(41 <= operation <= 61 for operation, _ in self.code)


class _Symbols:
    """Cuts the text into symbols: cells, instructions, brackets."""

    def __init__(self, text: str, columns: list[int], longest: int):
        self.text = list(text) + ["\0"] * 80
        self.place = -1
        self.columns = columns
        self.longest = longest
        self.constants: dict[int, float] = {}
        self.strings = bytearray()
        self.compares = False  # the symbol is weighed against the stack
        self.direct = True  # False: it waits for its comma
        self.last = MARK
        self._mark_signs()

    def _mark_signs(self) -> None:
        """Signs behind nothing, a bracket or a comma: minus becomes ``;``, plus a blank."""
        before = "("
        for place, letter in enumerate(self.text):
            if letter == "$" or letter == "\0":
                break
            if letter == " ":
                continue
            if before in "(,":
                if letter == "-":
                    self.text[place] = ";"
                elif letter == "+":
                    self.text[place] = " "
            before = letter

    def next(self) -> int:
        self.direct = True
        word = _Word(self)
        while True:
            letter = self.text[self.place + 1]
            if letter == "@":
                word.function = True
            elif letter in _OPERATORS and letter != " ":
                break
            elif letter != " ":
                word.take(letter)
                continue
            self.place += 1
        self.last = self._operator(letter) if word.empty else self._operand(word)
        return self.last

    def _operator(self, letter: str) -> int:
        length, second = 1, self.text[self.place + 2]
        if letter in _DOUBLED and second in _DOUBLED:
            length, code, letter = 2, _PAIR[letter], second
        else:
            code = _SINGLE[letter]
        self.place += length
        if code == STORE:
            self.direct = False
        if letter == ";":
            self.text[self.place] = "-"
        elif letter == "*" and self.text[self.place + 1] == "*":
            code = STAR_STAR
            self.place += 1
        self.compares = code in _COMPARES_STACK
        return code

    def _operand(self, word: _Word) -> int:
        self.compares = False
        if word.kind < 0 and word.function:
            return self._function(word.number)
        if word.kind < 0:
            # a name that is no column leaves the symbol as it was
            return self.columns.index(word.column) if word.column in self.columns else self.last
        cell = FIRST_CONSTANT + len(self.constants)
        if word.kind > 0:
            self.constants[cell] = word.real
        else:
            self.constants[cell] = float(word.string if word.string is not None else word.number)
        return cell

    def _function(self, number: int) -> int:
        if number in _VARIABLES:
            return _VARIABLES[number]
        code = _BY_NUMBER.get(number)
        if code is None:
            raise ExpressionError("operator not found")
        self.compares = code in BINARY
        if _PRIORITY.get(code) == 1:
            self.direct = False
        return code


class _Word:
    """A name, number or string under way; its value is built sign by sign."""

    def __init__(self, symbols: _Symbols):
        self.symbols = symbols
        self.function = False
        self.empty = True
        self.kind = 0  # -1 name, 0 integer or string, 1 real
        self.number = self.column = 0
        self.real = self._factor = 0.0
        self.string: int | None = None

    def take(self, letter: str) -> None:
        symbols = self.symbols
        self.empty = False
        lower = letter.lower()
        if lower == "'":
            self._quoted()
            return
        if lower not in LETTERS:
            raise ExpressionError("program terminating", letter)
        value = LETTERS.index(lower)
        if value == 10:
            self.kind, self.real, self._factor = 1, float(self.number), 1.0
            symbols.place += 1
            return
        if lower == "e" and self.kind == 1:
            self._exponent()
            return
        if value > 10 and lower != "e":
            self.kind = -1
        self.number = wrapped(self.number * 10 + value)
        self.column = column_number(self.column, value)
        self._factor = 0.1 * self._factor
        self.real += self._factor * float(value)
        symbols.place += 1

    def _exponent(self) -> None:
        """A sign and two digits behind the E."""
        from vicar.numerics import libm

        text, place = self.symbols.text, self.symbols.place
        power = sum(int(text[place + at]) * weight for at, weight in ((3, 10), (4, 1)) if text[place + at].isdigit())
        sign = text[place + 2]
        if sign in "+-":
            self.real *= float(libm.pow(10.0 if sign == "+" else 0.10, float(power)))
        self.symbols.place += 4

    def _quoted(self) -> None:
        """A string, cut after ``longest`` characters; the constant is where it lies."""
        symbols = self.symbols
        self.kind, self.string = 0, len(symbols.strings)
        for _ in range(symbols.longest):
            letter = symbols.text[symbols.place + 2]
            if letter == "'":
                break
            symbols.strings += letter.encode("latin-1", "replace")
            symbols.place += 1
        symbols.strings.append(0)
        symbols.place += 2


def compile_expression(text: str, columns: list[int], longest: int = 55) -> Compiled:
    """Compile up to the ``$``. ``columns``: numbers of the column names by cell. Raises ExpressionError.

    ``longest``: characters a quoted string may have (MF3: 55, MF4: 30).
    """
    symbols = _Symbols(text, columns, longest)
    code: dict[int, tuple[int, int]] = {1: (RETURN, 0)}
    stack, waiting = [MARK], []
    result, place, first = FIRST_RESULT, 0, True
    while True:
        symbol = symbols.next()
        if symbol != OPEN:
            if first:
                code[0] = (LOAD, symbol)
            first = False
        if not symbols.direct:
            if symbol != STORE:
                waiting.append(symbol)
                continue
            if not waiting:
                raise ExpressionError("comma without function")
            symbol, symbols.compares = waiting.pop(), True
            symbols.last = symbol
        while True:
            if not symbols.compares:
                stack.append(symbol)
                break
            if len(stack) < 2:
                raise ExpressionError("operator without operand")
            below = stack[-2]
            if _PRIORITY.get(symbol, 0) > _PRIORITY.get(below, 0):
                stack.append(symbol)
                break
            if below == MARK:
                return Compiled(_as_list(code), symbols.constants, bytes(symbols.strings))
            if below == OPEN:
                stack[-2:] = stack[-1:]
                break
            if below in BINARY:
                left = stack[-3]
                if code.get(place - 1) == (STORE, left):
                    place -= 1
                else:
                    code[place] = (LOAD, left)
                code[place + 1], code[place + 2] = (below, stack[-1]), (STORE, result)
                place += 3
                del stack[-3:]
            else:
                code[place], code[place + 1] = (below, stack[-1]), (STORE, result)
                place += 2
                del stack[-2:]
            stack.append(result)
            result += 1
            code[place] = (RETURN, 0)


def _as_list(code: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
    ordered = []
    for place in range(max(code) + 1):
        ordered.append(code.get(place, (RETURN, 0)))
        if ordered[-1][0] == RETURN:
            break
    return ordered
