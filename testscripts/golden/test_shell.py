"""Programs run from the Unix shell: the recorded scripts of the reference data, with their output, error output and status."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.shell.setup import environment, fill
from monitor.verify.masks import CASES

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("errors", "params", "quoting", "v2par", "taeproc", "labels", "keywords", "stats", "status")
SHELLS = {".sh": ("bash",), ".csh": ("tcsh", "-f")}


@pytest.fixture(scope="session")
def executables(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("executables")
    fill(root)
    return root


def masked(data: bytes) -> list[str]:
    return CASES.finish(CASES.mask(CASES.lines(data))[0])


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_gives_the_recorded_output(name, shared, executables, tmp_path):
    recorded = shared / "golden" / "shell"
    script = next(recorded / f"{name}{ending}" for ending in SHELLS if (recorded / f"{name}{ending}").exists())
    shell = SHELLS[script.suffix]
    if shutil.which(shell[0]) is None:
        pytest.skip(f"needs {shell[0]}")
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    variables = {
        "HOME": str(home), "LC_ALL": "C", "PYTHONPATH": str(ROOT),
        "PATH": f"{executables / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}", **environment(executables),
    }  # fmt: skip
    done = subprocess.run([*shell, str(script)], cwd=work, env=variables, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, timeout=300)
    assert masked(done.stdout) == masked((recorded / f"{name}.out").read_bytes())
    assert masked(done.stderr) == masked((recorded / f"{name}.err").read_bytes())
    assert done.returncode == int((recorded / f"{name}.status").read_text())


def test_conventional_status(executables, tmp_path):
    variables = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "VICAR_STATUS": "conventional", "PATH": os.environ["PATH"]}

    def status(*arguments: str) -> int:
        program = executables / "vicar" / arguments[0]
        return subprocess.run([program, *arguments[1:]], cwd=tmp_path, env=variables, capture_output=True, check=False).returncode

    assert status("gen", "a", "3", "3") == 0
    assert status("gen", "zork=1") == 1
    assert status("copy", "nothing", "b") == 1


def test_host_commands_of_a_session_find_the_programs(tmp_path):
    code = "import sys; from monitor.cli import main; sys.exit(main(['-s', 'ush $R2LIB/gen a 3 3; ls a']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
                          env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]})
    assert "GEN task completed" in done.stdout and (tmp_path / "a").exists()
