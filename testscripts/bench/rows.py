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
    code = "import sys; from monitor.cli import main; sys.exit(main())"
    return process(folder, code, "-s", "gen a 10 10"), process(folder, "import numpy")


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


LOOP = """procedure
local i int init=0
local n int init=0
body
loop
  let i = i + 1
  let n = n + i * 2
  if (i >= 25000) break
end-loop
end-proc
"""


@row("loop", "100,000 statements of a loop", limit=4000, against="the same statements in Python", repeat=3)
def loop(folder: Path):
    ours = session(folder)
    (folder / "looping.pdf").write_text(LOOP)

    def plain() -> None:
        scope = {"i": 0, "n": 0}
        code = compile("i = i + 1\nn = n + i * 2\nstop = i >= 25000", "loop", "exec")
        while not scope.get("stop"):
            exec(code, scope)

    return lambda: ours.run_command_line("looping", slogon=False), plain


def image(path: Path, nl: int, ns: int, form: str) -> Path:
    """A labelled file of zeros; large ones are sparse."""
    from vicar.image import create_image

    with create_image(path, nl=nl, ns=ns, nb=1, format=form, u_format=form):
        pass
    with open(path, "r+b") as out:
        out.truncate(max(path.stat().st_size, nl * ns * {"BYTE": 1, "HALF": 2}[form] + 4096))
    return path


@row("label", "open an image with ten history tasks, read one item of each", against="reading the bytes")
def label(folder: Path):
    from vicar.image import HistoryStamp, open_image

    path = image(folder / "label.img", 10, 10, "BYTE")
    for task in range(10):
        with open_image(path, "UPDATE", upd_hist=HistoryStamp(f"TASK{task}", USER, "Wed Nov  3 10:11:12 2021")) as made:
            made.label.add("VALUE", task, task=f"TASK{task}")

    def work() -> float:
        begin = time.perf_counter()
        for _ in range(50):
            with open_image(path) as read:
                for task in range(10):
                    assert read.label.get("VALUE", task=f"TASK{task}") == task
        return 1000.0 * (time.perf_counter() - begin) / 50

    def plain() -> float:
        begin = time.perf_counter()
        for _ in range(50):
            path.read_bytes()
        return 1000.0 * (time.perf_counter() - begin) / 50

    return work, plain


@row("window", "500x500 window of a 20000x20000 image, opening included", against="numpy.memmap")
def window(folder: Path):
    import numpy as np

    from vicar.image import open_image

    path = image(folder / "large.img", 20000, 20000, "BYTE")

    def work() -> None:
        with open_image(path) as read:
            read.read_window(9000, 9000, 500, 500)

    def plain() -> None:
        mapped = np.memmap(path, np.uint8, "r", 512, (20000, 20000))
        np.array(mapped[9000:9500, 9000:9500])

    return work, plain


@row("half-read", "4000x4000 HALF, whole", against="numpy.fromfile")
def half_read(folder: Path):
    import numpy as np

    from vicar.image import open_image

    path = image(folder / "half.img", 4000, 4000, "HALF")
    path.write_bytes(path.read_bytes())  # no longer sparse

    def work() -> None:
        with open_image(path) as read:
            assert read.read_window().shape == (4000, 4000)

    return work, lambda: np.fromfile(path, np.int16)


@row("half-write", "4000x4000 HALF, whole", against="numpy.tofile")
def half_write(folder: Path):
    import numpy as np

    from vicar.image import create_image

    values = np.arange(4000 * 4000, dtype=np.int16).reshape(4000, 4000)

    def work() -> None:
        with create_image(folder / "made.img", nl=4000, ns=4000, nb=1, format="HALF", u_format="HALF") as made:
            made.write_window(values)
        (folder / "made.img").unlink()

    def plain() -> None:
        values.tofile(folder / "plain.img")
        (folder / "plain.img").unlink()

    return work, plain


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
