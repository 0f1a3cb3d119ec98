"""A case run by hand, outside the harness and in odd surroundings, gives the log the harness judges."""

import os
import subprocess
import sys

import pytest

from monitor.installation import user_name
from monitor.verify.compare import compare
from monitor.verify.masks import CASES
from monitor.verify.pool import ROOT
from monitor.verify.suites import USER, case_test, copy_folder

SURROUNDINGS = {
    "plain": {},
    "other zone, language and hash": {"TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "77"},
    "large environment": {f"FILLER{number}": "x" * 1000 for number in range(40)},
}


@pytest.mark.parametrize("case", ["imggen", "tclstr", "tclscope"])
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_by_hand(shared, tmp_path, case, surroundings, score):
    if case not in score.reproduced["cases"]:
        pytest.xfail("not reproduced by the harness either")
    if len(user_name()) != len(USER):
        pytest.skip("label sizes in the models are those of a user name of four letters")
    folder, home = tmp_path / "run", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    case_test(shared / "golden" / "cases" / case).prepare(folder)
    environment = {
        "HOME": str(home),
        "ULIB": ".",
        "PATH": os.environ["PATH"],
        "USER": USER,
        "LOGNAME": USER,
        "PYTHONPATH": str(ROOT),
        **SURROUNDINGS[surroundings],
    }
    old = os.umask(0o077)
    try:
        subprocess.run(
            [sys.executable, "-m", "monitor.cli", "-s", case],
            cwd=folder,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
    finally:
        os.umask(old)
    model = (shared / "golden" / "cases" / case / "model.log").read_bytes()
    result = compare(model, (folder / "session.log").read_bytes(), CASES)
    assert result.same, "\n".join(result.caret())


def test_a_mutated_model_fails_end_to_end(shared, tmp_path, verify_worker, score):
    """The whole way: a copy of a reproduced case with one digit of its model changed is different."""
    from monitor.verify.run import run_test
    from monitor.verify.verdict import Verdict

    if "imggen" not in score.reproduced["cases"]:
        pytest.xfail("imggen is not reproduced")
    folder = tmp_path / "imggen"
    folder.mkdir()
    copy_folder(shared / "golden" / "cases" / "imggen", folder)
    assert run_test(case_test(folder), verify_worker).verdict.reproduced
    lines = (folder / "model.log").read_bytes().split(b"\n")
    number = next(index for index in reversed(range(len(lines))) if lines[index].strip()[-1:].isdigit())
    last = lines[number][-1:]
    lines[number] = lines[number][:-1] + (b"1" if last != b"1" else b"2")
    (folder / "model.log").write_bytes(b"\n".join(lines))
    outcome = run_test(case_test(folder), verify_worker)
    assert outcome.verdict is Verdict.DIFFERENT
    assert outcome.matched == number
