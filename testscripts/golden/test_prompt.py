"""Sitting at the prompt: terminals of other kinds and sizes, what the keys do, what is there without a terminal."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.completion import complete  # noqa: F401 - the module must be importable without a terminal

pytest.importorskip("pexpect")
pytest.importorskip("pyte")

from testscripts.golden.test_tutor import ROOT, Sitting

PARAMETERS = """procedure help=*
parm FIRST type=string
parm SIZE type=integer count=1:3 default=(1,2,3)
parm KIND type=keyword valid=(big,small) default=big
body
write "&first is &kind, &size"
end-proc
.title
A procedure of ours
.help
It says what it was given.
.level1
.variable first
Any text
.variable size
Up to three numbers
.level2
.variable first
FIRST is any text at all.
.end
"""


@pytest.fixture
def sit(tmp_path):
    sittings = []

    def start(**how):
        sittings.append(Sitting(tmp_path, **{"term": "xterm", **how}))
        return sittings[-1]

    (tmp_path / "mine.pdf").write_text(PARAMETERS)
    yield start
    for sitting in sittings:
        sitting.close()


PROMPTS = ("VICAR>", "VICAR-INTERRUPT>", "?")


def settle(sitting, answered: bool = False) -> list[str]:
    """The screen once nothing comes any more; what is ``answered`` may take longer until there is a prompt again."""
    quiet, heard = 0.0, not answered
    while quiet < (2.0 if answered else 0.3):
        more = bool(sitting.read(0.3))
        quiet, heard = 0.0 if more else quiet + 0.3, heard or more
        last = next((line for line in reversed(sitting.lines) if line), "")
        if quiet and heard and last.endswith(PROMPTS):
            break
    return sitting.lines


def typed(sitting, text: str) -> list[str]:
    sitting.child.send(text)
    return settle(sitting, text.endswith(("\r", "\x03")))


def run(folder: Path, text: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "monitor.cli"], cwd=folder, input=text, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), **environment}, check=False,
    )  # fmt: skip


@pytest.mark.tree
def test_the_parameter_files_of_the_tree_run_our_programs(tree, tmp_path):
    done = run(tmp_path, f"setlib ({tree}/vos/p2/prog/gen,{tree}/vos/p2/prog/list,*)\ngen a 4 5\nlist a\nlabel-list a\nexit\n")
    assert "Beginning VICAR task gen" in done.stdout and "Beginning VICAR task list" in done.stdout
    assert "4 lines per band" in done.stdout and "5 samples per line" in done.stdout


@pytest.mark.parametrize("rows, columns", [(24, 80), (30, 100), (60, 200)])
def test_the_tutor_fills_the_screen(sit, rows, columns):
    sitting = sit(rows=rows, columns=columns)
    lines = typed(sitting, "tutor mine\r")
    assert lines[0].startswith('Tutor: proc "mine" library "."') and lines[0].index("Pg 1") == columns - 6
    assert lines[2] == "A procedure of ours"
    assert lines[7].startswith("FIRST     Any text")
    assert lines[rows - 2].startswith("Enter: parm=value") and lines[rows - 1] == "?"
    lines = typed(sitting, "first=abc\r")
    assert '"abc"' in lines[7]
    lines = typed(sitting, "nosuch=1\r")
    assert lines[rows - 3] == "[TAE-TUNRECPAR] Unrecognized parameter name, 'nosuch'."
    lines = typed(sitting, "run\r")
    assert lines[rows - 2] == "abc is big, (1,2,3)" and lines[rows - 1] == "VICAR>"


def test_another_size_while_in_the_tutor(sit):
    sitting = sit()
    typed(sitting, "tutor mine\r")
    typed(sitting, "first=ab")
    for rows, columns in ((40, 120), (24, 80)):
        sitting.screen.resize(rows, columns)
        sitting.child.setwinsize(rows, columns)
        time.sleep(0.5)
        lines = settle(sitting)
        assert lines[0].startswith('Tutor: proc "mine"') and lines[0].index("Pg 1") == columns - 6
        assert lines[rows - 1] == "? first=ab"
    assert '"abc"' in typed(sitting, "c\r")[7]


def test_a_small_terminal_has_the_dialogue_at_the_prompt(sit):
    lines = typed(sit(rows=20, columns=70), "tutor mine\r")
    assert "".join(lines).count("the tutor's display needs 24") == 1
    assert lines[[i for i, line in enumerate(lines) if line][-1]] == "VICAR-mine>"


def test_line_editing_shows_what_is_there(sit):
    sitting = sit()
    typed(sitting, "\r")
    assert typed(sitting, 'write "ac"\x1b[D\x1b[Db')[1] == 'VICAR>write "abc"'
    assert typed(sitting, "\r")[2] == "abc"
    assert typed(sitting, "\x1b[A")[3] == 'VICAR>write "abc"'
    assert typed(sitting, "\x15")[3] == "VICAR>"
    assert typed(sitting, "half a comm\x03")[3] == "VICAR>"
    assert typed(sitting, 'write "later"\r')[4] == "later"


def test_a_line_longer_than_the_terminal(sit):
    sitting = sit()
    typed(sitting, "\r")
    text = 'write "' + "0123456789" * 9
    lines = typed(sitting, text)
    assert (lines[1] + lines[2])[6:] == text
    lines = typed(sitting, "\x1b[H\x1b[F" + "\x7f" * 20 + 'xyz"')
    assert (lines[1] + lines[2])[6:] == text[:-20] + 'xyz"'
    assert typed(sitting, "\r")[3] == text[7:-20] + "xyz"
    lines = typed(sitting, "\x1b[A" + "\x1b[D" * 5 + "-")
    whole = text[:-20] + 'xyz"'
    assert (lines[4] + lines[5])[6:] == whole[:-5] + "-" + whole[-5:]


def test_the_tabulator_completes(sit):
    sitting = sit()
    typed(sitting, "\r")
    time.sleep(0.5)
    assert typed(sitting, "mine\t")[1] == "VICAR>mine"
    assert typed(sitting, "fi\t")[1] == "VICAR>mine first="
    assert typed(sitting, "x 'sm\t\r")[2] == "x is small, (1,2,3)"


def test_control_c_stops_the_program_and_not_the_session(sit):
    sitting = sit()
    typed(sitting, "\r")
    sitting.child.send("ush sleep 30\r")
    time.sleep(0.7)
    sitting.child.send("\x03")
    settle(sitting)
    assert "still there" in typed(sitting, 'write "still there"\r')


def pressed(sitting, *what: str) -> list[str]:
    """Commands typed and control-C pressed (``^C``); the lines on the screen."""
    for text in what:
        if text == "^C":
            time.sleep(0.7)
        typed(sitting, "\x03" if text == "^C" else text + "\r")
    return [line for line in sitting.lines if line]


def test_endless_loops_and_recursion_end_as_in_the_original(sit, tmp_path):
    """The lines are the original's, typed to it on a terminal."""
    (tmp_path / "endless.pdf").write_text("procedure\nlocal n int initial=0\nbody\nloop\nlet n=n+1\nend-loop\nend-proc\n")
    (tmp_path / "around.pdf").write_text('procedure\nbody\nlet _onfail="continue"\nendless\nwrite "after"\nend-proc\n')
    (tmp_path / "recur.pdf").write_text("procedure\nbody\nrecur\nend-proc\n")
    sitting = sit()
    pressed(sitting, "")
    shown = pressed(sitting, "endless", "^C", "continue", "^C", "display n", "abort", "around", "^C", "abort", "recur")
    assert shown[shown.index("VICAR>endless") :] == [
        "VICAR>endless",
        "^CVICAR-INTERRUPT>continue",
        "^CVICAR-INTERRUPT>display n",
        "[TAE-UNDEFVAR] Reference to undefined variable 'n'.",
        "VICAR-INTERRUPT>abort",
        "VICAR>around",
        "^CVICAR-INTERRUPT>abort",
        "VICAR>recur",
        "[TAE-MAXPNEST] Proc nesting exceeds 50 levels.;",
        " proc 'recur', line 1",
        "VICAR>",
    ]


