"""Comparison and verdicts, also against an independent line-by-line comparison, and on mutated models."""

import random
import re
from itertools import zip_longest

import pytest

from monitor.verify.compare import compare, hunks
from monitor.verify.masks import CASES, NATIVE, NONE
from monitor.verify.source import find_cause, located

LOG = (
    b"gen a 10 10\nBeginning VICAR task gen\nGEN Version 2019-05-28\nGEN task completed\nlist a\n      1   0   1   2\n"
)


def test_same_is_exact():
    result = compare(LOG, LOG, NATIVE)
    assert result.same and result.exact and not result.mask_uses and result.caret() == []


def test_masked_is_not_exact():
    model = b" Task:GEN       User: Date_Time:<DATE>\n"
    ours = b" Task:GEN       User:lead      Date_Time:Wed Nov  3 10:11:12 2021\n"
    result = compare(model, ours, NATIVE)
    assert result.same and not result.exact
    assert result.mask_uses == {"date": 1, "user-in-listing": 1}


def test_first_divergence_and_caret():
    result = compare(LOG, LOG.replace(b"0   1   2", b"0   1   3"), NATIVE)
    assert (result.matched, result.total, result.same) == (5, 6, False)
    model, ours, caret = result.caret()
    assert model[caret.index("^")] == "2" and ours[caret.index("^")] == "3"


@pytest.mark.parametrize("ours", [LOG + b"more\n", LOG[:-20], b""])
def test_length_counts(ours):
    result = compare(LOG, ours, NATIVE)
    assert not result.same
    assert "<end of log>" in " ".join(result.caret())


def test_blanks_inside_and_in_front_count():
    for changed in (
        LOG.replace(b"   0", b"  0"),
        LOG.replace(b"      1 ", b"     1 "),
        LOG.replace(b"\nlist", b"\n\nlist"),
    ):
        assert not compare(LOG, changed, NATIVE).same


def independent(model: bytes, ours: bytes) -> bool:
    """A comparison of its own: no code of the package, only trailing blanks and dates of the usual kind taken out."""

    def clean(data):
        text = data.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").rstrip()
        text = re.sub(r"(?m)[ \t]+$", "", text)
        return re.sub(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) +[A-Z][a-z]{2} +\d+ +\d+:\d+:\d+ +\d{4}", "<DATE>", text)

    return all(a == b for a, b in zip_longest(clean(model).split("\n"), clean(ours).split("\n")))


def mutate(data: bytes, chance: random.Random) -> bytes:
    """One change that matters: a character replaced, inserted or removed, or a line dropped or doubled."""
    lines = data.split(b"\n")
    solid = [index for index, line in enumerate(lines) if line.strip()]
    index = chance.choice(solid)
    line = lines[index]
    column = chance.randrange(len(line.rstrip()))
    kind = chance.randrange(5)
    if kind == 0:
        lines[index] = line[:column] + bytes([line[column] ^ 1 or 65]) + line[column + 1 :]
    elif kind == 1:
        lines[index] = line[:column] + b" " + line[column:]
    elif kind == 2:
        lines[index] = line[:column] + line[column + 1 :]
    elif kind == 3:
        del lines[index]
    else:
        lines.insert(index, line)
    return b"\n".join(lines)


@pytest.mark.shared
def test_mutated_models_fail_and_an_independent_comparison_agrees(shared):
    """Over all native logs: untouched models agree, a model changed in one place never does."""
    chance = random.Random(5)
    for path in sorted((shared / "golden" / "native").glob("*.log")):
        data = path.read_bytes()
        if len(data) < 30:
            continue
        assert compare(data, data, NATIVE).same
        for _ in range(1):
            changed = mutate(data, chance)
            verdict = compare(data, changed, NATIVE)
            assert verdict.same == independent(data, changed), path.name
            if any(word in changed for word in (b"<DATE>", b"User:", b"USER=")) and verdict.same:
                continue  # the change fell into a masked field
            assert not verdict.same, path.name


def test_hunks_cover_both_logs():
    model = b"".join(b"line %d\n" % n for n in range(50))
    ours = model.replace(b"line 20\n", b"").replace(b"line 30\n", b"LINE 30\n")
    for limit in (3000, 3):
        parts = hunks(compare(model, ours, NONE), limit)
        assert [line for part in parts for line in part.model] == model.decode().splitlines()
        assert [line for part in parts for line in part.ours] == ours.decode().splitlines()


PROCEDURE = """procedure
local n int
body
let $echo="yes"
enable-log
gen a 10 10
! a comment
loop
  list &what
  if (n = 3) break
end-loop
hist a
end-proc
"""


def test_cause_is_the_procedure_line():
    log = ["gen a 10 10", "Beginning VICAR task gen", "  list a", "Beginning VICAR task list", "   1 2 3"]
    cause = find_cause(log, 4, "tst", PROCEDURE)
    assert (cause.line, cause.program) == (9, "list")
    assert str(cause) == "tst line 9: list a; in program list"
    again = find_cause([*log, "  list a", "x", "hist a", "Beginning VICAR task hist", "y"], 9, "tst", PROCEDURE)
    assert (again.line, again.program) == (12, "hist")


def test_cause_from_a_location():
    log = ["[TAE-NOVALUE] Variable 'sc' has no value.;", "", " proc 'tst', line 10", "odd"]
    assert find_cause(log, 3, "tst", PROCEDURE).line == 10


def test_cause_from_the_message_that_differs():
    log = ["gen a 10 10", "[TAE-NOPROC] Unable to locate proc 'hist'.;", "", " proc 'tst', line 12"]
    assert str(located(log, 1, "tst", PROCEDURE, "hist")) == "tst line 12: hist a; in program hist"
    assert located(log, 0, "tst", PROCEDURE) is None and located(log[:2], 1, "tst", PROCEDURE) is None


def test_cause_of_a_program_that_announces_itself_not():
    log = ["gen a 10 10", "   1 2 3"]
    assert str(find_cause(log, 1, "tst", PROCEDURE, ["gen"])) == "tst line 6: gen a 10 10; in program gen"


def test_no_cause_when_nothing_was_echoed():
    assert find_cause(["abc"], 0, "tst", PROCEDURE) is None


def test_case_masks_keep_old_dates():
    old = b"---- Task: GEN -- User: abc -- Wed Nov  3 10:11:12 1993 ----\n"
    assert not compare(old, old.replace(b"1993", b"1994"), CASES).same
    assert not compare(old, old.replace(b"abc", b"abd"), CASES).same
