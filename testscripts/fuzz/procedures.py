"""Mutated procedures and random bytes, run as procedures: only messages of the command language may come out.

``python -m testscripts.fuzz.procedures FOLDER [--seconds 600] [--seed N]`` takes the procedures below FOLDER, spoils one at
a time and runs it without programs or host commands. A run that does not end is interrupted, as ^C does. The first exception
that escapes is shown with the procedure that caused it; exit status 1.
"""

from __future__ import annotations

import argparse
import collections
import io
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tae.session import Session

PATIENCE = 0.4  # seconds until a run is interrupted
LIBRARY = Path(__file__).resolve().parents[2] / "pdf" / "vicar"
LOG_ON = f'procedure\nbody\nsetlib-add ({LIBRARY})\ndefcmd t "tutor"\nenable-log\nend-proc\n'
PROGRAM = "process execute=prog\nparm inp string count=0:20 default=--\nparm out string count=0:9 default=--\nend-proc\n"
WORDS = """if else else-if end-if loop end-loop for end-for next break goto lab> let local parm global refgbl defgbl body
procedure process end-proc subcmd end-sub write putmsg display flag-add enable-log disable-log save-all restore-all
save-locals restore-locals tutor help show-async wait-async emit sendvar recvar-enable defcmd delcmd setlib setlib-add run
abort continue return stop exit goto fuzzed fuzzed|restore=x| |save=x| |run=(batch,norun)| |stdout=y| & && &n &"s" @n
-- = ( ) , " "" ' ! + | 1 2.5 1e30 99999999999 $sfi $skey _onfail _proc $echo ("yes","no") (1,2,3) int real string name
keyword file count=0:3 valid=(1:5) default=-- initial=1 access=in .page .title .help .variable .level1""".split()
ERROR = re.compile(r"^\[[A-Z_]+-[A-Z0-9_]+\]", re.MULTILINE)


def sources(folder: Path) -> list[list[bytes]]:
    """The procedures below a folder, as lines; those with a body come more often."""
    paths = sorted(path for path in folder.rglob("*.pdf") if not path.read_bytes().startswith(b"%PDF"))
    found = [path.read_bytes().split(b"\n") for path in paths]
    return found + 4 * [lines for lines in found if any(line.strip().lower() == b"body" for line in lines)]


def mutated(lines: Sequence[bytes], others: Sequence[Sequence[bytes]], chance: random.Random) -> bytes:
    """A procedure with some lines spoiled, doubled, lost, swapped or taken from elsewhere."""
    lines = list(lines)[: chance.choice((20, 60, 200, 1000))]
    for _ in range(chance.choice((1, 1, 2, 4, 8, 20))):
        at = chance.randrange(len(lines) + 1)
        line = lines[at] if at < len(lines) else b""
        where = chance.randrange(len(line) + 1)
        match chance.randrange(8):
            case 0:
                line = line[:where] + bytes([chance.randrange(256)]) + line[where + 1 :]
            case 1 | 2:
                line = line[:where] + chance.choice(WORDS).encode() + line[where:]
            case 3:
                line = chance.choice((b"", line[:where], line[where:], line + b" +", line * 3))
            case 4:
                line = b" ".join(chance.choice(WORDS).encode() for _ in range(chance.randrange(1, 9)))
            case 5:
                other = chance.choice(others)
                line = b"\n".join(other[chance.randrange(len(other)) :][: chance.randrange(1, 8)])
            case 6:
                lines[at:at] = lines[max(at - 5, 0) : at]
                continue
            case _:
                line = bytes(chance.randrange(256) for _ in range(chance.randrange(60)))
        lines[at : at + 1] = [line]
    if chance.random() < 0.7:  # go on after failures, to get further
        body = next((at for at, line in enumerate(lines) if line.strip().lower() == b"body"), None)
        if body is not None:
            lines.insert(body + 1, b'let _onfail="continue"')
            if chance.random() < 0.2:
                lines[body + 2 : -3] = [chance.choice((b"loop", b"for n=1,2,3")), *lines[body + 2 : -3], b"end-loop"]
    return b"\n".join(lines) + b"\n"


def random_bytes(chance: random.Random) -> bytes:
    """No procedure at all, or one whose body is no text."""
    data = bytes(chance.choices(range(256), k=chance.randrange(2000)))
    return data if chance.random() < 0.5 else b"procedure\nbody\n" + data + b"\nend-proc\n"


def run(text: bytes, folder: Path) -> str:
    """What a session prints that runs a procedure of this text; everything runs in ``folder``."""
    (folder / "fuzzed.pdf").write_bytes(text)
    output = io.StringIO()
    environment = {"TAEPDF": str(folder), "SHELL": "/bin/sh"}
    session = Session(folder, environment, output=output, host_commands=False, dry_run=True)
    interrupted = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, 0.05)  # again and again: the prompt loop must stay alive, too
    try:
        session.run_command_line("fuzzed")
    except KeyboardInterrupt:
        output.write("(interrupted)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, interrupted)
    return output.getvalue()


def stay_within(folder: Path) -> None:
    """Refuse, from now on, to write files elsewhere: a spoiled procedure may name any."""

    def refuse(event: str, arguments: tuple) -> None:
        if event != "open" or not isinstance(arguments[0], str):
            return
        writes = isinstance(arguments[2], int) and arguments[2] & 0o3
        if writes and arguments[0] != "/dev/null" and not arguments[0].startswith(str(folder)):
            raise PermissionError(13, "Permission denied")

    sys.addaudithook(refuse)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    procedures = sources(options.folder)
    place = Path(tempfile.mkdtemp(prefix="fuzz"))
    stay_within(place)
    (place / "slogon.pdf").write_text(LOG_ON)
    (place / "prog.pdf").write_text(PROGRAM)
    keys: collections.Counter[str] = collections.Counter()
    runs, stopped, end = 0, 0, time.monotonic() + options.seconds
    while time.monotonic() < end:
        text = random_bytes(chance) if chance.random() < 0.1 else mutated(chance.choice(procedures), procedures, chance)
        try:
            said = run(text, place)
        except Exception:
            traceback.print_exc()
            sys.stdout.write(f"run {runs}:\n{text.decode('latin-1')}\n")
            return 1
        runs += 1
        stopped += "(interrupted)" in said
        keys.update(ERROR.findall(said))
    print(f"{runs} procedures, {len(keys)} different messages, {stopped} interrupted at top level; nothing else came out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
