"""The screen of EDIBIS: a window of a table on a terminal, moved and edited with arrows and a VT100 keypad.

Source: ``vos/p2/prog/edibis`` (``edibis_windows.c``, ``edibis_terminal.c``; C). Needs a terminal and the curses library.
"""

from __future__ import annotations

from programs.ibis._celleditor import SCREEN_ROWS, Editor
from programs.ibis._cellvalues import CommandError, ReadError
from vicar.numerics import fortran

DATA_LINE, PROMPT_LINE, STATUS_LINE = 4, 22, 23
ENTER, BACKSPACE, ESCAPE = (10, 13), (8, 127), 27
CONTROLS = {26: "end", 18: "redraw", 6: "format", 4: "quit"}
# What the bytes after ESC [ or ESC O say: arrows, PF1 (the GOLD key) to PF4, and the keypad
ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
PLAIN = {"Q": "help", "R": "search", "S": "delete", "M": "row", "m": "cut", "t": "forward", "u": "backward"}
PLAIN_BY_DIRECTION = {"x": ("page_up", "page_down"), "r": ("page_left", "page_right"), "w": ("to_top", "to_bottom")}
GOLD = {"Q": "help", "R": "ask", "S": "insert", "M": "column", "m": "paste", "t": "to_bottom", "u": "to_top"}
CHANGES = ("row", "column", "delete", "insert")
HELP = """\
Arrows move. Type a value and RETURN to set the cell; a command after "/".

   PF1 gold    PF2 help       PF3 search           PF4 delete rows
                              (gold: what for)     (gold: insert rows)
   7 edge of the file in the direction             -   cut (gold: paste)
   8 page up or down
   4 forward (gold: bottom)   5 backward (gold: top)
   2 page left or right                          ENTER go to row (gold: column)

   A number typed before a key says how many rows, or which.

   ctrl-F  format typed   ctrl-R  draw again   ctrl-Z  save and end
   ctrl-D  end            quit, exit, help     as typed

After "/":  (row,col) set VALUE   cut   paste   search RANGE   format (F8.2)
            insert N   delete N   row N   col N   top   bottom   left   right
            fwd   backward   jump   exit

Search for VALUE, MIN:MAX, MIN: or :MAX.

Any key goes on."""


def edit(task, editor: Editor) -> bool:
    """Edit on the terminal; whether to keep the changes."""
    if not task.at_terminal:
        task.abend("EDIBIS needs a terminal, or the parameter COMMANDS.")
    import curses

    name = task.file_name("OUT", 1) if not task.defaulted("OUT") else task.file_name("INP", 1)
    saved = curses.wrapper(lambda window: Screen(window, editor, name).edit())
    if saved and not editor.read_only:
        task.message("*** SAVING FILE... ***")
    elif not saved:
        task.message("*** QUITTING EDIBIS ***")
    editor.write_out() if saved else editor.changed.clear()
    return saved


