"""The score and its table in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.verify.score import DENOMINATORS, TITLES, Score, in_readme

ROOT = Path(__file__).resolve().parents[3]


def test_the_table_in_the_readme_is_current():
    readme = (ROOT / "README.md").read_text("utf-8")
    current = in_readme(readme, Score.load(ROOT / "testscripts" / "score.json"))
    assert readme == current, "run: vicar-verify --score SHARED --readme README.md"


def test_every_suite_has_a_title():
    assert list(TITLES) == list(DENOMINATORS)


def test_the_table_counts_what_is_listed():
    score = Score({"native": {"a", "b"}}, {"gen": "pixels", "list": "text"})
    table = score.table()
    assert "| the original's own test procedures | 2 | 310 |" in table
    assert "Programs proven by these: 2, of them 1 to the pixel" in table


def test_a_readme_without_a_place_is_refused():
    with pytest.raises(ValueError, match="no place"):
        in_readme("nothing here", Score())


def test_writing_twice_changes_nothing():
    once = in_readme("a\n<!-- score -->\nold\n<!-- end of score -->\nb\n", Score())
    assert once.startswith("a\n<!-- score -->\n") and once.endswith("<!-- end of score -->\nb\n")
    assert in_readme(once, Score()) == once
