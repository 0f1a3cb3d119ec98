"""Edit descriptors against fields that gfortran 12.2 wrote (fortran_model.tsv: format, kind, value, field without end blanks)."""

from pathlib import Path

import numpy as np
import pytest

from vicar.numerics import fortran

ROWS = [row.split("\t") for row in (Path(__file__).parent / "fortran_model.tsv").read_text().splitlines()]
LEFT_OUT = ("(G0", "(EN", "(E0")


def test_model():
    wrong = []
    for form, kind, value, field in ROWS:
        if form.startswith(LEFT_OUT):
            continue
        number = {"8": float, "4": np.float32, "0": int}[kind](value)
        got = fortran.edit(form, number)
        if got.rstrip() != field.rstrip():
            wrong.append((form, kind, value, field, got))
    assert not wrong, wrong[:20]


def test_records_groups_literals():
    assert fortran.write("(' A=',I3,2X,'it''s',/,3HXYZ,T10,F5.1)", 7, 2.25) == [" A=  7  it's", "XYZ        2.2"]
    assert fortran.write("(I2,2(A3,F4.1))", 1, "abcd", 2.0, "x", 3.0, "y", 4.0) == [" 1abc 2.0  x 3.0", "  y 4.0"]
    assert fortran.write("(1P2E11.3)", np.array([1, 2], np.float32)) == ["  1.000E+00  2.000E+00"]
    assert fortran.edit("(A)", "ab", width=4) == "ab  "
    assert fortran.edit_all("I3", np.array([1, -22, 1234])) == ["  1", "-22", "***"]


@pytest.mark.parametrize("field,number", [(" 12", 12), ("-1 2", -12), ("", 0)])
def test_read_integer(field, number):
    assert fortran.read_integer(field) == number


def test_read_real():
    assert fortran.read_real("  123", 2) == 1.23
    assert fortran.read_real("1.5D3") == 1500.0
    assert fortran.read_real("1+2") == 100.0
