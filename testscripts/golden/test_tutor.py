"""Recorded screens of the original: the monitor in a pseudo-terminal of 24 lines by 80 columns shows the same ones.

A step is a line or some keys; after it all 24 lines of the screen are compared, what is in reverse, and where the cursor stands.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0  # seconds until a screen must be right
QUIET = 0.02  # seconds without output before the next step
NAMES = (
    "arrow_keys continuation defcmd errors_in_procs getpar_noscreen getpar_prompt getpar_screen help_command help_definition "
    "help_in_tutor interrupt long_pages menu_keys menus missing_at_prompt noscreen_switch noscreen_tutor paging paging_wrap "
    "prompt_errors prompt_files qualified_runs qualifiers quoting recall run_missing save_restore select_display self_tutor "
    "set_lists set_names set_values strange_help subcommand_display subcommand_given tutor_options variables"
).split()


class Sitting:
    """Somebody at the monitor."""

    def __init__(self, folder: Path, rows: int = 24, columns: int = 80, term: str = "vt100") -> None:
        environment = {**os.environ, "TERM": term, "PYTHONPATH": str(ROOT), "HOME": "", "ULIB": "."}
        environment.pop("COLUMNS", None)
        environment.pop("LINES", None)
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.child = pexpect.spawn(
            sys.executable, ["-m", "monitor.cli"], cwd=str(folder), env=environment, dimensions=(rows, columns),
            encoding="utf-8", echo=True,
        )  # fmt: skip
        self.child.delaybeforesend = None
        self.child.expect_exact("VICAR>", timeout=30)
        time.sleep(0.05)

    def read(self, seconds: float) -> bool:
        """Take what comes within some time; whether there was something."""
        try:
            self.stream.feed(self.child.read_nonblocking(65536, seconds))
            return True
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def cursor(self) -> list[int]:
        return [self.screen.cursor.y + 1, min(self.screen.cursor.x, self.screen.columns - 1) + 1]

    @property
    def marks(self) -> list[list]:
        """The parts shown in reverse: row, column, text, rendition."""
        found = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            x = 0
            while x < self.screen.columns:
                start = x
                while x < self.screen.columns and row[x].reverse:
                    x += 1
                if x > start:
                    found.append([y + 1, start + 1, "".join(row[i].data for i in range(start, x)), "reverse"])
                x += 1
        return found

    def until(self, lines: list[str], cursor: list[int] | None = None) -> bool:
        """Wait until the screen shows the lines."""
        end = time.time() + PATIENCE
        while time.time() < end:
            if self.lines == lines and (cursor is None or self.cursor == cursor):
                if not self.read(QUIET):
                    return True
                continue
            if not self.read(0.05) and not self.child.isalive():
                self.read(0.05)
                return self.lines == lines
        return False

    def close(self) -> None:
        self.child.close(force=True)


@pytest.fixture
def sit(tmp_path):
    sittings = []

    def start(**how):
        sittings.append(Sitting(tmp_path, **how))
        return sittings[-1]

    yield start
    for sitting in sittings:
        sitting.close()


def difference(number: int, step: dict, sitting: Sitting) -> str:
    told = repr(step.get("send", step.get("keys")))
    text = [f"step {number}, {told}: cursor {sitting.cursor}, should be {step.get('cursor')}"]
    for row, (ours, theirs) in enumerate(zip(sitting.lines, step["screen"]), 1):
        if ours != theirs:
            text += [f"{row:3} - {theirs}", f"{row:3} + {ours}"]
    return "\n".join(text)


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_screens(name, shared, tmp_path, sit):
    folder = shared / "golden" / "tutor"
    recorded = json.loads((folder / f"{name}.json").read_text())
    for file in recorded["files"]:
        shutil.copy(folder / "pdf" / file, tmp_path)
    sitting = sit(rows=recorded["rows"], columns=recorded["cols"])
    wrong = []
    for number, step in enumerate(recorded["steps"]):
        sitting.child.send(step["send"] + "\r" if "send" in step else step["keys"])
        if step["screen"] is None:
            sitting.read(0.5)
            continue
        cursor = None if step.get("ended") else step.get("cursor")
        if not sitting.until(step["screen"], cursor):
            wrong.append(difference(number, step, sitting))
            break
        if sitting.marks != step["marks"]:
            wrong.append(f"step {number}: in reverse {sitting.marks}, should be {step['marks']}")
            break
    assert not wrong, "\n" + "\n".join(wrong) + f"\n({number} of {len(recorded['steps'])} steps were right)"