def test_control_c_ends_a_host_command_and_its_procedure_sees_that(sit, tmp_path):
    (tmp_path / "sleeps.pdf").write_text("procedure\nbody\nush sleep 30\nwrite \"never\"\nend-proc\n")
    sitting = sit()
    pressed(sitting, "")
    shown = pressed(sitting, "sleeps", "^C", 'write "&$skey &$sfi"')
    assert shown[shown.index("VICAR>sleeps") :] == [
        "VICAR>sleeps",
        "^C[TAE-ABNSHELL] Abnormal shell termination.;",
        " proc 'sleeps', line 3",
        'VICAR>write "&$skey &$sfi"',
        "2 -1",
        "VICAR>",
    ]


def test_progress_is_on_the_terminal_and_nowhere_else(sit, tmp_path):
    """A long program has a bar; control-C ends it, and neither is in the log or among the lines of the program."""
    sitting = sit()
    typed(sitting, "enable-log\r")
    typed(sitting, "gen a 1500 1500 'real\r")
    sitting.child.send("median a b nlw=31 nsw=31\r")
    sitting.child.expect_exact("median [", timeout=60)
    sitting.child.send("\x03")
    sitting.child.expect_exact("VICAR>", timeout=30)
    typed(sitting, 'write "still there"\rdisable-log\r')
    assert not (tmp_path / "b").exists()
    log = (tmp_path / "session.log").read_text()
    assert "still there" in log and "[" not in log


