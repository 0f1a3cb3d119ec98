"""The reference data as tests: where each procedure, its model and its masks are, and how its folder is prepared."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from monitor.verify.masks import CASES, NATIVE, NONE, Convention, folder_mask

ROOT = Path(__file__).resolve().parents[2]
USER = "root"  # four letters: label sizes and line breaks of the models depend on it
WRAPPER = "zzwrap"  # the name is in the location of some recorded messages
CALIBRATION_TOOL = "tools/make_vidicon_cal.py"


# The programs that our own cases are about; the others are about the command language.
CASE_SUBJECTS = {
    "avgall": "average",
    "boxall": "boxflt2",
    "fftall": "fft22",
    "filterall": "filter",
    "gausall": "gausnois",
    "getzvals": "getzval",
    "laveall": "lave",
    "mfform": "mf",
    "sargall": "sargonb",
    "strlinear": "stretch",
    "imgflot": "flot",
    "imgform": "form",
    "imggen": "gen",
    "imglist": "list",
    "imgmax": "maxmin",
    "imgsize": "size",
    "imgsizeb": "size",
    "f2errors": "f2",
    "f2grammar": "f2",
    "f2limits": "f2",
    "f2posit": "f2",
    "f2trig": "f2",
    "labadd": "label",
    "labcreat": "label",
    "labinst": "label",
    "labnames": "label",
    "labprop": "label",
    "labquot": "label",
    "imqio": "vgrcdcopy",
    "imqlab": "vgrcdcopy",
    "imqfill": "vgrfillin",
    "imqbad": "vgrcdcopy",
}


# Folders of testscripts that hold no procedures.
NOT_PROCEDURES = {"unit", "golden", "bench", "fuzz", "inputs"}


@dataclass(frozen=True)
class Test:
    """One procedure to be run and compared.

    ``prepare(folder)`` fills the empty folder. ``models`` are logs of the original; the run is reproduced if it equals one of
    them. ``needs`` names a
    file or folder that must exist, with what it is, before the test can run. ``typed`` is input for the prompt, in place of
    a command.
    """

    name: str
    suite: str
    command: str
    procedure: Path
    models: tuple[Path, ...]
    convention: Convention
    prepare: Callable[[Path], None]
    subject: str = ""
    log: str = "session.log"
    action: str = "command"
    digests: Path | None = None
    needs: tuple[tuple[Path, str], ...] = ()
    timeout: float = 120.0
    typed: str | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def kept(self, kind: str) -> Path:
        """Where our own log of ``kind`` (``accepted``, ``known``) would be: beside the procedure if that is one of ours, else in
        ``testscripts/golden/SUITE``."""
        if self.suite in ("procedure", "folders"):
            return self.procedure.with_name(f"{self.procedure.stem}.{kind}.log")
        return ROOT / "testscripts" / "golden" / self.suite / f"{self.name}.{kind}.log"

    __test__ = False  # not a pytest class


def copy_folder(source: Path, target: Path, skip: Callable[[Path], bool] = lambda path: False) -> None:
    """Copy the files of a folder (and its subfolders) into an existing one, writable."""
    for path in sorted(source.iterdir()):
        if skip(path):
            continue
        if path.is_dir():
            (target / path.name).mkdir(exist_ok=True)
            copy_folder(path, target / path.name)
        elif path.exists():  # a link to nowhere is left out
            shutil.copyfile(path, target / path.name)


def run_prepare(folder: Path, original: Path) -> None:
    """Run the folder's ``prepare.py``, if there is one; what folders share lies in ``inputs`` beside the ``original``."""
    script = folder / "prepare.py"
    if script.is_file():
        surroundings = {**os.environ, "PYTHONPATH": str(original.parent / "inputs"), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(
            [sys.executable, str(script)], cwd=folder, env=surroundings, check=True, stdin=subprocess.DEVNULL, capture_output=True
        )


def is_log(path: Path) -> bool:
    """Whether a file of a test folder is a recorded log (never given to a run)."""
    return path.is_file() and re.search(r"\.log(_\w+)?$", path.name) is not None


# ---- any procedure -------------------------------------------------------------------------------------------------


def procedure_test(procedure: Path, logs: list[Path], convention: Convention, command: str | None = None) -> Test:
    """A procedure anywhere, run in a copy of its folder."""
    procedure = procedure.resolve()
    text = procedure.read_text("latin-1")
    wrapped = not enables_log(text)
    given = command or procedure.stem
    aside = {log.resolve() for log in logs}

    def prepare(folder: Path) -> None:
        copy_folder(
            procedure.parent, folder, skip=lambda path: path.resolve() in aside or is_log(path) or path.suffix == ".md"
        )
        run_prepare(folder, procedure.parent)
        if wrapped:
            (folder / f"{WRAPPER}.pdf").write_text(wrapper(given))

    return Test(
        procedure.stem,
        "procedure",
        WRAPPER if wrapped else given,
        procedure,
        tuple(logs),
        convention,
        prepare,
        subject=procedure.stem,
    )


# ---- our own small procedures with the original's log -------------------------------------------------------------


def model_of(procedure: Path) -> Path | None:
    """``PROC.log``, or the folder's ``model.log`` when this is the folder's procedure (the only one, or its namesake)."""
    own = procedure.with_suffix(".log")
    if own.is_file():
        return own
    model = procedure.parent / "model.log"
    alone = len(list(procedure.parent.glob("*.pdf"))) == 1
    return model if model.is_file() and (alone or procedure.stem == procedure.parent.name) else None


def folder_tests(scripts: Path) -> list[Test]:
    """The procedures of ``scripts/NAME/`` that have a model; each is about the program NAME."""
    return [
        replace(
            procedure_test(path, [model], CASES),
            name=f"{path.parent.name}.{path.stem}", suite="folders", subject=path.parent.name,
        )
        for path in sorted(scripts.glob("*/*.pdf"))
        if path.parent.name not in NOT_PROCEDURES and (model := model_of(path))
    ]  # fmt: skip


def case_test(folder: Path, suite: str = "cases") -> Test:
    """A folder ``NAME`` with ``NAME.pdf``, ``model.log`` and perhaps ``prepare.py`` and ``digests.json``."""

    def prepare(target: Path) -> None:
        copy_folder(folder, target, skip=lambda path: path.name in ("model.log", "digests.json"))
        run_prepare(target, folder)

    digests = folder / "digests.json"
    return Test(
        folder.name,
        suite,
        folder.name,
        folder / f"{folder.name}.pdf",
        (folder / "model.log",),
        CASES,
        prepare,
        subject=CASE_SUBJECTS.get(folder.name, ""),
        digests=digests if digests.is_file() else None,
    )


def case_tests(shared: Path) -> list[Test]:
    """``golden/cases`` and ``golden/imq``."""
    return [
        case_test(folder, suite)
        for suite in ("cases", "imq")
        for folder in sorted((shared / "golden" / suite).glob("*/"))
        if (folder / "model.log").is_file()
    ]


# ---- one Voyager frame through the whole chain ---------------------------------------------------------------------


def voyager_test(shared: Path) -> Test:
    """``golden/voyager``: log and digests of every image."""
    golden = shared / "golden" / "voyager"
    facts = json.loads((golden / "A.json").read_text())

    def prepare(target: Path) -> None:
        shutil.copyfile(golden / "vgrchain.pdf", target / "vgrchain.pdf")
        (target / "data").mkdir()
        copy_folder(shared / "testdata" / "voyager" / "ficor77", target / "data")
        make_calibration(shared, target / "cal.dat", facts["transfer"])

    return Test(
        "vgrchain",
        "voyager",
        facts["command"],
        golden / "vgrchain.pdf",
        (golden / "A.log",),
        NATIVE,
        prepare,
        digests=golden / "A.json",
        timeout=300.0,
    )


def make_calibration(shared: Path, target: Path, options: str) -> None:
    """Write a synthetic light-transfer file with the tool that the models were made with."""
    tool = shared / CALIBRATION_TOOL
    subprocess.run(
        [sys.executable, str(tool), str(target), *options.split()],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


def expected_images(path: Path) -> dict[str, dict]:
    """The digests in a ``digests.json`` or in ``A.json``."""
    data = json.loads(path.read_text())
    return data.get("images", data)


# ---- the original's own test procedures ----------------------------------------------------------------------------


def enables_log(procedure: str) -> bool:
    """Whether a procedure opens its log itself."""
    return "enable-log" in procedure.lower()


def wrapper(command: str) -> str:
    """The procedure that opens the log around one that does not."""
    return f'procedure\nbody\nlet _onfail="continue"\nenable-log\n{command}\ndisable-log\nend-proc\n'


def native_test(name: str, model: Path | tuple[Path, ...], tree: Path | None, shared: Path | None) -> Test:
    """``TREE.PROGRAM.TEST``: ``vos/TREE/prog/PROGRAM/test/TEST.pdf`` of the public tree."""
    branch, program, test = name.split(".", 2)
    root = tree if tree is not None else Path("VICAR_TREE")
    folder = root / "vos" / branch / "prog" / program / "test"
    procedure = folder / f"{test}.pdf"
    wrapped = procedure.is_file() and not enables_log(procedure.read_text("latin-1"))

    def prepare(target: Path) -> None:
        for helper in helping_procedures(folder.parent):
            shutil.copyfile(helper, target / helper.name)
        copy_folder(folder, target, skip=is_log)
        if wrapped:
            (target / f"{WRAPPER}.pdf").write_text(wrapper(test))
        if program == "ficor77" and shared is not None:
            (target / "data").mkdir(exist_ok=True)
            make_calibration(shared, target / "data" / "ficor77.cal", "--seed 1")
            make_calibration(shared, target / "data" / "FICOR77_VG1_NA_CLEAR.DAT", "--seed 2")

    needs = [(procedure, "the public source tree (VICAR_TREE)")]
    if program == "ficor77":
        needs.append(((shared or Path("VICAR_SHARED")) / CALIBRATION_TOOL, "the shared reference data (VICAR_SHARED)"))
    return Test(
        name,
        "native",
        WRAPPER if wrapped else test,
        procedure,
        model if isinstance(model, tuple) else (model,),
        NATIVE.with_mask(folder_mask(str(root / "vos"))),
        prepare,
        subject=program,
        needs=tuple(needs),
        environment={"V2TOP": str(root / "vos"), "V2DATA": str(root / "vos" / "data")},
    )


def helping_procedures(folder: Path) -> list[Path]:
    """Procedures beside a program that its tests call by name (``testtrnscol2``): installed with it, no programs of their own."""
    return [
        path
        for path in sorted(folder.glob("*.pdf"))
        if path.stem != folder.name
        and not (ROOT / "pdf" / "vicar" / path.name).is_file()
        and re.match(r"(?i)\s*procedure\b", path.read_text("latin-1"))
    ]


def native_tests(shared: Path, tree: Path | None) -> list[Test]:
    """The 310 of ``golden/native``; without a tree they are all there and none can run."""
    return [
        native_test(path.name[: -len(".log")], path, tree, shared)
        for path in sorted((shared / "golden" / "native").glob("*.log"))
    ]


def tree_tests(tree: Path, models: Path | None) -> list[Test]:
    """Every test procedure of a source tree that has a model: in ``models`` (``TREE.PROGRAM.TEST.log``), or the logs archived
    beside it (``TEST.log``, ``TEST.log_linux`` ...)."""
    found = []
    for procedure in sorted((tree / "vos").glob("*/prog/*/test/*.pdf")):
        branch, program = procedure.parts[-5], procedure.parts[-3]
        name = f"{branch}.{program}.{procedure.stem}"
        logs = [models / f"{name}.log"] if models is not None else archived_logs(procedure)
        logs = [log for log in logs if log.is_file()]
        if logs:
            found.append(native_test(name, tuple(logs), tree, models.parent.parent if models else None))
    return found


def archived_logs(procedure: Path) -> list[Path]:
    return sorted(path for path in procedure.parent.glob(f"{procedure.stem}.log*") if is_log(path))


# ---- the language alone --------------------------------------------------------------------------------------------


class FlatLibraries:
    """Links to the parameter files of every program of a tree, a flat folder a branch, as an installation has them, and a folder
    with the log-on procedure of the recording.

    The folders vanish with the object. They are filled when first asked for.
    """

    BRANCHES = {"R2LIB": "p2", "R3LIB": "p3"}
    LOG_ON = "procedure\nbody\nenable-force_lower\nend-proc\n"

    def __init__(self, tree: Path):
        self.tree = tree
        self._place = tempfile.TemporaryDirectory(prefix="vicarlib")  # a dash in it would be read as a file type
        self._lock = threading.Lock()
        self._filled = False

    @property
    def environment(self) -> dict[str, str]:
        """Where a session finds them."""
        return {name: str(Path(self._place.name, folder)) for name, folder in [*self.BRANCHES.items(), ("TAEPDF", "logon")]}

    def fill(self) -> None:
        with self._lock:
            if self._filled:
                return
            for branch in self.BRANCHES.values():
                folder = Path(self._place.name, branch)
                folder.mkdir()
                for path in sorted((self.tree / "vos" / branch).glob("prog/*/*.pdf")):
                    link = folder / path.name.lower()
                    if not link.is_symlink() and not path.read_bytes().startswith(b"%PDF"):
                        link.symlink_to(path)
            log_on = Path(self._place.name, "logon", "slogon.pdf")
            log_on.parent.mkdir()
            log_on.write_text(self.LOG_ON)
            self._filled = True


def skeleton_tests(shared: Path, tree: Path | None) -> list[Test]:
    """``golden/skeleton``: the original's procedures with every program replaced by its banner."""
    found = []
    root = tree if tree is not None else Path("VICAR_TREE")
    libraries = FlatLibraries(root)
    for model in sorted((shared / "golden" / "skeleton").glob("*.*")):
        if model.suffix not in (".log", ".out"):
            continue
        branch, kind, program, test = model.name[: -len(model.suffix)].split(".", 3)
        folder = root / "vos" / branch / kind / program / "test"

        def prepare(target: Path, folder: Path = folder) -> None:
            libraries.fill()
            copy_folder(folder, target, skip=lambda path: path.suffix != ".pdf")

        found.append(
            Test(
                model.name[: -len(model.suffix)],
                "skeleton",
                test,
                folder / f"{test}.pdf",
                (model,),
                NONE,
                prepare,
                log="session.log" if model.suffix == ".log" else "output.txt",
                action="language",
                needs=((folder / f"{test}.pdf", "the public source tree (VICAR_TREE)"),),
                environment=libraries.environment,
            )
        )
    return found


# ---- the monitor itself --------------------------------------------------------------------------------------------


def monitor_tests(shared: Path) -> list[Test]:
    """``golden/monitor``: what procedures print without the log-on procedure, and sessions typed at the prompt."""
    folder = shared / "golden" / "monitor"

    def prepare(target: Path) -> None:
        copy_folder(folder, target, skip=lambda path: path.suffix != ".pdf")

    def test(name: str, command: str, model: Path, **more: Any) -> Test:
        return Test(name, "monitor", command, folder / f"{command}.pdf", (model,), NONE, prepare, action="bare", **more)

    found = []
    for model in sorted(folder.glob("*.out")):
        name = model.name.removesuffix(".out")
        if name.endswith(".session"):
            typed = (folder / f"{name}.in").read_text("latin-1")
            command = name.removesuffix(".session")
            command = command if (folder / f"{command}.pdf").is_file() else "g1"
            found.append(test(name, command, model, log="output.txt", typed=typed))
        else:
            found.append(test(name, name, model, log="output.txt"))
    for model in sorted(folder.glob("*.session.log")):
        name = model.name.removesuffix(".session.log")
        found.append(test(f"{name}.session", name, model))
    return found


# ---- whole output images -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PixelCommand:
    """One command of ``golden/pixels``; ``$O`` in it stands for the output's name."""

    command: str
    expected: dict

    @property
    def program(self) -> str:
        return self.command.split()[0]


def pixel_commands(shared: Path) -> list[PixelCommand]:
    data = json.loads((shared / "golden" / "pixels" / "expected.json").read_text())
    return [PixelCommand(command, expected) for command, expected in data.items()]


def prepare_pixels(shared: Path, target: Path) -> None:
    """Put the procedure that makes the inputs, and its data, into a folder."""
    shutil.copyfile(shared / "golden" / "pixels" / "setup.pdf", target / "setup.pdf")
    (target / "data").mkdir()
    for name, place in voyager_files(shared):
        shutil.copyfile(place, target / "data" / name)


def voyager_files(shared: Path) -> Iterator[tuple[str, Path]]:
    for name in ("f1636832.raw", "f1636832.fic", "vgrscf.dat"):
        yield name, next((shared / "testdata" / "voyager").rglob(name))
