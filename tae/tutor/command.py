"""The TUTOR and GETPAR commands: what they are about, the dialogue, and what comes of it.

Source of the facts: ``tm/tutorport.c`` (tutor_do, update_ctx, prep_pdf), ``getpar_do`` (``tm/misccmd.c``).

known
    GETPAR does not ask in the style of ``$DYNAMIC="PROMPT"``; without a screen it ends as if the user had left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae.commands import Call, Code, Intrinsic, find
from tae.messages import TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.procedures import QUALIFIERS, Failed, run_type_of
from tae.scopes import Scope
from tae.syntax import Command
from tae.tutor.noscreen import NoScreen
from tae.tutor.target import Target, help_source
from tae.variables import intrinsic_table, is_abbreviation

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
        if call.rest:
            session.latched = None
            target = self._target(call.rest, scope)
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
            done = "run"
        else:
            done = self._talk(target, call.subcommand)
        if done != "run":
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

    def _talk(self, target: Target, wish: str) -> str:
        """The dialogue itself: on a screen if the session has one, else at the prompt."""
        session = self.session
        target.make_reader = help_source(session, target.scope, target.entry is not None)
        try:
            target.read_help()
        except TaeError as error:
            session.report(error)
            answer = session.ask_command("Do you wish to continue (Y/N)?")
            if not (answer and is_abbreviation("Y", answer)):
                return "exit"
            target.make_reader = None
        if session.dialogue is not None and wish != "NOSCREEN":
            return session.dialogue.tutor(target, wish)
        talk = NoScreen(session, target)
        done = talk.run()
        while done == "screen":
            done = talk.run()
        return done

    def _target(self, text: str, scope: Scope) -> Target | None:
        """What TUTOR is about, with the values on its line (``update_ctx``)."""
        session = self.session
        try:
            command = parse_command(text)
        except TaeError:
            return None
        entry, bad = find(command.name, command.subcommand)
        if (entry is not None and not entry.by_proc) or bad:
            return self._builtin_target(command, entry, scope)
        new = Scope(scope.level + 1, scope, subcommand=command.subcommand, subcommand_size=len(command.subcommand))
        new.qualifiers = intrinsic_table(QUALIFIERS)
        new.tutor_attempt = not command.subcommand
        failed = False
        position = command.rest
        try:
            qualifiers, position = parse_command_qualifiers(command.text, command.rest)
            if qualifiers is not None:
                self.procedures.bind(new.qualifiers, parse_fields(qualifiers), scope)
        except TaeError as error:
            session.report(error)
            failed = True
        try:
            self.procedures.open(command.name, scope, new)
            self.procedures.declare_all(new)
            if failed:
                return None
            self.procedures.restore_qualifier(new)
            self.procedures.bind(new.parameters, parse_fields(command.text, position), scope)
            if not run_type_of(new.qualifiers):
                raise TaeError("RUNTYPE")
        except TaeError as error:
            session.report(error)
            return None
        except Failed:
            return None
        return Target(new)

    def _builtin_target(self, command: Command, entry: Intrinsic | None, scope: Scope) -> Target | None:
        if entry is None:
            raise TaeError("UNDEFSUB", command.subcommand, ends="check")
        if not entry.takes_parameters and entry.name not in ("NOP",):
            raise TaeError("TNPRCSYN")
        new = Scope(scope.level + 1, scope, name=entry.name, subcommand=entry.subcommand)
        new.parameters = intrinsic_table(entry.parameters)
        self.procedures.bind(new.parameters, parse_fields(command.text, command.rest), scope)
        return Target(new, entry)

    def get_parameters(self, call: Call, scope: Scope) -> Code:
        """GETPAR."""
        session = self.session
        if session.run_type == "BATCH":
            raise TaeError("NOBATCHCMD")
        if session.run_type == "ASYNC":
            raise TaeError("ASYPARM")
        variables = []
        for name in call.values("PARMS"):
            variable = scope.find(name)
            if variable is None:
                raise TaeError("UNDEFVAR", name)
            variables.append(variable)
        if session.dialogue is None or not session.dialogue.get_parameters(variables, call.values("PREFACE"), scope):
            session.set_status(-1, "TAE-EXIT")
        return Code.CHECK