class Screen:
    """A window, the editor behind it, and what is being typed."""

    def __init__(self, window, editor: Editor, name: str):
        self.window, self.editor, self.name = window, editor, name
        self.typed, self.gold = "", False
        window.keypad(False)
        editor.rows_shown = min(SCREEN_ROWS, editor.table.nr)
        editor.columns_shown = 1
        editor.count_columns()

    def edit(self) -> bool:
        while True:
            self.draw()
            command = self.next_command()
            text, self.typed = self.typed, ""
            if command == "typed" and text[:4].lower() in ("quit", "exit") or command in ("quit", "end"):
                return command == "end" or text[:4].lower() == "exit"
            try:
                if self.do(command, text):
                    return True
            except CommandError as error:
                self.status(error.lines[0])
            except ReadError:
                self.status("SYNTAX: VAL or MIN:MAX")

    # ---------------------------------------------------------------- drawing
    def put(self, line: int, column: int, text: str, attribute: int = 0) -> None:
        import curses

        height, width = self.window.getmaxyx()
        if line < height and column < width - 1:
            try:
                self.window.addnstr(line, column, text, width - 1 - column, attribute)
            except curses.error:
                pass

    def draw(self) -> None:
        import curses

        e, table = self.editor, self.editor.table
        self.window.erase()
        self.put(0, 0, f"File: {self.name}     Columns: {table.nc:5d}    Rows: {table.nr:6d}     Version: {table.version}")
        self.put(1, 0, f"Row: {e.row:6d}   Column: {e.column:5d}")
        edge = 0
        for column in e.visible():
            if column > table.nc:
                break
            width = e.widths()[column - 1]
            format = e.shown[column - 1] if table.old else table.formats[column - 1]
            self.put(2, edge, f"{column:>{width}}")
            self.put(3, edge, f"{format:>{width}}"[-width:])
            for row in range(e.top, min(e.top + e.rows_shown, table.nr + 1)):
                here = (row, column) == (e.row, e.column)
                text = self.shown(row, column)
                self.put(DATA_LINE + row - e.top, edge, text, curses.A_STANDOUT if here else 0)
            edge += width
        self.put(PROMPT_LINE, 0, f"] {self.typed}")
        self.window.refresh()

    def shown(self, row: int, column: int) -> str:
        """A cell as it is displayed; what cannot be is a full stop."""
        e = self.editor
        kind, format = e.kinds[column - 1], e.shown[column - 1]
        value = e.value(row, column)
        values = (value.real, value.imag) if kind == "COMP" else (value,)
        text = fortran.edit(format, *values)
        lowest = "!" if kind[0] == "A" else " "
        return "".join(c if lowest <= c < "\x7f" else "." for c in text)

    def status(self, text: str) -> None:
        import curses

        curses.beep()
        self.put(STATUS_LINE, 0, f"{text} (hit <return> to continue)")
        self.window.getch()

    def show_help(self) -> None:
        self.window.erase()
        for number, line in enumerate(HELP.split("\n")):
            self.put(number, 0, line)
        self.window.getch()

    # ---------------------------------------------------------------- keys
    def next_command(self) -> str:
        while True:
            key = self.window.getch()
            if key == ESCAPE:
                command = self.keypad()
                if command:
                    return command
            elif key in ENTER:
                return "typed"
            elif key in CONTROLS:
                return CONTROLS[key]
            elif key in BACKSPACE:
                self.typed = self.typed[:-1]
            elif 32 <= key < 127:
                self.typed += chr(key)
            self.put(PROMPT_LINE, 0, f"] {self.typed} ")
            self.window.move(PROMPT_LINE, len(self.typed) + 2)

    def keypad(self) -> str | None:
        lead = chr(self.window.getch() & 255)
        if lead not in "[O":
            return None
        key = chr(self.window.getch() & 255)
        if lead == "[" and key not in ARROWS:
            while key not in "^~":
                key = chr(self.window.getch() & 255)
            return None
        if key == "P":
            self.gold = not self.gold
            return None
        gold, self.gold = self.gold, False
        if key in ARROWS:
            return ARROWS[key]
        if gold:
            return GOLD.get(key)
        if key in PLAIN_BY_DIRECTION:
            return PLAIN_BY_DIRECTION[key][self.editor.forward]
        return PLAIN.get(key)

    # ---------------------------------------------------------------- commands
    def do(self, command: str, text: str) -> bool:
        """Do a command; True if it ends the edit."""
        e = self.editor
        if command == "typed":
            return self.do_typed(text)
        if command in ("up", "down", "left", "right"):
            self.move(command)
        elif command in ("forward", "backward"):
            e.forward = command == "forward"
        elif command == "help":
            self.show_help()
        elif command == "ask" or command == "search" and not e.searching:
            self.ask()
        elif command == "format":
            e.change_format(text, len(text))
            e.count_columns()
        elif command in CHANGES:
            number = int(text) if text.strip().isdigit() else 0
            e.command = command
            e.perform(number)
        elif command != "redraw":
            getattr(e, command)()
        return False

    def do_typed(self, text: str) -> bool:
        e = self.editor
        if text.startswith("/"):
            return e.run(text[1:])
        if text[:4].lower() == "help":
            self.show_help()
        elif text:
            e.set_value(text, len(text))
        return False

    def ask(self) -> None:
        """Ask what to search for, and search."""
        self.put(PROMPT_LINE, 0, "ENTER RANGE] ")
        self.window.clrtoeol()
        self.typed = ""
        while self.next_command() != "typed":
            pass
        text, self.typed = self.typed, ""
        self.editor.set_range(text, len(text))
        self.editor.search()

    def move(self, way: str) -> None:
        e = self.editor
        row = e.row + {"up": -1, "down": 1}.get(way, 0)
        column = e.column + {"left": -1, "right": 1}.get(way, 0)
        if not (1 <= row <= e.table.nr and 1 <= column <= e.table.nc):
            import curses

            curses.beep()
            return
        if row != e.row:
            e.row = row
            e.top = min(max(e.top, row - e.rows_shown + 1), row)
            e.show_row(e.top)
        while column > e.left + e.columns_shown - 1 or column < e.left:
            e.write_out()
            e.show_column(e.left + (1 if column > e.left else -1))
            e.fill()
            e.count_columns()
        e.column = column
