"""Pages of the tutor, drawn from parameters and the size of the terminal alone."""

import pytest

from tae.tutor.page import Book, Entry, Heading, broken, value_lines
from tae.tutor.terminal import Stroke
from tae.values import INTEGER, NAME, REAL, STRING
from tae.variables import PARM, Variable


def screen(strokes: list[Stroke], rows: int, columns: int) -> list[str]:
    """What strokes leave on an empty screen."""
    cells = [[" "] * columns for _ in range(rows)]
    for stroke in strokes:
        row = cells[stroke.row - 1]
        if stroke.text is None:
            row[stroke.column - 1 :] = [" "] * (columns - stroke.column + 1)
        else:
            row[stroke.column - 1 : stroke.column - 1 + len(stroke.text)] = stroke.text
    return ["".join(row[:columns]).rstrip() for row in cells]


def number(name: str, *values: int, most: int = 1) -> Variable:
    return Variable(name, PARM, INTEGER, values or None, maximum=most)


def book(*variables: Variable, rows: int = 24, columns: int = 80, compressed: bool = False) -> Book:
    entries = [Entry(v.name, ["Some text"], v) for v in variables]
    return Book(Heading("Tutor", 'proc "p" library "."', ["A title"]), entries, rows, columns, compressed)


def test_a_page():
    made = book(number("SIZE", 5), Variable("LABEL", PARM, STRING, ("abc",), size=10), number("NONE"))
    made.settle()
    lines = screen(made.strokes(), 24, 80)
    assert lines[0] == 'Tutor: proc "p" library "."' + " " * 47 + "Pg 1."
    assert lines[2] == "A title"
    assert lines[4] == "  parm         description                            value"
    assert lines[7] == "SIZE      Some text" + " " * 46 + "5"
    assert lines[9] == 'LABEL     Some text                           "abc"'
    assert lines[11] == "NONE      Some text"


def test_without_blank_rows():
    lines = screen((lambda b: (b.settle(), b.strokes())[1])(book(number("A", 1), number("B", 2), compressed=True)), 24, 80)
    assert lines[1] == "A title" and lines[4].startswith("A ") and lines[5].startswith("B ")


@pytest.mark.parametrize("rows, pages", [(24, 5), (40, 3), (60, 2)])
def test_more_rows_make_fewer_pages(rows, pages):
    made = book(*(number(f"P{i}", i) for i in range(33)), rows=rows)
    made.page = 99
    made.settle()
    assert made.page == made.last == pages


def test_the_last_page_is_known_when_it_was_seen():
    made = book(*(number(f"P{i}", i) for i in range(20)))
    made.settle()
    assert screen(made.strokes(), 24, 80)[0].endswith("Pg 1+")
    made.page = made.page_of(19)
    made.settle()
    assert screen(made.strokes(), 24, 80)[0].endswith(f"Pg {made.page}.")


def test_a_list_longer_than_the_page():
    made = book(number("LIST", *range(1, 31), most=50))
    made.settle()
    lines = screen(made.strokes(), 24, 80)
    assert lines[7].endswith("(1)") and lines[19].endswith("(13)+")
    made.reveal(0, 20, exactly=True)
    lines = screen(made.strokes(), 24, 80)
    assert lines[7].endswith("(20)") and made.visible(0, 20) and not made.visible(0, 19)
    made.reveal(0, 50, exactly=True)
    assert screen(made.strokes(), 24, 80)[19].endswith("(50).")


@pytest.mark.parametrize(
    "variable, lines",
    [
        (Variable("X", PARM, REAL, (1.5,)), ["1.5"]),
        (Variable("X", PARM, REAL, (2.0,)), ["2.0"]),
        (Variable("X", PARM, REAL, (1e20,)), ["1e+20"]),
        (Variable("X", PARM, STRING, ()), ["--   (null value)"]),
        (Variable("X", PARM, STRING, None), []),
        (Variable("X", PARM, STRING, ("a" * 30,)), ['"' + "a" * 25, "aaaaa" + '"']),
        (Variable("X", PARM, NAME, reference=Variable("TOTAL"), defaulted=True), ["+TOTAL"]),
    ],
)
def test_values(variable, lines):
    assert value_lines(variable, 1) == lines


def test_text_is_cut_hard():
    assert broken(["abcdef", ""], 4) == ["abcd", "ef", ""]
