"""One program run from the shell: ``$R2LIB/gen a 10 10``.

Exit status as the original's: 1 after a normal end and after a mistake in the parameters, 255 after an ABEND. With
``VICAR_STATUS=conventional`` in the environment it is 0 after success, 1 after a mistake or failure.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

from monitor.installation import PARAMETER_FILES, surroundings, user_name
from monitor.process import CLOSED_PIPE, leave, prepare
from monitor.progress import on_terminal
from tae.global_variables import initial_globals

SUCCESS, MISTAKE, FAILURE = 1, 1, 255
CONVENTIONAL = {"success": 0, "mistake": 1, "failure": 1}
ORIGINAL = {"success": SUCCESS, "mistake": MISTAKE, "failure": FAILURE}


def main(path: str, arguments: list[str]) -> int:
    """Run the program ``path`` names; the exit status."""
    prepare()
    statuses = CONVENTIONAL if os.environ.get("VICAR_STATUS") == "conventional" else ORIGINAL
    from monitor.shell.binding import ShellError

    alone = standalone(path)
    if alone is not None:
        words = [word for word in arguments if word]
        return alone(words, Path.cwd(), os.environ, sys.stdout.write, user_name(), datetime.now)
    try:
        return statuses[run(path, " ".join(arguments))]
    except ShellError as error:
        print(error)
        return statuses["mistake"]
    except KeyboardInterrupt:
        print("Interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return CLOSED_PIPE


def start(path: str, arguments: list[str]) -> NoReturn:
    """`main` for the executables."""
    leave(main(path, arguments))


class Shell:
    """What a program sees when no monitor runs it: a session (see `monitor.host`) without a command language."""

    def __init__(self, output: TextIO | None) -> None:
        self.output = output
        self.directory = Path.cwd()
        self.environment = surroundings(os.environ)
        self.user = user_name()
        self.clock = time.time
        self.globals = initial_globals("INTERACTIVE", str(os.getpid()), self.environment.get("ULIB", "."))
        self.progress = on_terminal(sys.stderr)

    def program_message(self, text: str, key: str = "") -> None:
        if key.strip():
            from tae.reports import c_format, message

            text = message(c_format(text), key)
        self.write_terminal(text)

    def write_terminal(self, text: str, end: str = "\n") -> None:
        if self.progress is not None:
            self.progress.wipe()
        if self.output is not None:
            self.output.write(text + end)

    def flush(self) -> None:
        if self.output is not None:
            self.output.flush()


def standalone(path: str) -> Callable[..., int] | None:
    """The entry of a program that is none of the monitor's and takes the shell's words as they are (VGRCDCOPY)."""
    from programs.registry import module_name

    name = module_name(Path(path).name)
    return getattr(import_module(name), "standalone", None) if name else None


def parameter_file(path: str) -> Path:
    """The parameter file of a program: beside it, or in a folder of PATH."""
    from monitor.shell.binding import ShellError

    base = path[:-4] if len(path) > 4 and path[-4] == "." and path[-3:].isalpha() else path
    beside = Path(base + ".pdf")
    if beside.is_file():
        return beside
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = Path(folder or ".") / (Path(base).name + ".pdf")
        if candidate.is_file():
            return candidate
    raise ShellError("BADFILE", f"File not found or incorrect file specification for '{base}.pdf'.")


def run(path: str, line: str) -> str:
    """Bind the line, run the program, write what it returns; ``success`` or ``failure``."""
    from monitor.host import VicarPrograms
    from monitor.shell import binding, returned, syntax
    from tae import parameterfile
    from tae.host import BoundValue, ProgramCall
    from tae.values import NAME, STRING

    file = parameter_file(path)
    task = Path(path).name.upper()
    source = parameterfile.parse(file.read_bytes().decode("latin-1"))
    shell = Shell(sys.stdout)
    typed = syntax.words(line)
    subcommand, typed = binding.split_subcommand(typed, subcommands(source, shell.globals), task)
    declared = source.declare(shell.globals, subcommand)
    hidden = binding.hidden_parameters(task, subcommand.upper(), binding.whole_number(os.environ.get("V2SWITCH", "0")))
    parameters = list(declared.parameters)
    binding.bind(parameters, hidden, typed)

    def bound(variable) -> BoundValue:
        kind = STRING if variable.type == NAME else variable.type
        return BoundValue(variable.name, kind, variable.values or (), variable.defaulted, variable.keyword, variable.maximum)

    hide = {v.name: v for v in hidden}
    call = ProgramCall(
        name=str(hide["_PROC"].values[0]),
        executable=Path(path).name.lower(),
        library=str(file.resolve().parent),
        subcommand=subcommand,
        parameters={v.name.upper(): bound(v) for v in parameters},
        globals={name: bound(hide[name]) for name in ("$RUNTYPE", "$SWITCH")},
    )
    result = VicarPrograms(PARAMETER_FILES).run(call, shell)
    shell.flush()
    if result.sfi < 0:
        return "failure"
    if result.outputs:
        shown = returned.file_name(shell.environment, shell.user)
        returned.write(shell.directory / shown, shown, result.outputs)
    return "success"


def subcommands(source, globals_) -> list[tuple[str, bool]]:
    """Subcommands of a parameter file, with whether each is the default."""
    from tae.parameterfile import DeclarationError

    try:
        declared = source.declare(globals_)
    except DeclarationError as error:
        declared = error.declared
    return [(block.name, block.default) for block in declared.subcommands]


if __name__ == "__main__":
    start(sys.argv[1], sys.argv[2:])
