"""The rows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from testscripts.bench.frame import row

ROOT = Path(__file__).resolve().parents[2]
USER = "lead"
CALLS = 200


def environment(folder: Path) -> dict[str, str]:
    return {"HOME": str(folder), "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C"}


def session(folder: Path):
    """A logged-on session in ``folder`` that prints nowhere."""
    from monitor.session import Session

    made = Session(directory=folder, environment=environment(folder), user=USER, output=open(os.devnull, "w"))
    made.run_command_line("gen warm 10 10", slogon=True)
    return made


def shared() -> Path:
    given = os.environ.get("VICAR_SHARED")
    folder = Path(given) if given else ROOT.parent / "shared"
    if not (folder / "testdata").is_dir():
        raise FileNotFoundError("needs the shared reference data (VICAR_SHARED or ../shared)")
    return folder


def ficor_command(folder: Path) -> str:
    """Puts the files of one real frame into ``folder``; returns the command that corrects it."""
    import shutil

    data = shared() / "testdata" / "voyager" / "ficor77"
    for name in ("f1636832.raw", "dc.cal", "vgrscf.dat"):
        shutil.copyfile(data / name, folder / name)
    tool = shared() / "tools" / "make_vidicon_cal.py"
    subprocess.run(
        [sys.executable, str(tool), str(folder / "cal.dat"), "--seed", "1", "--camera", "7", "--filter", "0"],
        check=True,
        capture_output=True,
    )
    return "ficor77 (f1636832.raw,cal.dat,dc.cal) out.img scf=vgrscf.dat filter=0 'nocheck"


def plain_frame(folder: Path) -> Callable[[], None]:
    """Reading and writing the same bytes with numpy, no arithmetic: what no correction can undercut."""
    import numpy as np

    def work() -> None:
        np.fromfile(folder / "f1636832.raw", np.uint8)
        np.fromfile(folder / "cal.dat", np.uint8)
        np.zeros((800, 800), np.int16).tofile(folder / "plain.out")

    return work


@row("ficor77", "full 800x800 frame in a session", limit=50, against="numpy file reading/writing")
def ficor77(folder: Path):
    command = ficor_command(folder)
    ours = session(folder)

    def work() -> None:
        ours.run_command_line(command, slogon=False)
        assert (folder / "out.img").stat().st_size > 800 * 800 * 2, "ficor77 wrote no image"
        (folder / "out.img").unlink()

    return work, plain_frame(folder)


@row("vgrchain", "one frame from raw to object space, with all that the reference procedure prints", limit=2000, repeat=3)
def vgrchain(folder: Path):
    import shutil

    ficor_command(folder)  # for its files
    shutil.copyfile(shared() / "golden" / "voyager" / "vgrchain.pdf", folder / "vgrchain.pdf")
    ours = session(folder)

    def work() -> None:
        ours.run_command_line("vgrchain f1636832.raw cal.dat dc.cal scf=vgrscf.dat filt=0", slogon=False)
        assert (folder / "fix.img").stat().st_size > 800 * 800 * 2, "the chain did not reach its end"
        (folder / "fix.img").unlink()

    return work, None


@row("imq", "one compressed frame of the CD-ROMs decoded in a session", limit=150)
def imq(folder: Path):
    from vicar.missions.imq import decode

    data = (shared() / "golden" / "imq" / "imqio" / "io.imq").read_bytes()
    return lambda: decode(data), None


@row("voycal", "full 800x800 frame in a session, linearity included", limit=100, against="numpy file reading/writing")
def voycal(folder: Path):
    import numpy as np

    ours = session(folder)
    ours.environment["ISISVOYDATA"] = str(folder / "cal")
    ours.run_command_line("voysynth frame data=cal", slogon=False)

    def work() -> None:
        ours.run_command_line("voycal frame out", slogon=False)
        assert (folder / "out.cub").stat().st_size > 800 * 800 * 2, "voycal wrote no image"
        (folder / "out.cub").unlink()

    def plain() -> None:
        for name in ("frame.cub", "cal/synth_gain.cub", "cal/synth_off.cub"):
            np.fromfile(folder / name, np.uint8)
        np.zeros((800, 800), np.int16).tofile(folder / "plain.out")

    return work, plain


@row(
    "call",
    "one more program call in a session, the program's own work taken off",
    limit=1,
    against="the program's own work",
)
def call(folder: Path):
    """``gen a 10 10`` many times; the time inside the program's ``main`` is measured apart and is the reference."""
    from monitor import host

    ours = session(folder)
    (folder / "calls.pdf").write_text("procedure\nbody\n" + "gen a 10 10\n" * CALLS + "end-proc\n")
    inside = [0.0]
    plain = host._quietly

    def timed(main, task) -> None:
        begin = time.perf_counter()
        plain(main, task)
        inside[0] += time.perf_counter() - begin

    def work() -> float:
        inside[0] = 0.0
        host._quietly = timed
        try:
            begin = time.perf_counter()
            ours.run_command_line("calls", slogon=False)
            return 1000.0 * (time.perf_counter() - begin - inside[0]) / CALLS
        finally:
            host._quietly = plain

    return work, lambda: 1000.0 * inside[0] / CALLS


