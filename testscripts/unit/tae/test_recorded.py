"""Procedures of our own about the language alone, compared with the logs the original wrote for them."""

import io
import shutil
from pathlib import Path

import pytest

from tae.session import Session

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = ROOT / "pdf" / "vicar"
CASES = ("tcl_expressions", "tcl_operands", "tcl_declarations")


def masked(text: str) -> list[str]:
    """Lines without carriage returns, trailing blanks and empty lines at the end."""
    lines = [line.rstrip(" ") for line in text.replace("\r", "").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


@pytest.mark.parametrize("case", CASES)
def test_log_is_the_original_s(case, tmp_path):
    for file in (ROOT / "testscripts" / case).glob("*.pdf"):
        shutil.copy(file, tmp_path)
    libraries = dict.fromkeys(("TAEPDF", "V2TAE", "R1LIB", "R2LIB", "R3LIB", "TAEMENU"), str(LIBRARY))
    environment = {"ULIB": ".", "HOME": "", **libraries}
    session = Session(directory=tmp_path, environment=environment, user="user", output=io.StringIO())
    session.run_command_line(case, True)
    wanted = (ROOT / "testscripts" / case / "model.log").read_bytes().decode("latin-1")
    got = (tmp_path / "session.log").read_bytes().decode("latin-1")
    assert masked(got) == masked(wanted)
