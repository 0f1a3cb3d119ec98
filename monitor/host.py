"""Runs VICAR programs for the monitor: the place where the command language and the programs meet."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from monitor.installation import LIBRARIES
from tae.host import BoundValue, ProgramCall, ProgramResult
from vicar.errors import ABEND_LINE, Abend, Quit, VicarError
from vicar.parameters import Parameter, Parameters
from vicar.task import Task, World

SWITCH_DEBUG, SWITCH_SYNTAX, SWITCH_NO_MESSAGE = 1, 256, 512
FAILED = -1


class VicarPrograms:
    """A program host (``tae.host.ProgramHost``) with the programs of ``programs/``."""

    def __init__(self, folder: Path):
        self.folder = folder

    def _library(self, directory: str, name: str, environment: Mapping[str, str]) -> str | None:
        """Our library name if the parameter file came from one of our folders, from a folder of links into them, or from the
        folder that the environment names in place of ours (a real tree's).

        Otherwise (a parameter file of the user's own) the program goes by its name.
        """
        path = Path(directory)
        if path.parent == self.folder:
            return path.name
        original = (path / f"{name}.pdf").resolve().parent
        if original.parent == self.folder:
            return original.name
        return next((ours for variable, ours in LIBRARIES.items() if environment.get(variable) == str(path)), None)

    def has(self, name: str, library: str) -> bool:
        from programs.registry import module_name

        return module_name(name, self._library(library, name, {})) is not None

    def run(self, call: ProgramCall, session) -> ProgramResult:
        """One program run: banner, ``main``, and how it ended.

        Source of the order of events: ``zvzinit.c``/``xvzinit.c`` (parameter file, banner, syntax-only mode), ``abend.c``.
        """
        switch = _integer(call.globals.get("$SWITCH"))
        if switch & SWITCH_SYNTAX:
            return ProgramResult()
        task = Task(call.name, _parameters(call), _world(session, bool(switch & SWITCH_NO_MESSAGE)), call.subcommand)
        try:
            sfi, skey = self._run_task(task, call, switch)
        finally:
            task.world.progress(task.name, 0, 0)
        return ProgramResult(sfi, skey, task.outputs)

    def _run_task(self, task: Task, call: ProgramCall, switch: int) -> tuple[int, str]:
        from programs.registry import NoProgram, entry

        fault = True
        try:
            if task.count("PARMS"):
                from vicar.parmfile import merge

                task.parameters = merge(task)
            program = entry(call.executable, self._library(call.library, call.executable, task.environment))
            task.fortran = program.fortran
            if program.banner and not switch & SWITCH_NO_MESSAGE:
                task.message(f"Beginning VICAR task {task.name}")
            _quietly(program.main, task)
            task.finish()
            fault = False
            return 1, ""
        except Quit as end:
            fault = False
            return end.sfi, end.skey
        except Abend:
            fault = False
            return FAILED, ""
        except VicarError as error:
            fault = False
            task.error(error)
        except NoProgram as error:
            fault = False
            task.message(f"There is no program '{error}' for this parameter file.")
        except OSError as error:
            task.error(VicarError.host(error, "XVOPEN", _as_named(error.filename, task.directory)))
        except MemoryError:
            task.error(VicarError("INSUFMEM", "XVOPEN"))
        except Exception as error:  # a fault of ours: say so in one line, never a traceback
            _report_fault(task, error, bool(switch & SWITCH_DEBUG))
        finally:
            task.finish(fault)
        task.message(ABEND_LINE)
        return FAILED, ""


def _as_named(file, directory) -> str:
    """A file of an operating system's error as its user would name it: relative to the session's folder."""
    try:
        return str(Path(file).relative_to(directory)) if file else ""
    except (TypeError, ValueError):
        return str(file)


def _quietly(main, task: Task) -> None:
    """Run with numpy's floating-point warnings off: the original's arithmetic has none."""
    import numpy as np

    with np.errstate(all="ignore"):
        main(task)


def _report_fault(task: Task, error: Exception, debug: bool) -> None:
    task.error(VicarError("BUG", task.name.upper()))
    task.message(f"{type(error).__name__}: {error}"[:240])
    if debug:
        import traceback

        traceback.print_exception(error, file=sys.stderr)


def _integer(value: BoundValue | None) -> int:
    return int(value.values[0]) if value is not None and value.values else 0


def _parameters(call: ProgramCall) -> Parameters:
    known = {**call.globals, **call.parameters}
    return Parameters(Parameter(v.name, v.type, v.values, v.defaulted, v.keyword) for v in known.values())


def _world(session, no_message: bool) -> World:
    source = getattr(session, "input", None)
    return World(
        directory=session.directory,
        environment=session.environment,
        user=session.user,
        clock=lambda: datetime.fromtimestamp(session.clock()),
        message=session.program_message,
        progress=getattr(session, "progress", None) or (lambda name, done, total: None),
        print=session.write_terminal,
        read=lambda size: source.readline(size) if source is not None else "",
        terminal=lambda: source is not None and source.isatty(),
        no_message=no_message,
    )
