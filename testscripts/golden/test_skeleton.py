"""231 test procedures of the public tree with every program stubbed: the language alone, byte for byte.

The stubs of the recording print the banner, return the key TAE-SUCCESS and do nothing else; host commands do nothing.
"""

import io
import re
import shutil
from pathlib import Path

import pytest

from tae.host import DryRunHost, ProgramResult
from tae.session import Session

NAME = re.compile(r"([^.]+)\.([^.]+)\.([^.]+)\.([^.]+)\.(log|out)\Z")
LOG_ON = "procedure\nbody\nenable-force_lower\nend-proc\n"


class Stub(DryRunHost):
    """A program that prints its banner and ends with the key of plain success."""

    def run(self, call, session):
        super().run(call, session)
        return ProgramResult(skey="TAE-SUCCESS")


@pytest.fixture(scope="module")
def libraries(tree, tmp_path_factory) -> Path:
    """Folders with the parameter files of p2 and p3, as the original installs them, and one with the log-on procedure."""
    base = tmp_path_factory.mktemp("libraries")
    for name in ("p2", "p3"):
        (base / name).mkdir()
        for path in sorted((tree / "vos" / name / "prog").glob("*/*.pdf")):
            link = base / name / path.name.lower()
            if not link.exists() and not path.read_bytes().startswith(b"%PDF"):
                link.symlink_to(path)
    (base / "log-on").mkdir()
    (base / "log-on" / "slogon.pdf").write_text(LOG_ON)
    return base


def run(recorded: Path, tree: Path, libraries: Path, folder: Path) -> str:
    """The session log of one procedure, or its standard output when that was recorded."""
    part, group, program, test, kind = NAME.match(recorded.name).groups()
    for path in sorted((tree / "vos" / part / group / program / "test").glob("*.pdf")):
        shutil.copyfile(path, folder / path.name)
    output = io.StringIO(newline="")
    environment = {"ULIB": ".", "HOME": str(folder.parent), "TAEPDF": str(libraries / "log-on")}
    environment |= {"R2LIB": str(libraries / "p2"), "R3LIB": str(libraries / "p3")}
    session = Session(folder, environment, user="user", output=output, dry_run=True)
    session.host = Stub()
    session.set_global("$APLIB", ("$R2LIB", "$R3LIB"))
    session.run_command_line(test, True)
    if kind == "out":
        return output.getvalue()
    log = folder / "session.log"
    return log.read_bytes().decode("latin-1") if log.exists() else ""


def test_every_procedure(shared, tree, libraries, tmp_path):
    recordings = sorted(path for path in (shared / "golden/skeleton").iterdir() if NAME.match(path.name))
    assert len(recordings) == 231
    different = []
    for number, recorded in enumerate(recordings):
        folder = tmp_path / str(number) / "test"
        folder.mkdir(parents=True)
        if run(recorded, tree, libraries, folder) != recorded.read_bytes().decode("latin-1"):
            different.append(recorded.name)
    assert different == []
