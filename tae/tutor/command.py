"""The TUTOR and GETPAR commands: what they are about, the dialogue, and what comes of it.

Source of the facts: ``tm/tutorport.c`` (tutor_do, update_ctx, prep_pdf), ``getpar_do`` (``tm/misccmd.c``).

accepted
    On a terminal with fewer than 24 lines or 80 columns the dialogue is held at the prompt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tae.commands import Call, Code, Intrinsic, May, find, find_command
from tae.messages import TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.procedures import QUALIFIERS, Failed, run_type_of
from tae.scopes import Scope, Subcommand
from tae.syntax import Command
from tae.tutor.noscreen import EXIT, RUN, SUBCOMMAND, NoScreen
from tae.tutor.target import Target, help_source
from tae.tutor.terminal import LEAST_COLUMNS, LEAST_ROWS, scroll_out
from tae.variables import SymbolTable, intrinsic_table, is_abbreviation

if TYPE_CHECKING:
    from tae.procedures import Procedures
    from tae.session import Session


class Dialogues:
    """Carries out TUTOR and GETPAR for the interpreter of a session."""

    def __init__(self, session: Session, procedures: Procedures) -> None:
        self.session = session
        self.procedures = procedures

    def tutor(self, call: Call, scope: Scope) -> Code:
        """TUTOR: a dialogue about a command's parameters, then the command."""
        session = self.session
        session.current = scope
        screen = self._on_screen(call.subcommand, "$TUTOR")
        if call.rest:
            session.latched = None
            if session.menu is not None:
                session.menu.tutor_started()
            target = self._target(call.rest, scope, screen)
        else:
            if session.latched is None:
                raise TaeError("TNOLATCH")
            new, session.latched = session.latched, None
            target = Target(new, getattr(new, "entry", None))
        if target is None:
            return Code.CHECK
        new = target.scope
        run_type = run_type_of(new.qualifiers) if target.entry is None else "INTERACTIVE"
        if new.self_tutor and run_type == "INTERACTIVE":
            new.locals.exact("_TUTOR").set((1,))
            done = RUN
            if screen:
                scroll_out(session.terminal)
        else:
            done = self._talk(target, screen if target.screen is None else target.screen)
        if done != RUN:
            new.close()
            return Code.CHECK
        if target.entry is not None:
            bound_parameters = {variable.name: variable for variable in new.parameters}
            line = parse_command(target.entry.name)
            return target.entry.run(session, scope, Call(target.entry, line, "", bound_parameters))
        try:
            return self.procedures.go(new, scope, run_type)
        finally:
            new.close()

    # --- the dialogue itself

    def _on_screen(self, wish: str, default: str) -> bool:
        """Whether a dialogue starts on the screen."""
        session, terminal = self.session, self.session.terminal
        if terminal is None or wish == "NOSCREEN":
            return False
        if wish != "SCREEN" and session.global_text(default) != "SCREEN":
            return False
        if terminal.rows < LEAST_ROWS or terminal.columns < LEAST_COLUMNS:
            session.write_terminal(
                f"The terminal has {terminal.rows} lines of {terminal.columns} columns;"
                f" the tutor's display needs {LEAST_ROWS} of {LEAST_COLUMNS}."
            )
            return False
        return True

    def _read_help(self, target: Target) -> bool:
        """Open the help text; False when something is wrong with it and the user does not want to go on."""
        session = self.session
        if target.make_reader is not None:
            return True
        target.make_reader = help_source(session, target.scope, target.entry is not None)
        try:
            target.read_help()
        except TaeError as error:
            session.report(error)
            return self._without_help(target)
        return True

    def _without_help(self, target: Target) -> bool:
        answer = self.session.ask_plain("Do you wish to continue (Y/N)?")
        if answer is None or not is_abbreviation("Y", answer):
            return False
        target.broken = True
        return True

    def _dialogue(self, target: Target, screen: bool, **how: Any) -> NoScreen:
        terminal = self.session.terminal
        if terminal is None:
            return NoScreen(self.session, target, **how)
        from tae.tutor.screen import ScreenTutor

        return ScreenTutor(self.session, target, terminal, screen, **how)

    def _talk(self, target: Target, screen: bool, for_job: bool = False, **how: Any) -> str:
        """Talk about the parameters; ``run``, ``exit`` or, for a job, ``hold``."""
        done = EXIT
        if self._read_help(target):
            dialogue = self._dialogue(target, screen, **how)
            dialogue.for_job = for_job
            done = dialogue.run()
            screen = dialogue.screen
        if screen:
            scroll_out(self.session.terminal)
        return done

    def _choose_subcommand(self, target: Target, screen: bool) -> tuple[str, bool]:
        """Ask for a subcommand, "" when the user leaves; and whether the screen is wanted from now on."""
        chosen = ""
        if self._read_help(target):
            dialogue = self._dialogue(target, screen, kind=SUBCOMMAND)
            if dialogue.run() == RUN:
                chosen = dialogue.chosen
            screen = dialogue.screen
        if screen:
            scroll_out(self.session.terminal)
        return chosen, screen

    def _target(self, text: str, scope: Scope, screen: bool) -> Target | None:
        """What TUTOR is about, with the values on its line (``update_ctx``)."""
        try:
            command = parse_command(text)
        except TaeError:
            return None
        entry, bad = find(command.name, command.subcommand)
        if (entry is not None and not entry.by_proc) or bad:
            return self._builtin_target(command, entry, scope, screen)
        if entry is not None:
            command = replace(command, name=entry.name.lower(), subcommand=entry.subcommand)
        return self._procedure_target(command, scope, screen)

    def _scope(self, command: Command, subcommand: str, scope: Scope) -> Scope:
        """The command's file found and its declarations read."""
        new = Scope(scope.level + 1, scope, subcommand=subcommand, subcommand_size=len(subcommand))
        new.qualifiers = intrinsic_table(QUALIFIERS)
        new.tutor_attempt = not subcommand
        new.subcommand_search = command.dash and not subcommand
        self.procedures.open(command.name, scope, new)
        self.procedures.declare_all(new)
        return new

    def _procedure_target(self, command: Command, scope: Scope, screen: bool) -> Target | None:
        session = self.session
        given = intrinsic_table(QUALIFIERS)
        failed, opened, position = False, False, command.rest
        try:
            qualifiers, position = parse_command_qualifiers(command.text, command.rest)
            if qualifiers is not None:
                self.procedures.bind(given, parse_fields(qualifiers), scope)
        except TaeError as error:
            session.report(error)
            failed = True
        try:
            new = self._scope(command, command.subcommand, scope)
            new.qualifiers = given
            opened = True
            target = Target(new)
            if new.subcommand_search:
                chosen, screen = self._choose_subcommand(target, screen)
                new.close()
                if not chosen:
                    if screen:
                        scroll_out(session.terminal)
                    return None
                new = self._scope(command, chosen, scope)
                new.qualifiers = given
                target = replace(target, scope=new, screen=screen, _level1={})
            if not failed:
                self.procedures.restore_qualifier(new)
                self.procedures.bind(new.parameters, parse_fields(command.text, position), scope)
                if not run_type_of(new.qualifiers):
                    raise TaeError("RUNTYPE")
                return target
        except TaeError as error:
            session.report(error)
        except Failed:
            pass
        if opened and screen:
            scroll_out(session.terminal)
        return None

    def _builtin_target(self, command: Command, entry: Intrinsic | None, scope: Scope, screen: bool) -> Target | None:
        if entry is None and not command.subcommand:
            entries = find_command(command.name)
            new = Scope(scope.level + 1, scope, name=entries[0].name)
            new.subcommands = [Subcommand(e.subcommand, May.DEFAULT in e.may) for e in entries]
            chosen, screen = self._choose_subcommand(Target(new, entries[0]), screen)
            if not chosen:
                if screen:
                    scroll_out(self.session.terminal)
                return None
            entry = next(e for e in entries if e.subcommand == chosen)
        if entry is None:
            raise TaeError("UNDEFSUB", command.subcommand, ends="check")
        try:
            if not entry.takes_parameters and entry.name not in ("NOP",):
                raise TaeError("TNPRCSYN")
            new = Scope(scope.level + 1, scope, name=entry.name, subcommand=entry.subcommand)
            new.parameters = intrinsic_table(entry.parameters)
            self.procedures.bind(new.parameters, parse_fields(command.text, command.rest), scope)
        except TaeError as error:
            self.session.report(error)
            if screen:
                scroll_out(self.session.terminal)
            return None
        return Target(new, entry, screen=screen)

    # --- GETPAR

    def get_parameters(self, call: Call, scope: Scope) -> Code:
        """GETPAR."""
        session = self.session
        if session.run_type == "BATCH":
            raise TaeError("NOBATCHCMD")
        if session.run_type == "ASYNC":
            from tae.replying import request

            return request(session, scope, tuple(call.values("PARMS")), tuple(call.values("PREFACE")))
        asked = SymbolTable()
        for name in call.values("PARMS"):
            variable = scope.find(name)
            if variable is None:
                raise TaeError("UNDEFVAR", name)
            asked.add(variable.copy())
        new = about(scope, asked)
        if self._ask(new, scope, tuple(call.values("PREFACE"))) == RUN:
            for item in asked:
                variable = scope.search(item.name)
                if variable is not None:
                    variable.values = item.values
                    variable.reference = item.reference
                    variable.qualifiers = item.qualifiers
        else:
            session.set_status(-1, "TAE-EXIT")
        return Code.CHECK

    def ask_for_job(self, name: str, subcommand: str, asked: SymbolTable, preface: tuple[str, ...]) -> str:
        """Ask for parameters of a procedure that runs in a job; "" when it is not to be found here."""
        top = self.session.top
        try:
            new = self._scope(Command(name, "", name, subcommand, bool(subcommand), len(name)), subcommand, top)
        except TaeError as error:
            self.session.report(error)
            return ""
        except Failed:
            return ""
        return self._ask(about(new, asked), top, preface, for_job=True)

    def _ask(self, new: Scope, scope: Scope, preface: tuple[str, ...], for_job: bool = False) -> str:
        """Ask for the parameters of a running procedure; ``run``, or how the user left."""
        session = self.session
        if session.global_text("$DYNAMIC") == "PROMPT":
            from tae.tutor.prompting import PromptStyle

            return RUN if PromptStyle(session, self, new, scope).run() else EXIT
        screen = self._on_screen("", "$DYNTUT")
        return self._talk(Target(new), screen, for_job, dynamic=True, preface=preface)

    def escape(self, new: Scope) -> str:
        """TUTOR in the style of prompts: the original has closed the file with the help text by then."""
        target = Target(new)
        target.make_reader = help_source(self.session, new, False)
        self.session.report(TaeError("RDERR.tutor", new.name))
        screen = self._on_screen("", "$DYNTUT")
        if not self._without_help(target):
            if screen:
                scroll_out(self.session.terminal)
            return EXIT
        return self._talk(target, screen, dynamic=True)


def about(scope: Scope, asked: SymbolTable) -> Scope:
    """A running procedure as GETPAR shows it: nothing but what is asked for."""
    return replace(scope, parameters=asked, locals=SymbolTable(), references={}, subcommands=[])