def process(folder: Path, code: str, *arguments: str) -> Callable[[], None]:
    command = [sys.executable, "-c", code, *arguments]
    known = {**environment(folder), "PYTHONPATH": str(ROOT)}

    def work() -> None:
        subprocess.run(command, cwd=folder, env=known, check=True, stdin=subprocess.DEVNULL, capture_output=True)

    return work


@row("process", 'vicar -s "gen a 10 10", whole process', limit=150, against="python -c 'import numpy'")
def start(folder: Path):
    code = "from monitor.cli import run; run()"
    return process(folder, code, "-s", "gen a 10 10"), process(folder, "import numpy")


@row("shell", "$R2LIB/gen a 10 10 from the Unix shell, whole process", limit=150, against="python -c 'import numpy'")
def shell(folder: Path):
    from monitor.shell.setup import fill

    fill(folder / "bin")
    known = {**environment(folder), "VICAR_STATUS": "conventional"}

    def work() -> None:
        command = [folder / "bin" / "vicar" / "gen", "a", "10", "10"]
        subprocess.run(command, cwd=folder, env=known, check=True, stdin=subprocess.DEVNULL, capture_output=True)

    return work, process(folder, "import numpy")


_MEMORY = """
import os, sys
def peak():  # of this process alone; the resource module's figure begins with that of the parent
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
base = peak()
from pathlib import Path
from monitor.session import Session
folder = Path(sys.argv[1])
session = Session(directory=folder, environment=dict(os.environ), user="lead", output=open(os.devnull, "w"))
session.run_command_line(sys.argv[2], slogon=True)
assert (folder / "out.img").is_file(), "no image"
print((peak() - base) / 1024)
"""


@row("ficor77-memory", "peak above the bare interpreter (numpy included)", limit=64, unit="MB", repeat=2)
def memory(folder: Path):
    command = ficor_command(folder)

    def work() -> float:
        known = {**environment(folder), "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            [sys.executable, "-c", _MEMORY, str(folder), command],
            env=known,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr.strip().splitlines()[-1])
        return float(ran.stdout)

    return work, None




@row("prompt", "from the start to VICAR> on a terminal", limit=200, against="python -c pass")
def prompt(folder: Path):
    import pty
    import select

    def until_prompt() -> float:
        known = {**environment(folder), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        near, far = pty.openpty()
        begin = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "monitor.cli"], cwd=folder, env=known, stdin=far, stdout=far, stderr=far, close_fds=True
        ) as started:
            seen = b""
            while b"VICAR>" not in seen and select.select([near], [], [], 30)[0]:
                seen += os.read(near, 65536)
            took = 1000.0 * (time.perf_counter() - begin)
            started.kill()
        os.close(near)
        os.close(far)
        if b"VICAR>" not in seen:
            raise RuntimeError("no prompt")
        return took

    return until_prompt, process(folder, "pass")
