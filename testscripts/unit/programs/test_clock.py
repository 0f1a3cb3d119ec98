"""Programs that show the time of day, beside logs that the original wrote while its clock stood still."""

import os
import shutil
import time
from pathlib import Path

import pytest

from monitor.session import Session

MODELS = Path(__file__).with_name("clock")


@pytest.mark.parametrize("moment", [951782399, 1604570400, 4070908799])
def test_programs_show_the_time(tmp_path, monkeypatch, moment):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        shutil.copyfile(MODELS / "dated.pdf", tmp_path / "dated.pdf")
        with open(os.devnull, "w") as nowhere:
            session = Session(directory=tmp_path, environment={"HOME": ""}, user="root", clock=lambda: float(moment),
                              output=nowhere)
            session.run_command_line("dated", slogon=True)
        ours = [line.rstrip() for line in (tmp_path / "session.log").read_text().splitlines()]
        assert ours == (MODELS / f"{moment}.log").read_text().splitlines()
    finally:
        monkeypatch.undo()
        time.tzset()
