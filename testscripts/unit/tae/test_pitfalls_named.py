"""Every subtle behaviour of the reference's list has a test that names its number."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAST = 57


def named() -> set[int]:
    """Numbers in the names of tests: ``test_18_19_what`` has two."""
    text = "".join(path.read_text() for path in HERE.glob("test_pitfalls_*.py"))
    return {int(number) for match in re.findall(r"^def test_((?:\d+_)+)", text, re.M) for number in match.split("_") if number}


def test_every_number_has_a_test():
    assert named() == set(range(1, LAST + 1))


def test_the_reference_has_no_more(shared):
    text = (shared / "reference/tae-pitfalls.md").read_text()
    assert {int(number) for number in re.findall(r"^(\d+)\. ", text, re.M)} == set(range(1, LAST + 1))
