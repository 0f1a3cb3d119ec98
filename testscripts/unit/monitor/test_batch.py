"""`vicar-batch`: whatever is killed, nothing is lost, nothing is done twice, and the files are those of an undisturbed run."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.batch.frames import ListError, frames, read
from monitor.batch.journal import Journal, JournalError

ROOT = Path(__file__).resolve().parents[3]
FRAMES = 40
PROCEDURE = """\
procedure
parm name type=string
parm first type=integer
body
gen &name"".raw 60 80 ival=&first linc=2
f2 &name"".raw &name"".out function="in1*in1/7+&first"
end-proc
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "twostep.pdf").write_text(PROCEDURE)
    (tmp_path / "frames.lis").write_text("# name, first value\n" + "".join(f"frame{i} {i}\n" for i in range(FRAMES)))
    return tmp_path


def command(place: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "monitor.batch.cli", "twostep", str(place / "frames.lis"), *options]


def settings() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1000000000"}


def run(place: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(place, *options), cwd=place, env=settings(), capture_output=True, text=True, timeout=300)


def digests(place: Path) -> dict[str, str]:
    files = [p for end in ("raw", "out") for p in place.glob(f"**/frame*.{end}")]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def journal_lines(place: Path) -> list[dict]:
    return [json.loads(line) for line in (place / "frames.lis.journal").read_text().splitlines()[1:]]


def undisturbed(place: Path) -> dict[str, str]:
    """Files of a plain session that knows nothing of the batch."""
    from monitor.session import Session

    other = place / "plain"
    other.mkdir()
    (other / "twostep.pdf").write_text(PROCEDURE)
    session = Session(directory=other, clock=lambda: 1000000000.0)
    for i in range(FRAMES):
        session.run("twostep", f"frame{i}", i)
    found = digests(other)
    for path in other.iterdir():
        path.unlink()
    return found


def lines_written(place: Path) -> int:
    """Whole lines of the journal so far."""
    journals = list(place.glob("*.journal"))
    return journals[0].read_bytes().count(b"\n") if journals else 0


def test_killed_at_random_moments(place: Path) -> None:
    expected = undisturbed(place)
    chance = random.Random()
    kills = 0
    for _ in range(6):
        process = subprocess.Popen(command(place, "--jobs", "2"), cwd=place, env=settings(), start_new_session=True,
                                   stderr=subprocess.DEVNULL)
        # some more frames, then death: by count and not by time, so that a fast or a busy machine makes no difference
        goal = lines_written(place) + chance.randint(1, 8)
        while process.poll() is None and lines_written(place) < goal:
            time.sleep(0.002)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    finished = run(place, "--jobs", "2")
    assert finished.returncode == 0, finished.stderr
    assert kills
    lines = journal_lines(place)
    assert len({line["key"] for line in lines}) == len(lines) == FRAMES
    assert {line["status"] for line in lines} == {"done"}
    assert digests(place) == expected and len(expected) == 2 * FRAMES


def test_only_the_parent_is_killed(place: Path) -> None:
    process = subprocess.Popen(command(place, "--jobs", "2"), cwd=place, env=settings(), start_new_session=True,
                               stderr=subprocess.DEVNULL)
    time.sleep(1.2)
    process.kill()
    process.wait()
    assert run(place, "--jobs", "2").returncode == 0
    lines = journal_lines(place)
    assert len({line["key"] for line in lines}) == len(lines) == FRAMES
    assert digests(place) == undisturbed(place)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the workers in /proc")
