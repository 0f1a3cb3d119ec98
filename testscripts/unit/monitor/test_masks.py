"""Every mask does what it says and nothing else; a mask that is changed is caught."""

import re
import warnings
from dataclasses import replace

import pytest

from monitor.verify.masks import CASES, NATIVE, NONE, every_mask, folder_mask

MASKS = every_mask()


@pytest.mark.parametrize("mask", [mask for _, mask in MASKS], ids=[f"{where}-{mask.name}" for where, mask in MASKS])
def test_mask_keeps_its_promise(mask):
    assert mask.faults() == []


@pytest.mark.parametrize("mask", [mask for _, mask in MASKS], ids=[f"{where}-{mask.name}" for where, mask in MASKS])
def test_mutated_mask_is_caught(mask):
    looser = replace(mask, pattern="(.)(.*)(.?)")
    dead = replace(mask, pattern="(?!x)x()()()")
    other = replace(mask, replacement="<ELSEWHERE>")
    for mutant in (looser, dead, other):
        assert mutant.faults(), f"{mutant} went unnoticed"


SAME = {("native", "user-in-listing", r"(User:)\s*\S*\s+(Date_Time:)")}  # means the same: what follows decides


@pytest.mark.parametrize(("where", "mask"), MASKS, ids=[f"{where}-{mask.name}" for where, mask in MASKS])
def test_a_mask_with_any_character_missing_is_caught(where, mask):
    patterns = {mask.pattern[:at] + mask.pattern[at + 1 :] for at in range(len(mask.pattern))}
    unnoticed = []
    for pattern in sorted(patterns - {shape for *key, shape in SAME if key == [where, mask.name]}):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            try:
                caught = bool(replace(mask, pattern=pattern).faults())
            except (re.error, IndexError):
                continue
        if not caught:
            unnoticed.append(pattern)
    assert unnoticed == []


@pytest.mark.parametrize("convention", [CASES, NATIVE, NONE], ids=lambda convention: convention.name)
def test_nothing_else_is_ignored(convention):
    """Blanks inside a line, letters, digits, signs and leading blanks all count."""
    for line in ("a  b", "   1.000", "1.0E+00", "-0", " 5", "5", "\ta", "\x0c", "***", "Beginning VICAR task gen"):
        assert convention.mask([line]) == ([line], {})


def test_lines_are_cut_as_the_models_were():
    data = b"one;\n\r proc 'p', line 3\n\n"
    assert NATIVE.lines(data) == ["one;", "", " proc 'p', line 3", ""]
    assert CASES.lines(data) == ["one;", " proc 'p', line 3", ""]
    assert NONE.lines(data) == ["one;", "\r proc 'p', line 3", ""]
    assert CASES.finish(["a", "", "b", "", ""]) == ["a", "", "b"]
    assert NONE.finish(["a", ""]) == ["a", ""]


def test_user_item_on_the_line_above_its_date():
    date = "DAT_TIM='Wed Nov  3 10:11:12 2021'"
    lines = ["USER='lead'", date, "USER='lead'", "USER='lead'", date]
    masked, used = CASES.mask(lines)
    assert masked == ["USER='<USER>'", "DAT_TIM='<DATE>'", "USER='lead'", "USER='<USER>'", "DAT_TIM='<DATE>'"]
    assert used == {"date": 2, "user-item-above-date": 2}


def test_folder_mask_needs_a_whole_path():
    mask = folder_mask("/usr/vicar/")
    assert mask.apply("/usr/vicar/x /usr/vicar") == "<V2TOP>/x <V2TOP>"
    assert mask.apply("/usr/vicarage/x") == "/usr/vicarage/x"


@pytest.mark.shared
def test_stored_models_are_fixed_points(shared):
    """Masking a stored model changes nothing: so the masks here are those the models were stored with."""
    models = {
        NATIVE: list((shared / "golden" / "native").glob("*.log")),
        CASES: [*(shared / "golden" / "cases").glob("*/model.log"), *(shared / "golden" / "imq").glob("*/model.log")],
    }
    assert len(models[NATIVE]) == 310
    for convention, paths in models.items():
        for path in paths:
            lines = convention.lines(path.read_bytes())
            assert convention.mask(lines) == (lines, {}), path.name
