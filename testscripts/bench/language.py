"""Rows about the command language."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from testscripts.bench.frame import row
from testscripts.bench.rows import ROOT, environment, session

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


@row("parse", "all parameter files of the public tree, declarations made", limit=4000, against="reading them", repeat=3)
def parse(folder: Path):
    from tae import parameterfile
    from tae.global_variables import initial_globals
    from tae.messages import TaeError

    tree = Path(os.environ.get("VICAR_TREE", "?"))
    if not (tree / "vos").is_dir():
        raise FileNotFoundError("needs the public source tree (VICAR_TREE)")
    paths = [path for path in sorted((tree / "vos").rglob("*.pdf")) if path.read_bytes()[:4] != b"%PDF"]
    texts = {path.read_bytes().decode("latin-1") for path in paths}
    known = initial_globals("INTERACTIVE", "x", ".")

    def work() -> float:
        parameterfile.parse.cache_clear()
        begin = time.process_time()
        for text in texts:
            try:
                parameterfile.parse(text).declare(known, "")
            except TaeError:
                continue
        return 1000.0 * (time.process_time() - begin)

    def plain() -> None:
        for path in paths:
            path.read_bytes()

    return work, plain


_MEMORY = """
import sys
from monitor.cli import main
main(["-s", "long"])
sys.stderr.write(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
STATEMENTS = (
    "let n = n + {0}", 'let s = "text {0}" // "more"', "if (n > {0}) let r = n * 1.5", 'write "line &n of {0}"', "let v(1) = {0}",
    "local a{0} int initial={0}", 'putmsg "message {0}" "A-B{0}"', "display n",
)  # fmt: skip


@row("language-memory", "peak of a whole process that runs 1000 lines without programs", limit=30, unit="MB", repeat=2)
def memory(folder: Path):
    lines = [STATEMENTS[i % len(STATEMENTS)].format(i) for i in range(992)]
    declared = "local n int initial=0\nlocal s string count=0:1 initial=--\nlocal r real\nlocal v int count=0:5 initial=(1,2)\n"
    text = "procedure\nbody\nlet _onfail=\"continue\"\n" + declared + "\n".join(lines) + "\nwrite \"the end\"\nend-proc\n"
    (folder / "long.pdf").write_text(text)

    def work() -> float:
        known = {**environment(folder), "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            [sys.executable, "-c", _MEMORY], cwd=folder, env=known, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert ran.stdout.endswith("the end\n"), "the procedure did not end well"
        return float(ran.stderr.split()[-1]) / 1024

    return work, None