def test_a_killed_worker_costs_nothing(place: Path) -> None:
    process = subprocess.Popen(command(place, "--jobs", "2"), cwd=place, env=settings(), stderr=subprocess.PIPE, text=True)
    journal = place / "frames.lis.journal"
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 2):
        time.sleep(0.02)
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    pids = [int(pid) for path in children for pid in path.read_text().split()]
    assert pids
    os.kill(pids[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert len(journal_lines(place)) == FRAMES
    assert digests(place) == undisturbed(place)


def test_failed_frames_are_listed_and_can_be_run_again(place: Path) -> None:
    (place / "frames.lis").write_text("one.img\nnone.img\ntwo.img\none.img\n")
    for name in ("one", "two"):
        subprocess.run([sys.executable, "-m", "monitor.cli", "-s", f"gen {name}.img 4 4"], cwd=place, env=settings(), check=True,
                       capture_output=True)
    words = ["f2 {path} {stem}.out function=\"in1+1\"", "frames.lis", "--logs", "logs", "--jobs", "1"]
    first = run_words(place, *words)
    assert first.returncode == 1 and "2 of 3 frames done, 1 failed" in first.stderr and "none.img" in first.stderr
    assert "more than once" in first.stderr
    assert sorted(p.name for p in (place / "logs").iterdir()) == ["none.log", "one.log", "two.log"]
    assert "Beginning VICAR task" in (place / "logs" / "one.log").read_text()
    reason = next(line for line in first.stderr.splitlines() if line.startswith("failed:"))
    assert "[VIC2-" in reason and "Supervisor" not in reason
    again = run_words(place, *words)
    assert again.returncode == 1 and "3 of 3 frames were finished before" in again.stderr
    shown = run_words(place, *words, "--dry-run", "--retry-failed")
    assert shown.returncode == 0 and shown.stdout.splitlines() == ['f2 none.img none.out function="in1+1"']
    (place / "one.img").rename(place / "none.img")
    assert run_words(place, *words, "--retry-failed").returncode == 0
    other = run_words(place, "gen {stem}.x 2 2", *words[1:])
    assert other.returncode == 2 and "belongs to another run" in other.stderr


def run_words(place: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "monitor.batch.cli", *words], cwd=place, env=settings(), capture_output=True,
                          text=True, timeout=100)


def test_directories_of_their_own(place: Path) -> None:
    (place / "frames.lis").write_text("a 1\nb 2\nbad/name 3\n")
    done = run_words(place, "gen out.img 4 4 ival={1}", "frames.lis", "--work", "work")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (place / "work").iterdir()) == ["a", "b", "name"]
    assert (place / "work" / "a" / "out.img").exists()
    failed = run_words(place, "f2 no.img {stem} function={1}", "frames.lis", "--work", "more", "--journal", "more.journal")
    assert failed.returncode == 1
    assert sorted(p.name for p in (place / "more").iterdir()) == ["a.failed", "b.failed", "name.failed"]


def test_a_torn_line_is_cut_and_a_living_run_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "j"
    header = {"command": "x", "directory": "/"}
    journal = Journal(path, header)
    journal.add({"key": "x a", "status": "done"})
    with pytest.raises(JournalError, match="another run"):
        Journal(path, header, patience=0.0)
    journal.close()
    whole = path.read_bytes()
    for cut in range(1, 20):
        path.write_bytes(whole + b'{"key": "x b", "status": "done"}'[:cut])
        journal = Journal(path, header)
        assert set(journal.finished) == {"x a"}
        journal.close()
        assert path.read_bytes() == whole


def test_lists_and_templates() -> None:
    rows = read("a.csv", "file,gain\ndir/x.img,1\n'odd name',2\n")
    assert [f.command for f in frames("p {file} g={gain}", rows)] == ["p dir/x.img g=1", "p 'odd name' g=2"]
    rows = read("a.lis", '# no\n\n"odd name.img" 2\n')
    assert frames("p", rows)[0].command == 'p "odd name.img" 2' and frames("p", rows)[0].name == "odd name"
    assert len({f.name for f in frames("p", read("l", "a/x.img\nb/x.img\n"))}) == 2
    for template in ("p {nothing}", "p {", "p {0.real}", "p {}"):
        with pytest.raises(ListError):
            frames(template, rows)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the workers in /proc")
@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "a worker is killed"])
def test_on_a_dask_cluster(place: Path, kill: bool) -> None:
    """A scheduler and workers as the README starts them."""
    pytest.importorskip("distributed")
    (place / "frames.lis").write_text("".join(f"frame{i} {i}\n" for i in range(FRAMES)) + "frame99 wrong\n")
    address = place / "scheduler.json"
    tool = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--nworkers", "2", "--no-dashboard"]
    with (place / "cluster.log").open("w") as log:
        started = [
            subprocess.Popen([*words, "--scheduler-file", str(address)], cwd=place, env=settings(), stdout=log, stderr=log)
            for words in (tool, worker)
        ]
        try:
            end = time.monotonic() + 60
            while not address.exists() and time.monotonic() < end:
                time.sleep(0.1)
            process = subprocess.Popen(command(place, "--dask", json.loads(address.read_text())["address"]), cwd=place,
                                       env=settings(), stderr=subprocess.PIPE, text=True)
            while kill and process.poll() is None and lines_written(place) < 5:
                time.sleep(0.01)
            if kill:
                os.kill(busiest_child(started[1].pid), signal.SIGKILL)
            _, errors = process.communicate(timeout=300)
        finally:
            for one in reversed(started):
                one.terminate()
                one.wait()
    assert process.returncode == 1 and f"{FRAMES} of {FRAMES + 1} frames done, 1 failed" in errors, errors
    lines = journal_lines(place)
    assert len({line["key"] for line in lines}) == len(lines) == FRAMES + 1
    assert digests(place) == undisturbed(place)


def busiest_child(parent: int) -> int:
    """The descendant that has used most processor time: a worker, not its keeper."""
    found, todo = {}, [parent]
    while todo:
        for path in Path(f"/proc/{todo.pop()}/task").glob("*/children"):
            for pid in map(int, path.read_text().split()):
                words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                found[pid] = int(words[11]) + int(words[12])
                todo.append(pid)
    return max(found, key=found.get)
