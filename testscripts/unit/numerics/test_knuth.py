"""The expression compiler and machine against the original's (knuth_model.tsv: expression, status, code, result bits).

Values of the first line: IN1, IN2, IN3 of each evaluation; LINE, SAMP, BAND are 7, 5, 2.
"""

from pathlib import Path

import numpy as np

from vicar.numerics import knuth

LINES = (Path(__file__).parent / "knuth_model.tsv").read_text().splitlines()
VALUES = np.array([[float.fromhex(x) for x in row.split(",")] for row in LINES[0].split()[2:]], np.float32)


def test_model():
    wrong = []
    for line in LINES[1:]:
        text, status, *rest = line.split("\t")
        try:
            program = knuth.compile_expression(text)
        except knuth.KnuthError:
            if status != "2":
                wrong.append((text, "refused"))
            continue
        code = [tuple(map(int, word.split(","))) for word in rest[0].split()] if rest else None
        if status != str(int(program.uses_position)) or code != list(program.code):
            wrong.append((text, program.code))
            continue
        variables = {1: VALUES[:, 0], 2: VALUES[:, 1], 3: VALUES[:, 2], knuth.LINE: 7, knuth.SAMP: 5, knuth.BAND: 2}
        got = np.broadcast_to(program.evaluate(variables), len(VALUES))
        expected = np.array([int(x, 16) for x in rest[1].split()], np.uint32).view(np.float32)
        if not np.array_equal(got, expected, equal_nan=True):
            wrong.append((text, got, expected))
    assert not wrong, wrong[:5]


def test_dump():
    assert knuth.compile_expression("IN1+SQRT(IN2)").dump()[0] == "   SQRT   2"


def test_lookup():
    table = knuth.compile_expression("in1*2-10.5").lookup(1, True)
    assert table[:7].tolist() == [0, 0, 0, 0, 0, 0, 2] and table[255] == 255
    assert knuth.compile_expression("in1-in2").lookup(2, True)[3, 10] == 7
