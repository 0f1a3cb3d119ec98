"""GETPAR in the style of prompts: ``ENTER A, B`` and an answer like a command line.

Source of the facts: ``lib/vicar/prstyle.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae.binding import bind
from tae.lines import Joiner, ampersand_lookup, substitute
from tae.messages import TaeError
from tae.parser import parse_command, parse_fields
from tae.scopes import Scope
from tae.tutor.assign import parenthesised
from tae.tutor.noscreen import EXIT, RUN
from tae.tutor.terminal import Closed
from tae.values import NAME
from tae.variables import SymbolTable, Variable, is_abbreviation

if TYPE_CHECKING:
    from tae.session import Session
    from tae.tutor.command import Dialogues

LIST_WIDTH = 80
AGAIN = "again"


class Escape(Exception):
    """Escape was typed at the beginning of an answer."""


class PromptStyle:
    """Asks for the parameters of a running procedure.

    Parameters
    ----------
    new : the parameters asked for
    scope : the procedure
    """

    def __init__(self, session: Session, dialogues: Dialogues, new: Scope, scope: Scope) -> None:
        self.session = session
        self.dialogues = dialogues
        self.new = new
        self.scope = scope
        self._next = ""
        self._mandatory: Variable | None = None

    def run(self) -> bool:
        """Ask; False when the user gives up."""
        session, current = self.session, self.session.current
        session.current = session.top  # messages do not say where the procedure stands
        try:
            done = self._initial()
            if done not in (EXIT, RUN):
                done = self._each_mandatory()
        except Closed:
            done = EXIT
        finally:
            session.current = current
        return done != EXIT

    def _initial(self) -> str:
        """All at once, by position or by name; again while the answer has a mistake."""
        table = self.new.parameters
        if not len(table):
            self.session.report(TaeError("NULLLIST"), failed=False)
            return ""
        before = table.copy()
        while True:
            try:
                text, self._next = self._next, ""
                if not text:
                    text = self._answer(self._introduce())
            except Escape:
                done = self._escape()
                if done in (RUN, EXIT):
                    return done
                continue
            try:
                text = substitute(text, ampersand_lookup(self.session.top.search))
            except TaeError as error:
                self.session.report(error)
                continue
            for variable in before.copy():
                target = table.exact(variable.name)
                target.values, target.reference, target.qualifiers = variable.values, variable.reference, variable.qualifiers
            try:
                bind(table, parse_fields(text), self.new.caller.search, validate=self.session.validate)
            except TaeError as error:
                self.session.report(error)
                continue
            self.session.set_status(1, self.session.skey)
            return ""

    def _introduce(self) -> str:
        """Say what is asked for; the prompt."""
        own = self.scope.locals.exact("_PROMPT")
        if own is not None and own.values:
            for line in own.values[:-1]:
                self.session.write_prompt(str(line))
            return f"{own.values[-1]}>"
        line = "ENTER "
        for variable in self.new.parameters:
            if len(variable.name) + len(line) + 2 > LIST_WIDTH:
                self.session.write_prompt(line)
                line = ""
            line += variable.name + ", "
        self.session.write_prompt(line[:-2])
        return "->"

    def _each_mandatory(self) -> str:
        """What still has no value, one after the other."""
        for variable in self.new.parameters:
            while variable.missing and variable.type != NAME:
                self._mandatory = variable
                text, self._next = self._next, ""
                try:
                    text = text or self._answer(f"ENTER {variable.name}>")
                except Escape:
                    done = self._escape()
                    if done in (RUN, EXIT):
                        return done
                    continue
                if not text:
                    continue
                try:
                    text = substitute(text, ampersand_lookup(self.session.top.search))
                    self._give(variable, text)
                except TaeError as error:
                    self.session.report(error)
        return RUN

    def _give(self, variable: Variable, text: str) -> None:
        if not text.strip():
            self.session.write_terminal("This parameter is mandatory.")
            return
        field = parse_fields(f"x={parenthesised(text)}").named[0]
        if field.error is not None:
            raise TaeError("INVPVAL", field.error[1] if len(field.error) > 1 else "Invalid value format")
        alone = SymbolTable([variable])
        bind(alone, parse_fields(f"{variable.name}={parenthesised(text)}"), self.new.caller.search,
             validate=self.session.validate)  # fmt: skip

    def _answer(self, prompt: str) -> str:
        """A line with its continuations; raises `Escape`, `Closed`."""
        joiner, more = Joiner(), False
        while True:
            line = self.session.ask_line(prompt + "+" * more, recall=True)
            if line is None:
                if not joiner.text:
                    raise Escape
                joiner, more = Joiner(), False
                continue
            more = joiner.feed(line)
            if not more:
                self.session.remember(joiner.text)
                if joiner.text:
                    self.session.log.line(joiner.text)
                return joiner.text

    # --- after Escape

    def _escape(self) -> str:
        """Commands at a prompt of its own."""
        while True:
            text = self._escape_line()
            if not text:
                continue
            try:
                done = self._command(substitute(text, ampersand_lookup(self.session.top.search)))
            except TaeError as error:
                self.session.report(error)
                continue
            if done:
                return done

    def _escape_line(self) -> str:
        line = self.session.ask_line(f"{self.new.name}-ESCAPE>", recall=False)
        if line is None:
            return ""
        joiner = Joiner()
        while joiner.feed(line):
            line = self.session.ask_line(f"{self.new.name}-ESCAPE>+", recall=False) or ""
        return joiner.text

    def _command(self, text: str) -> str:
        """What a command says: ``run``, ``exit``, ``again``, or "" for another command."""
        command = parse_command(text)
        name = command.name
        if not name:
            return AGAIN
        if is_abbreviation(name, "ABORT"):
            return EXIT
        if len(name) >= 2 and is_abbreviation(name, "EXIT"):
            return AGAIN
        if is_abbreviation(name, "TUTOR"):
            done = self.dialogues.escape(self.new)
            return RUN if done == RUN else AGAIN
        if is_abbreviation(name, "HELP"):
            self._help(command.subcommand, command.operands.strip().strip('"'))
            return AGAIN
        raise TaeError("UNRPSCMD")

    def _help(self, subcommand: str, operand: str) -> None:
        helper = self.session.help
        if subcommand:
            if not is_abbreviation(subcommand, "PARM"):
                raise TaeError("UNDEFSUB", subcommand)
            if not operand:
                if self._mandatory is None:
                    raise TaeError("NOPRMNM")
                operand = self._mandatory.name
            helper.parameter(operand, self.new.file_scope.name)
        elif operand:
            helper.proc(operand)
        else:
            raise TaeError("NOMODHELP", "prompt style dynamic parameters")
