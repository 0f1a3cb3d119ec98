"""How a process begins and ends: what it imports, what it leaves behind, and the bar it may show."""

import io
import os
import subprocess
import sys
from pathlib import Path

from monitor.progress import PATIENCE, ProgressBar, on_terminal

ROOT = Path(__file__).resolve().parents[3]
LEAVE = "import atexit, sys\nfrom monitor.process import leave\natexit.register(print, 'farewell')\nprint('said')\n"


def python(code: str, folder: Path, **more) -> subprocess.CompletedProcess:
    environment = {"HOME": str(folder), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **more)  # fmt: skip


def test_a_program_from_the_shell_needs_no_command_language(tmp_path):
    code = (
        "import sys\nfrom monitor.shell.program import main\n"
        f"status = main({str(ROOT / 'pdf' / 'vicar' / 'gen')!r}, ['a', '3', '3'])\n"
        "print(status, [m for m in ('tae.session', 'tae.interpreter', 'tae.evaluation', 'monitor.session', 'numba', 'scipy', 'PIL') "
        "if m in sys.modules])"
    )
    done = python(code, tmp_path)
    assert done.stdout.splitlines()[-1] == "1 []", done.stderr
    assert (tmp_path / "a").is_file()


def test_the_end_loses_nothing(tmp_path):
    done = python(LEAVE + "leave(7)", tmp_path)
    assert (done.stdout, done.returncode) == ("said\nfarewell\n", 7)


def test_the_end_waits_for_work_that_goes_on(tmp_path):
    code = LEAVE + (
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), open('done', 'w').close())).start()\nleave(0)"
    )
    assert python(code, tmp_path).returncode == 0
    assert (tmp_path / "done").is_file()


def test_a_log_is_whole_when_the_process_has_ended(tmp_path):
    code = "import sys\nsys.argv = ['vicar', '-s', 'mine']\nfrom monitor.cli import run\nrun()"
    (tmp_path / "mine.pdf").write_text('procedure\nbody\nenable-log\nwrite "the last line"\nend-proc\n')
    assert python(code, tmp_path).returncode == 0
    assert (tmp_path / "session.log").read_text().splitlines()[-1] == "the last line"


def test_closed_streams(tmp_path):
    """Started with a stream closed: no traceback, the usual status."""
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(
            ["/bin/sh", "-c", f'"{sys.executable}" -m monitor.cli -s "gen a 3 3" {closed}'], cwd=tmp_path, text=True,
            env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), (closed, done.stderr)


def test_progress_shows_after_a_while_and_goes_away():
    out, now = io.StringIO(), [0.0]
    bar = ProgressBar(out, clock=lambda: now[0])
    bar("GEN", 1, 100)
    bar.wipe()
    assert out.getvalue() == ""
    now[0] = PATIENCE
    bar("GEN", 50, 100)
    assert out.getvalue() == f"\rGEN [{'#' * 15}{' ' * 15}]  50%\033[K"
    bar("GEN", 51, 100)
    assert out.getvalue().count("GEN") == 1, "not more often than one can see"
    bar("GEN", 0, 0)
    bar("GEN", 0, 0)
    assert out.getvalue().endswith("%\033[K\r\033[K")
    bar("LIST", 1, 2)
    assert "LIST" not in out.getvalue(), "the next program has its own time"


def test_a_program_that_says_nothing_has_the_lines_it_writes(tmp_path):
    import numpy as np

    from vicar.task import World, task_from_values

    heard = []
    world = World(directory=tmp_path, progress=lambda *said: heard.append(said))
    task = task_from_values("IT", world, "", OUT="a")
    image = task.create(nl=5, ns=4, nb=1)
    image.write(np.zeros(4))
    image.write_window(np.zeros((2, 4)), line=2)
    assert heard == [("IT", 1, 5), ("IT", 3, 5)]
    task.progress(1, 2)
    image.write(np.zeros(4), line=4)
    assert heard[2:] == [("IT", 1, 2)], "from now on the program speaks for itself"
    task.finish()


def test_no_progress_where_nobody_looks(tmp_path):
    assert on_terminal(None) is None
    with open(tmp_path / "errors", "w") as errors:
        assert on_terminal(errors) is None
