"""Reading and writing numbers. Expected values: recorded from the original (tcl_expressions) or C's arithmetic."""

import pytest

from tae.primitives import NUMBER, Primitives
from tae.values import (
    INTEGER,
    REAL,
    Unreadable,
    parse_integer,
    parse_integer_range,
    parse_real,
    parse_real_range,
    shown_components,
    shown_real,
    substituted_text,
    wrap_integer,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("-7", -7), ("+7", 7), ("- 7", -7), (" 7 ", 7), ("7.", 7), ("7.000", 7), ("1E3", 1000), ("1.E2", 100),
        ("1E+0", 1), ("1.5e+00", 1), ("-1.5e+00", -1), ("1e5e2", 1), ("2147483647", 2147483647),
        ("-2147483648", -2147483648), (".0", 0),
    ],
)  # fmt: skip
def test_integers(text, value):
    assert parse_integer(text) == value


@pytest.mark.parametrize("text", ["", "a", "1a", "1.5", "1.5E1", "1E-1", "--1", "1 2", "2147483648", '"1"', "1e", "."])
def test_no_integers(text):
    with pytest.raises(Unreadable):
        parse_integer(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7.0), ("-.5", -0.5), (".5e3", 500.0), ("1.5E1", 15.0), ("123456.789", 123456.789), ("1e400", float("inf"))],
)
def test_reals(text, value):
    assert parse_real(text) == value


@pytest.mark.parametrize("text", ["", "1D5", "abc", "1.2.3", "1e", ".", "-", "1,2"])
def test_no_reals(text):
    with pytest.raises(Unreadable):
        parse_real(text)


def test_reals_are_summed_digit_by_digit():
    """The fraction is a sum of 0.1*digit*10**-place, which is not always the nearest double."""
    total = 0.0
    for place, digit in enumerate((3, 3, 7)):
        scale = 1.0
        for _ in range(place):
            scale /= 10.0
        total += scale * (0.1 * digit)
    assert parse_real("0.337") == total


@pytest.mark.parametrize(
    ("text", "number_class", "value"),
    [
        ("15E1", INTEGER, 150.0), ("1.0", INTEGER, 1.0), ("1.5", REAL, 1.5), ("2.5e+00", INTEGER, 2.5),
        ("2.5e+01", REAL, 25.0), ("2.0e+01", INTEGER, 20.0), ("1E-3", REAL, 1e-3), ("1E-0", INTEGER, 1.0),
    ],
)  # fmt: skip
def test_classes(text, number_class, value):
    assert Primitives(text).next() == (NUMBER, (number_class, value))


def test_ranges():
    assert parse_integer_range("4:1") == (1, 4)
    assert parse_integer_range("3") == (3, 3)
    assert parse_real_range("-1.5:2") == (-1.5, 2.0)
    for text in ("a:b", ":", "1:", ""):
        with pytest.raises(Unreadable):
            parse_integer_range(text)


def test_a_double_as_an_integer():
    assert wrap_integer(2.9) == 2
    assert wrap_integer(-2.9) == -2
    assert wrap_integer(2147483648.0) == -2147483648
    assert wrap_integer(float("inf")) == -2147483648
    assert wrap_integer(-2147483648.5) == -2147483648


def test_writing():
    assert substituted_text(()) == ""
    assert substituted_text((1, 2)) == "(1,2)"
    assert substituted_text((3.14159265358979,)) == "3.141592653590e+00"
    assert substituted_text((float("inf"),)) == "inf"
    assert shown_real(100000.0) == "100000.0"
    assert shown_real(1e12) == "1e+12"
    assert shown_real(0.1) == "0.1"
    assert shown_components(("a", 'b"')) == ['("a",', '"b""")']
    assert shown_components(()) == ["--"]
