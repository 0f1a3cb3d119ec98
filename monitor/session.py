"""`Session`: the command language with the VICAR programs behind it; the one object prompt, batch, Python and tests use.

    from monitor.session import Session

    session = Session()
    session.run("gen", "a.img", 10, 10)
    session.run("ficor77", inp=["frame.raw", "ficor77.cal", "dc.cal"], out="c.img", conv=1.0)
    session.run("label-list", "a.img")
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from monitor.host import VicarPrograms
from monitor.installation import LIBRARIES, PARAMETER_FILES, surroundings, user_name
from tae.messages import TaeError
from tae.session import Session as CommandSession
from tae.session import SessionEnd


class CommandError(Exception):
    """A command that could not be run: unknown program, wrong parameters.

    ``key`` is the message key (``TAE-BADPAR``), the text is the original's.
    """

    def __init__(self, key: str, text: str):
        super().__init__(f"[{key}] {text}")
        self.key = key
        self.text = text


class ProgramFailed(Exception):
    """A program or procedure ended as failed; ``messages`` is what it had printed, ``sfi`` and ``skey`` its status."""

    def __init__(self, name: str, sfi: int, skey: str, messages: list[str]):
        self.name, self.sfi, self.skey, self.messages = name, sfi, skey, messages
        said = [m for m in messages if m.strip() and not m.startswith(("Beginning VICAR task", " ** ABEND"))]
        super().__init__("\n".join([f"{name} failed", *said]))


class Session(CommandSession):
    """A session with the VICAR programs.

    Parameters
    ----------
    directory : path
        Where relative file names start, and where logs go (default: the current directory).
    environment : mapping
        Environment variables (default: a copy of this process's). The library names are added where they are missing.
    user : str
        Name that goes into labels (default: the user's).
    clock : callable
        Seconds since the epoch.
    output, input : text streams
        None means silence, and nothing to read.
    progress : callable, optional
        ``progress(name, done, total)`` while a program works; ``total`` 0 when it has ended.
    dry_run, host_commands, columns, run_type
        As in `tae.session.Session`.
    """

    def __init__(self, directory: str | Path = ".", environment: Mapping[str, str] | None = None, user: str | None = None,
                 clock: Callable[[], float] = time.time, output: IO[str] | None = None, input: IO[str] | None = None,
                 progress: Callable[[str, float, float], None] | None = None, dry_run: bool = False, **options: Any):
        variables = surroundings(os.environ if environment is None else environment)
        super().__init__(directory=directory, environment=variables, user=user_name() if user is None else user, clock=clock,
                         host=VicarPrograms(PARAMETER_FILES), output=output, input=input, dry_run=dry_run,
                         **{"identity": str(os.getpid()), **options})
        self.progress = progress
        self._heard: list[str] | None = None
        self._logged_on = False

    def program_message(self, text: str, key: str = "") -> None:
        if self._heard is not None:
            self._heard.append(f"[{key}] {text}" if key.strip() else text)
        super().program_message(text, key)

    def write_terminal(self, text: str, end: str = "\n") -> None:
        """Not beside a bar that shows progress."""
        if self.progress is not None and hasattr(self.progress, "wipe"):
            self.progress.wipe()
        super().write_terminal(text, end)

    def run(self, name: str, /, *values: Any, **parameters: Any) -> dict[str, Any]:
        """Run a program or procedure; values are bound as the command line binds them.

        ``name`` may carry a subcommand (``"label-list"``). A list is a list of values, None the null value. Parameter
        names may be abbreviated and are not case-sensitive; ``keywords=["half"]`` gives keywords that stand for themselves,
        ``__call__``-style names that clash with Python (``lambda_``) may end in an underscore.

        Returns the output parameters by upper-case name: a value, or a list of several. Raises `CommandError` with the
        message the command line would have shown, `ProgramFailed` if the program failed.
        """
        self._log_on()
        command, _, subcommand = name.partition("-")
        named = {key.rstrip("_"): _value(value) for key, value in parameters.items() if key != "keywords"}
        keywords = parameters.get("keywords", ())
        if keywords:
            named["'"] = [keywords] if isinstance(keywords, str) else list(keywords)
        heard, self._heard = self._heard, []
        try:
            result = self.call(command, subcommand, tuple(_value(v) for v in values), named)
            if result.sfi < 0:
                raise ProgramFailed(name, result.sfi, result.skey, self._heard)
        except TaeError as error:
            raise CommandError(error.key, error.text) from None
        finally:
            self._heard = heard
        return {key: list(v) if len(v) != 1 else v[0] for key, v in result.outputs}

    def run_text(self, text: str) -> int:
        """As in the command language; a fault of ours is one message and a failed command, never a traceback."""
        try:
            return super().run_text(text)
        except (SessionEnd, KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:
            if self.environment.get("VICAR_DEBUG"):
                raise
            self.set_status(-1, "TAE-BUG")
            fault = f"{type(error).__name__}: {error}"
            self.print_message(f"[TAE-BUG] The monitor met a fault of its own ({fault}); command given up.")
            self.flush()
            return self.sfi

    def find(self, name: str, kind: str):
        """A file in the libraries; behind them all, unless the name says where, the ISIS 2 library."""
        found = super().find(name, kind)
        if found is None and "/" not in name:
            from tae.library import search

            found = search(self.files, name, kind, ["$ISISLIB"])
        return found

    def host_environment(self) -> dict[str, str]:
        """What host commands see: the library names lead to executables, so that ``ush $R2LIB/gen a`` runs a program."""
        from monitor.shell.setup import environment, private_folder

        try:
            folder = private_folder(self.environment)
        except OSError:
            return self.environment
        ours = {name: str(PARAMETER_FILES / library) for name, library in LIBRARIES.items()}
        leads = {name: path for name, path in environment(folder).items() if self.environment.get(name) == ours.get(name)}
        return {**self.environment, **leads}

    def _log_on(self) -> None:
        """Run the log-on procedure once, silently, so that programs are found."""
        if self._logged_on:
            return
        self._logged_on = True
        output, self.output = self.output, None
        try:
            self.run_text("slogon")
        finally:
            self.output = output

    def interact(self) -> int:
        """Sit at the prompt until the user leaves; the exit status."""
        from monitor.prompt import interact

        return interact(self)


def _value(value: Any) -> Any:
    """Python's values as the binder wants them: paths become text, arrays lists, tuples lists."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, (list, tuple)):
        return [_value(v) for v in value]
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, bool):
        return int(value)
    return value


def terminal_session(dry_run: bool = False, host_commands: bool = True) -> Session:
    """The session of a command line: standard streams, terminal width, progress on a terminal's standard error."""
    from monitor.progress import on_terminal

    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    columns = os.get_terminal_size(sys.stdout.fileno()).columns if at_terminal else 0
    return Session(output=sys.stdout, input=sys.stdin, dry_run=dry_run, host_commands=host_commands, columns=columns,
                   progress=on_terminal(sys.stderr))
