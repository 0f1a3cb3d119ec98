"""Parameter files: the bytes the original writes, and whatever else is read gives a message."""

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tae import parblock
from tae.parblock import Malformed
from tae.session import Session
from tae.values import INTEGER, REAL, STRING
from tae.variables import LOCAL, PARM, SymbolTable, Variable

CASES = Path(__file__).resolve().parents[2] / "tcl_parfiles"
NATIVE = sorted(CASES.glob("native_*.par"))
UNSET = slice(28, 36)  # a field of the header that the original leaves as it was in memory


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    for path in CASES.glob("*.pdf"):
        shutil.copy(path, folder)
    Session(folder, {"TAEPDF": str(folder)}, output=io.StringIO()).run_command_line("saves", slogon=False)
    return folder


@pytest.mark.parametrize("path", NATIVE, ids=lambda path: path.stem)
def test_files_are_the_original_s_byte_for_byte(saved, path):
    ours, native = (saved / path.name.removeprefix("native_")).read_bytes(), bytearray(path.read_bytes())
    native[UNSET] = bytes(8)
    assert ours == native


@pytest.mark.parametrize("name", ["l1", "v1"])
def test_what_is_read_is_written_again(name):
    """Files without NAME parameters, of which the name they had leaves a trace that is not read."""
    native = bytearray((CASES / f"native_{name}.par").read_bytes())
    native[UNSET] = bytes(8)
    assert parblock.packed(parblock.unpacked(bytes(native)), name, {}) == native


def same(one: Variable, other: Variable) -> bool:
    names = "name kind type values minimum maximum nullable valid keyword file access defaulted page".split()
    if any(getattr(one, name) != getattr(other, name) for name in names):
        return False
    return all(same(a, b) for a, b in zip(one.qualifiers or (), other.qualifiers or (), strict=True))


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,14}", fullmatch=True)
TEXTS = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=250)
NUMBERS = {
    INTEGER: st.integers(-(2**31), 2**31 - 1),
    REAL: st.floats(allow_nan=False),
    STRING: TEXTS,
}


@st.composite
def variables(draw, depth=1):
    type_ = draw(st.sampled_from((INTEGER, REAL, STRING)))
    kind = draw(st.sampled_from((PARM, LOCAL)))
    values = draw(st.none() | st.lists(NUMBERS[type_], max_size=4).map(tuple))
    item = NUMBERS[type_] if type_ == STRING else st.tuples(NUMBERS[type_], NUMBERS[type_])
    made = Variable(
        draw(NAMES), kind, type_, values, maximum=4, nullable=draw(st.booleans()), defaulted=draw(st.booleans()),
        valid=draw(st.none() | st.lists(item, min_size=1, max_size=3).map(tuple)),
        keyword=kind == PARM and type_ == STRING and draw(st.booleans()),
    )  # fmt: skip
    if depth:
        made.qualifiers = draw(st.none() | st.lists(variables(depth - 1), max_size=2).map(SymbolTable))
        if made.qualifiers is not None and not len(made.qualifiers):
            made.qualifiers = None
    return made


@settings(max_examples=100, deadline=None)
@given(st.lists(variables(), max_size=4))
def test_any_variables_come_back(saved):
    again = parblock.unpacked(parblock.packed(saved, "x", {}))
    assert all(same(a, b) for a, b in zip(saved, again, strict=True))


def test_more_than_one_block():
    many = [Variable(f"v{i}", LOCAL, STRING, ("x" * 250,) * 100, maximum=100) for i in range(30)]
    data = parblock.packed(many, "x", {})
    assert len(data) > 2 * parblock.LARGEST_BLOCK
    assert all(same(a, b) for a, b in zip(many, parblock.unpacked(data), strict=True))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(NATIVE), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=8), st.integers(0, 1500))
def test_a_spoiled_file_is_refused_or_read(path, changes, length):
    data = bytearray(path.read_bytes())
    for at, value in changes:
        data[at % len(data)] = value
    try:
        parblock.unpacked(bytes(data[: length or None]))
    except (Malformed, EOFError):
        pass
