"""What every ISIS 2 program does: FROM and TO, the session log, reports, history.

Conventions (ISIS 2 manual pages): names without extension are .cub files; an existing TO is refused unless the environment
has ISIS_FILE_OVERWRITE=TRUE; the session log is print.prt in the working directory, or ISIS_LOG_FILE; ISIS_TERM_REPORT and
ISIS_LOG_REPORT set to OFF leave start and finish lines (and errors); ISIS_PARM_REPORT names parameters that are reported even
then. The wording of the lines is ours: no session log survives.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from vicar.errors import VicarError
from vicar.isis2.cube import Cube, file_path
from vicar.isis2.errors import IsisError
from vicar.isis2.history import EMPTY, Entry, appended
from vicar.isis2.label import Label
from vicar.isis2.values import form
from vicar.isis2.writer import CubeWriter, new_label, rewrite
from vicar.task import Task


def isis_program(version: str, description: str):
    """Decorate ``body(isis)`` into the ``main(task)`` of an ISIS 2 program. ``version`` is its date."""

    def wrap(body: Callable[[Isis], None]) -> Callable[[Task], None]:
        @wraps(body)
        def main(task: Task) -> None:
            isis = Isis(task, version, description)
            try:
                isis.start()
                body(isis)
                isis.line(f"{isis.name} finished {isis.stamp()}", always=True)
            except IsisError as error:
                isis.fail(error.key, error.text)
            except VicarError as error:
                isis.fail(error.key or "FILE", str(error))
            except BrokenPipeError:  # nobody reads our messages any more
                raise
            except OSError as error:
                isis.fail("FILE", f"{error.filename or 'a file'}: {error.strerror or error}")
            finally:
                isis.close()

        return main

    return wrap


class Isis:
    """One run of an ISIS 2 program. ``task`` is the task it runs in."""

    def __init__(self, task: Task, version: str, description: str):
        self.task = task
        self.name = task.name.upper()
        self.version, self.description = version, description
        self._log: list[str] = []
        self._open: list[Cube] = []

    # -- reports ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.line(f"{self.name} {self.version} started {self.stamp()}", always=True)
        wanted = [w.strip().upper() for w in self.environment("ISIS_PARM_REPORT").replace(",", " ").split()]
        for name, value in self.parameters().items():
            self._to_log(f"  {name} = {form(_value(value))}", always=name in wanted)
        note = self.note()
        if note and note.strip():
            self.line(f"  USERNOTE: {note}")

    def stamp(self) -> str:
        return self.task.world.clock().strftime("%Y-%m-%dT%H:%M:%S")

    def line(self, text: str, always: bool = False) -> None:
        """A line of the report: to the terminal and to the session log."""
        if always or self.environment("ISIS_TERM_REPORT").upper() != "OFF":
            self.task.message(text)
        self._to_log(text, always)

    def _to_log(self, text: str, always: bool = False) -> None:
        if always or self.environment("ISIS_LOG_REPORT").upper() != "OFF":
            self._log.append(text)

    def fail(self, key: str, text: str) -> None:
        """An error: the message, and the program has failed. There is no output file then."""
        self._to_log(f"[{self.name}-{key}] {text}", always=True)
        for start in range(0, len(text), 240):
            self.task.message(text[start : start + 240], f"{self.name}-{key}" if not start else "")
        self.task.quit(-1, f"{self.name}-{key}")

    def close(self) -> None:
        """Close the inputs, write the session log."""
        for cube in self._open:
            cube.close()
        name = self.environment("ISIS_LOG_FILE") or "print.prt"
        try:
            with open(self.task.directory / name, "a", encoding="utf-8") as log:
                log.writelines(line + "\n" for line in [*self._log, ""])
        except OSError as error:
            self.task.message(f"The session log {name} cannot be written: {error.strerror}")

    # -- parameters and surroundings ------------------------------------------------------------------------------------

    def environment(self, name: str) -> str:
        return self.task.environment.get(name, "").strip()

    def data_file(self, variable: str, name: str) -> Path:
        """A file of a data directory, by the name of its environment variable."""
        folder = self.environment(variable)
        if not folder:
            raise IsisError("NODATA", f"{name} is needed, and no environment variable {variable} says where it is: {HOW_TO}")
        return self.task.directory / folder / name

    def parameters(self) -> dict[str, tuple]:
        """All parameters of the program and their values, in the order of the parameter file."""
        return {p.name: tuple(p.values) for p in self.task.parameters.values() if not p.name.startswith(("$", "_"))}

    def note(self) -> str | None:
        return self.task.string("USERNOTE", " ") if "USERNOTE" in self.task.parameters else None

    def text(self, name: str) -> str:
        """A string parameter without its blanks; "" where it is blank or null: not given."""
        return (self.task.string(name) or "").strip()

    def number(self, name: str) -> float | None:
        """A number, None where it is null or zero, which in ISIS 2 means that it is not given."""
        values = self.task.parameters.values_of(name)
        return float(values[0]) if values and values[0] else None

    def path(self, name: str) -> Path:
        given = self.text(name)
        if not given:
            raise IsisError("NOFILE", f"Parameter {name} names no file")
        return file_path(self.task.directory, given)

    # -- cubes ----------------------------------------------------------------------------------------------------------

    def open(self, name: str = "FROM") -> Cube:
        """The cube a parameter names, closed when the program ends."""
        return self.open_file(self.path(name))

    def open_file(self, path: Path) -> Cube:
        if not path.is_file():
            raise IsisError("NOFILE", f"The file {path.name} does not exist" if path.parent == self.task.directory
                            else f"The file {path} does not exist")
        cube = Cube(path)
        self._open.append(cube)
        return cube

    def entry(self) -> Entry:
        """This run as history keeps it."""
        return Entry(self.name, self.version, self.task.now(), self.node(), self.task.user, self.description,
                     {name: _value(value) for name, value in self.parameters().items()}, self.note())

    def node(self) -> str:
        return (self.environment("HOST") or self.environment("HOSTNAME") or platform.node() or "unknown").split(".")[0]

    def history(self, source: Cube | None = None) -> str:
        """The history of an output: that of the input, and this run."""
        return appended((source.history if source else "") or EMPTY, self.entry())

    def create(self, items: tuple[int, int, int], item_type: str, item_bytes: int, *, like: Cube | Label | None = None,
               label: Label | None = None, name: str = "TO", path: Path | None = None, **options) -> CubeWriter:
        """An output cube (a context manager); label and history continue those of ``like``."""
        return CubeWriter(path or self.path(name), items, item_type, item_bytes, label or new_label(like),
                          self.history(like if isinstance(like, Cube) else None), overwrite=self.overwrite, **options)

    @property
    def overwrite(self) -> bool:
        return self.environment("ISIS_FILE_OVERWRITE").upper() == "TRUE"

    def update(self, cube: Cube, label: Label) -> None:
        """Put a changed label and this run's history entry into the cube itself."""
        rewrite(cube, label, appended(cube.history, self.entry()) if cube.history else None)


HOW_TO = "the USGS's tables are not public; MAKESAV makes your own from a light-transfer file, VOYSYNTH a made-up set"


def _value(values: tuple):
    """Parameter values as history shows them: () is NULL, one value stands alone."""
    return None if not values else values[0] if len(values) == 1 else tuple(values)
