"""The tutor on a full screen.

What a page looks like is the business of `tae.tutor.page`; here are the commands that move about in it, and the keys.

Source of the facts: ``tm/tutorport.c``, ``tm/tutcmd.c``, ``tm/tutdisp.c``, ``tm/editor.c`` (tut_editor).

accepted
    The page is drawn anew when the terminal changes its size; the original knows 24 lines of 80 columns for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tae.help import file_name
from tae.lines import Joiner
from tae.messages import TaeError
from tae.tutor.assign import find_parameter, parameter_name
from tae.tutor.editing import Leave, LineEditor
from tae.tutor.keys import TutorKeys
from tae.tutor.noscreen import ACCEPT, EXIT, PARM, QUALIFIER, SUBCOMMAND, NoScreen
from tae.tutor.page import Book, Entry, Heading
from tae.tutor.terminal import Closed, Resized, Terminal, clear_message, message, scroll_out, show
from tae.values import STRING, Unreadable, parse_integer
from tae.variables import SymbolTable, Variable

if TYPE_CHECKING:
    from tae.session import Session
    from tae.tutor.target import Target

PROMPTS = {
    PARM: "Enter: parm=value,HELP,PAGE,SELECT,SHOW,RUN,EXIT,SAVE,RESTORE; RETURN to page.",
    SUBCOMMAND: "Enter:  -subcommand, -, HELP, PAGE, or EXIT; RETURN to page.",
    QUALIFIER: "Enter: qual=value, HELP, PAGE, SELECT, SHOW, ACCEPT; RETURN to page.",
}
NO_PARAMETERS = "Enter:  HELP, RUN, or EXIT."
TAGS = {PARM: "Tutor", SUBCOMMAND: "Tutor/Subcommands", QUALIFIER: "Tutor/Qualifiers"}


class ScreenTutor(NoScreen):
    """A dialogue on a screen, or, while ``screen`` is off, at the prompt."""

    def __init__(
        self,
        session: Session,
        target: Target,
        terminal: Terminal,
        screen: bool,
        dynamic: bool = False,
        preface: tuple[str, ...] = (),
        kind: str = PARM,
        table: SymbolTable | None = None,
        parameter: str = "",
        first_row: int = 0,
    ) -> None:
        super().__init__(session, target, dynamic, preface, kind, table, parameter)
        self.terminal = terminal
        self.screen = screen
        self._first_row = first_row
        self._redraw = True
        self._message = ""
        self._after_help = False
        self.index = 0  # the parameter used last, and its component from 0
        self.component = 0
        self.fresh = True  # the next arrow key shows that one, not the one after it
        self._fetch = False  # the editor starts with that one
        self.marked = False
        self.valid_index = -1
        self.qualifier_entries: dict[str, list[Entry]] = {}
        self.book = self._make_book()

    def _entries(self) -> list[Entry]:
        if self.kind == SUBCOMMAND:
            items = self.scope.subcommands
            return [Entry(s.name, self.target.description(s.name, ".SUBCMD"), default=s.default) for s in items]
        return [Entry(v.name, self.target.description(v.name), v) for v in self.table]

    def _make_book(self) -> Book:
        title = self.target.title
        if self.kind == QUALIFIER:
            title = ()
        name = file_name(self.scope.name) + (f"-{self.scope.subcommand}" if self.scope.subcommand else "")
        options = self.session.global_values("$TUTOPT")
        tag = "" if "NO_TAG" in options and self.kind != QUALIFIER else TAGS[self.kind]
        nothing = f"Proc '{name}' has no parameters."
        heading = Heading(tag, self._left(), list(title), self.kind, nothing)
        size = (self.terminal.rows, self.terminal.columns)
        return Book(heading, self._entries(), *size, self.scope.compress or "COMPRESS" in options, self._first_row)

    def _left(self) -> str:
        """The first row after the tag."""
        name = file_name(self.scope.name)
        with_subcommand = f"{name}-{self.scope.subcommand}" if self.scope.subcommand else name
        if self.kind == QUALIFIER:
            return f' parameter "{self.parameter}", {self.target.kind} "{name}"'
        options = self.session.global_values("$TUTOPT")
        parts = []
        if "NO_NAME" not in options:
            parts.append(f'{self.target.kind} "{with_subcommand if self.kind == PARM else name}"')
        if self.target.entry is None and "NO_LIBRARY" not in options:
            parts.append(f'library "{self.scope.library}"')
        return " ".join(parts)

    def run(self) -> str:
        if self.screen and self.kind != QUALIFIER:
            self._redraw = True
        try:
            return super().run()
        except Closed:
            return EXIT

    # --- showing

    def _show_page(self) -> None:
        if not self.screen:
            return
        if (self.book.rows, self.book.columns) != (self.terminal.rows, self.terminal.columns):
            self.book = self._make_book()
            self.book.page = self.book.page_of(self.index) or 1
            self._redraw = True
        self.book.settle()
        if self._redraw:
            self.terminal.clear()
            show(self.terminal, self.book.strokes())
            self._redraw = False
        if self._message:
            message(self.terminal, self._message)

    def _tell(self, error: TaeError) -> None:
        if not self.screen:
            super()._tell(error)
            return
        self._message = f"[{error.key}] {error.text}"
        self.session.last_key = error.key
        if self.session.global_text("$MESSAGE") in ("BELL", "ATTN"):
            self.terminal.bell()

    def _ask(self) -> str | None:
        if not self.screen:
            return super()._ask()
        terminal = self.terminal
        text = NO_PARAMETERS if self.kind == PARM and not len(self.table) else PROMPTS[self.kind]
        joiner, prompt, typed = Joiner(), "? ", None
        while True:
            terminal.put(terminal.rows - 1, 1, text)
            keys = TutorKeys(self)
            if self._fetch:
                self._fetch, typed = False, keys.fetch()
            editor = LineEditor(terminal, prompt, terminal.rows, keys, typed)
            typed = None
            try:
                line = editor.read()
            except Leave as leave:
                line = leave.text
            except Resized as resized:
                typed = resized.text
                self._show_page()
                continue
            more = line is not None and joiner.feed(line)
            if more:
                prompt = "?+ "
                continue
            clear_message(terminal)
            self._message = ""
            if line is not None:
                return joiner.text
            joiner, prompt = Joiner(), "? "

    # --- the commands

    def _position(self, variable: Variable) -> int:
        return next(i for i, entry in enumerate(self.book.entries) if entry.variable is variable)

    def _assign(self, text: str) -> None:
        name, number, _ = parameter_name(text)
        variable = find_parameter(self.table, name)
        index = self._position(variable)
        if not self.screen:
            super()._assign(text)
            if self.book.page_of(index) != self.book.page:
                self.book.page = self.book.page_of(index)
                self.book.reveal(index, number or 1, exactly=True)
            self._use(index, max(number - 1, 0), fresh=False)
            return
        before = (variable.values, variable.reference)
        try:
            super()._assign(text)
        except TaeError:
            if number <= variable.maximum:
                self._use(index, max(number - 1, 0), fresh=True)
            if (variable.values, variable.reference) != before:
                self._repaint(index, number)
            raise
        self._repaint(index, number)
        self._use(index, max(number - 1, 0), fresh=False)

    def _use(self, index: int, component: int = 0, fresh: bool = True) -> None:
        """Remember the parameter that is meant by the keys and by SELECT."""
        self.index, self.component, self.fresh = index, component, fresh

    def _repaint(self, index: int, number: int) -> None:
        """Show a value that was set: on its own page, in place if it is there already."""
        book = self.book
        here = book.entries[index].page == book.page and not self._redraw
        book.changed(index, number)
        if here:
            show(self.terminal, book.value_strokes(index))
        else:
            book.page = book.page_of(index)
            self._redraw = True

    def _go(self, page: int) -> None:
        self.book.page = page
        self._redraw = True
        if self.kind != SUBCOMMAND:
            self._use(self.book.first_of(page))

    def _do_nothing(self, text: str, operand: str) -> None:
        if self.screen:
            self._go(1 if self.book.page == self.book.last else self.book.page + 1)

    def _do_page(self, text: str, operand: str) -> None:
        if not self.screen:
            super()._do_page(text, operand)
            return
        book = self.book
        if not operand:
            self._go(1 if book.complete and book.page == book.last else book.page + 1)
            return
        try:
            page = parse_integer(operand)
        except Unreadable:
            index = self._entry(operand)
            self._go(book.page_of(index))
            if self.kind != SUBCOMMAND:
                self._use(index)
            return
        if page <= 0:
            raise TaeError("TPAGNUM")
        self._go(min(page, book.last) if book.complete else page)

    def _entry(self, name: str) -> int:
        """The entry that a name means."""
        if self.kind == SUBCOMMAND:
            return self.scope.subcommands.index(self.find_subcommand(name))
        if "." in name:
            raise TaeError("TUNRECPAR", name)
        return self._position(find_parameter(self.table, name))

    def _do_show(self, text: str, operand: str) -> None:
        if not self.screen:
            super()._do_show(text, operand)
            return
        if self._fetch:
            index, number = self.index, self.component + 1
        else:
            if not operand:
                raise TaeError("TSHOWPRM")
            name, parenthesis, subscript = operand.partition("(")
            number = 1
            if parenthesis:
                try:
                    number = parse_integer(subscript.partition(")")[0])
                except Unreadable:
                    raise TaeError("TNISUBSC.tutor") from None
            index = self._entry(name)
            self._use(index, number - 1)
        book = self.book
        page = book.page_of(index)
        book.reveal(index, number, exactly=True)
        if page == book.page:
            show(self.terminal, book.value_strokes(index))
        else:
            book.page = page
            self._redraw = True

    def _do_select(self, text: str, operand: str) -> None:
        from tae.tutor.select import SelectDisplay, selected

        if not self.screen:
            super()._do_select(text, operand)
            return
        index, number = self.index, self.component + 1
        name, subscript = selected(text)
        if name:
            index, number = self._position(find_parameter(self.table, name)), subscript
        entry = self.book.entries[index]
        variable = entry.variable
        if variable is None or variable.type != STRING or variable.valid is None:
            raise TaeError("TSELNAVAIL", variable.name if variable is not None else "")
        page = self.book.page_of(index)
        display = SelectDisplay(self, variable, number, entry.text if entry.description is not None else None)
        chosen = display.run()
        self._redraw = True
        self.book.page = page
        self._use(index, min(number, variable.maximum - 1))
        if chosen is not None:
            self.previous = f'{display.label} = "{chosen}"'

    def _do_qualify(self, text: str, operand: str) -> None:
        index = self._entry(operand) if self.screen else 0
        super()._do_qualify(text, operand)
        self._redraw = True
        if self.screen:
            self._go(self.book.page_of(index))

    def _qualifiers(self, variable: Variable) -> NoScreen:
        return Qualifiers(self, variable)

    def _do_list(self, text: str, operand: str, describe: bool = False) -> None:
        if self.screen:
            raise TaeError("TNSCR", "DISPLAY" if describe else "LIST")
        super()._do_list(text, operand, describe)

    def _do_restore(self, text: str, operand: str) -> None:
        super()._do_restore(text, operand)
        for index, entry in enumerate(self.book.entries):
            if entry.page:
                entry.measure()
                self.book.reveal(index, 1, exactly=True)
        self._redraw = True

    def _do_set(self, text: str, operand: str) -> None:
        self._redraw = True
        try:
            super()._do_set(text, operand)
        finally:
            self._measure_all()

    def _measure_all(self) -> None:
        for index, entry in enumerate(self.book.entries):
            if entry.page:
                entry.measure()
                entry.bottom = self.book._bottom(entry)

    def _do_run(self, text: str, operand: str) -> str | None:
        try:
            self._given(text)
        except TaeError:
            self._measure_all()
            self._redraw = True
            raise
        return self._started()

    def _leave(self) -> None:
        """The last that is done with the display before a command runs."""
        if self.screen:
            scroll_out(self.terminal)
            if self.target.entry is None:
                scroll_out(self.terminal)

    def _do_exit(self, text: str, operand: str) -> str:
        if not self.dynamic and self.session.menu is not None:
            self.session.menu.repaint()
        return super()._do_exit(text, operand)

    def _do_tutor(self, text: str, operand: str) -> None:
        self.screen = True
        self._redraw = True

    _do_screen = _do_tutor

    def _do_noscreen(self, text: str, operand: str) -> None:
        scroll_out(self.terminal)
        self.screen = False

    def _do_what(self, text: str, operand: str) -> None:
        self.previous = self.session.help.message(self.session.last_key) or ""
        self._redraw = True

    def _show_help(self, *what) -> None:
        super()._show_help(*what)
        self._redraw = True


class Qualifiers(ScreenTutor):
    """The dialogue about the qualifiers of a parameter, inside another one."""

    def __init__(self, around: ScreenTutor, variable: Variable) -> None:
        self.around = around
        super().__init__(
            around.session,
            around.target,
            around.terminal,
            around.screen,
            around.dynamic,
            kind=QUALIFIER,
            table=variable.qualifiers,
            parameter=variable.name,
            first_row=around.book.first_row,
        )

    def _entries(self) -> list[Entry]:
        """The pages are laid out once; the number of the last one is forgotten in between, as in the original."""
        kept = self.around.qualifier_entries
        if self.parameter not in kept or (self.around.book.rows != self.terminal.rows):
            kept[self.parameter] = [Entry(v.name, None, v) for v in self.table]
        return kept[self.parameter]

    def run(self) -> str:
        done = super().run()
        self.around.screen = self.screen
        return done if done != EXIT else ACCEPT