def test_the_folder_of_a_real_tree_in_place_of_ours(tmp_path):
    """R3LIB names another folder: its parameter files are found, and the programs of that library run behind them."""
    library = tmp_path / "lib"
    library.mkdir()
    (library / "ratio0.pdf").write_bytes((ROOT / "pdf" / "p3" / "ratio0.pdf").read_bytes())
    text = "gen a 4 4 20\nsetlib ($R3LIB,*)\nlocal f string\nratio0 (a,a) func=f\nexit\n"
    assert "p3/RATIO0" in run(tmp_path, text, R3LIB=str(library)).stdout


def test_help_on_globals(tmp_path):
    done = run(tmp_path, "help-global $echo\nhelp-global nosuch\nexit\n")
    assert 'HELP INFORMATION - global "$ECHO"' in done.stdout and "[TAE-NOGLB]" in done.stdout


def test_a_dumb_terminal(sit):
    lines = typed(sit(term="dumb"), "tutor mine\r")
    assert "Parameters requested:  FIRST, SIZE, and KIND." in lines
    assert "VICAR-mine>" in lines


def test_a_dumb_terminal_shows_a_line_once(sit):
    sitting = sit(term="dumb")
    typed(sitting, "\r")
    lines = [line for line in typed(sitting, 'write "hi"\r') if line]
    assert lines[-3:] == ['VICAR>write "hi"', "hi", "VICAR>"]


def test_no_terminal(tmp_path):
    (tmp_path / "mine.pdf").write_text(PARAMETERS)
    done = run(tmp_path, "mine abc\nexit\n")
    assert "abc is big, (1,2,3)" in done.stdout and "\x1b" not in done.stdout
    assert done.stderr == ""


def test_nothing_to_read(tmp_path):
    done = run(tmp_path, "")
    assert done.stdout.rstrip().endswith("VICAR>") and done.stderr == ""
    closed = subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m monitor.cli <&-'], cwd=tmp_path, capture_output=True, text=True,
        timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}, check=False,
    )  # fmt: skip
    assert "Traceback" not in closed.stderr
    assert "VICAR>" in closed.stdout


def test_end_of_input_at_the_terminal(sit):
    sitting = sit()
    typed(sitting, "\r")
    sitting.child.send("\x04")
    sitting.child.expect(__import__("pexpect").EOF, timeout=10)


def test_own_log_on_procedure(tmp_path):
    (tmp_path / "ulogon.pdf").write_text('procedure\nbody\nwrite "good morning"\nend-proc\n')
    (tmp_path / "ulogoff.pdf").write_text('procedure\nbody\nwrite "good bye"\nend-proc\n')
    done = run(tmp_path, "exit\n", ULIB=".")
    assert "good morning" in done.stdout and "good bye" in done.stdout


def test_parameter_files_of_another_library_come_first(tmp_path):
    library = tmp_path / "lib"
    library.mkdir()
    own = (ROOT / "pdf" / "vicar" / "gen.pdf").read_text()
    title = own.lower().index(".title")
    changed = own[:title].replace("10", "3") + ".title\nAnother file for GEN\n.help\nOurs runs behind it.\n.end\n"
    (library / "gen.pdf").write_text(changed)
    done = run(tmp_path, f"setlib ({library},*)\nhelp gen\ngen a\nlabel-list a\nexit\n")
    assert "Another file for GEN" in done.stdout
    assert "Beginning VICAR task gen" in done.stdout
    assert "3 lines per band" in done.stdout and "3 samples per line" in done.stdout


def test_the_menus_of_the_programs(sit):
    folder = ROOT / "pdf" / "vicar"
    for menu in folder.glob("*.mdf"):
        lines = menu.read_text().splitlines()
        for line in lines:
            word, _, target = line.partition(" ")
            if word == ".proc":
                folders = [ROOT / "pdf" / "isis2"] if target.startswith("$ISISLIB/") else [folder, ROOT / "pdf" / "isis2"]
                name = f"{target.removeprefix('$ISISLIB/')}.pdf"
                assert any((place / name).exists() for place in folders), f"{menu.name}: {target}"
            elif word == ".menu":
                assert (folder / f"{target}.mdf").exists(), f"{menu.name}: {target}"
    lines = typed(sit(), "menu\r")
    assert lines[2] == "VICAR: image processing"
    assert lines[4] == "1)  Images made from nothing"
