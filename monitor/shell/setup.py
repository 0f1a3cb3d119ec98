"""``vicar-shell``: a folder of executables, one a program, for scripts that run programs from the Unix shell.

    eval "$(vicar-shell ~/vicar)"          # sh, bash
    eval `vicar-shell --csh ~/vicar`       # csh, tcsh
    $R2LIB/gen a.img 10 10

The folder holds links only; it can be made again at any time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

FOLDERS = {"R2LIB": "vicar", "R3LIB": "p3", "V2LIB": "ours", "ISISLIB": "isis2"}
PROGRAM = """#!{python}
import sys
sys.path[:0] = {path!r}
from monitor.shell.program import start
start(sys.argv[0], sys.argv[1:])
"""
COMMAND = """#!{python}
import sys
sys.path[:0] = {path!r}
from {module} import {entry}
{entry}()
"""
COMMANDS = {"vicar": ("monitor.cli", "run"), "taetm": ("monitor.cli", "run"), "v2param": ("monitor.shell.v2param", "run")}


def fill(root: Path) -> None:
    """Make the executables below ``root``: a folder a library, and ``bin``."""
    from monitor.installation import PARAMETER_FILES
    from programs.registry import index

    path = [] if "site-packages" in str(PARAMETER_FILES) else [str(PARAMETER_FILES.parent)]
    launcher = PROGRAM.format(python=sys.executable, path=path)
    for library in dict.fromkeys(FOLDERS.values()):
        folder = root / library
        folder.mkdir(parents=True, exist_ok=True)
        first: Path | None = None
        for name in index(library):
            source = PARAMETER_FILES / library / f"{name}.pdf"
            if not source.is_file():
                continue
            _link(source, folder / source.name)
            first = _executable(folder / name, launcher, first)
        for source in scripts(library):
            shutil.copyfile(source, folder / source.name)
            (folder / source.name).chmod(0o755)
    (root / "bin").mkdir(exist_ok=True)
    for name, (module, entry) in COMMANDS.items():
        _executable(root / "bin" / name, COMMAND.format(python=sys.executable, path=path, module=module, entry=entry), None)


def scripts(library: str) -> list[Path]:
    """Shell scripts that procedures start from beside the executables (``ush $R2LIB/chkspace_scr``)."""
    from monitor.installation import PARAMETER_FILES
    from programs.registry import index

    files = sorted((PARAMETER_FILES / library).iterdir())
    return [file for file in files if file.suffix in ("", ".ush") and file.is_file() and file.name not in index(library)]


def _link(source: Path, link: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(source)


def _executable(path: Path, text: str, same: Path | None) -> Path:
    """A script, or another name of one with the same text."""
    path.unlink(missing_ok=True)
    if same is not None:
        os.link(same, path)
        return same
    path.write_text(text)
    path.chmod(0o755)
    return path


def environment(root: Path) -> dict[str, str]:
    """Environment variables for a filled folder."""
    return {name: str(root / folder) for name, folder in FOLDERS.items()}


def private_folder(variables: Mapping[str, str]) -> Path:
    """A filled folder for host commands of a session, in the user's cache; made when it is not there.

    Its name depends on where this package and its parameter files are, so that another installation gets its own.
    """
    from monitor.installation import PARAMETER_FILES
    from programs.registry import index

    names = sorted(f"{library}/{name}" for library in FOLDERS.values() for name in index(library))
    texts = [script.read_text() for library in FOLDERS.values() for script in scripts(library)]
    parts = [sys.executable, str(PARAMETER_FILES), PROGRAM, COMMAND, *names, *texts]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    home = variables.get("XDG_CACHE_HOME") or (variables.get("HOME") and f"{variables['HOME']}/.cache")
    for base in filter(None, (home, tempfile.gettempdir())):
        target = Path(base) / f"vicar-tae-{os.getuid()}" / key
        if target.is_dir():
            return target
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(dir=target.parent))
        except OSError:
            continue
        fill(work)
        try:
            work.rename(target)
        except OSError:  # somebody else was faster
            shutil.rmtree(work, ignore_errors=True)
        if target.is_dir():
            return target
    raise OSError("there is no place for the folder of programs")


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(prog="vicar-shell", description=__doc__.split("\n")[0].partition(": ")[2])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csh", action="store_true", help="print the lines for csh instead of sh")
    arguments = parser.parse_args(argv)
    root = arguments.folder.absolute()
    try:
        fill(root)
    except OSError as error:
        print(f"vicar-shell: {error}", file=sys.stderr)
        return 1
    for name, value in environment(root).items():
        print(f"setenv {name} '{value}';" if arguments.csh else f"export {name}='{value}';")
    print(f"setenv PATH '{root}/bin':\"$PATH\";" if arguments.csh else f"export PATH='{root}/bin':\"$PATH\";")
    return 0


if __name__ == "__main__":
    sys.exit(main())
