"""Small procedures and prompt sessions of our own, byte for byte what the original monitor printed for them."""

import io
import os
import shutil
from pathlib import Path

from tae.session import Session


def run(recorded: Path, folder: Path) -> str:
    """What the monitor prints (or logs) for one recorded procedure or prompt session."""
    for path in recorded.parent.glob("*.pdf"):
        shutil.copyfile(path, folder / path.name)
    environment = {"HOME": "/root", "TAEPDF": str(folder), "ULIB": "", "PATH": os.environ["PATH"], "SHELL": "/bin/sh"}
    output = io.StringIO(newline="")
    prompt = recorded.name.endswith(".session.out")
    typed = recorded.with_suffix(".in").read_text() if prompt else ""
    session = Session(folder, environment, output=output, input=io.StringIO(typed) if prompt else None)
    if prompt:
        session.prompt_loop()
    else:
        session.run_command_line(recorded.name.split(".")[0], slogon=False)
    if recorded.suffix == ".log":
        return (folder / "session.log").read_bytes().decode("latin-1")
    return output.getvalue()


def test_procedures_and_sessions(shared, tmp_path):
    folder = shared / "golden/monitor"
    recordings = sorted([*folder.glob("*.out"), *folder.glob("*.session.log")])
    assert len(recordings) == 15
    different = []
    for recorded in recordings:
        place = tmp_path / recorded.name
        place.mkdir()
        if run(recorded, place) != recorded.read_bytes().decode("latin-1"):
            different.append(recorded.name)
    assert different == []
