"""IF, LOOP, FOR and the searches (GOTO, BREAK, NEXT, internal procedures) of one procedure.

The original keeps three stacks a procedure: what each open construct is, whether its own condition holds, and whether all the
conditions around it hold too. A search skips lines and counts the constructs it meets on a stack of its own; that is why
a jump into an IF part ends in ``[TAE-XTRENDIF]``. Source of the facts: ``tm/if.c``, ``tm/loops.c``, ``tm/misccmd.c``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tae.messages import RETURN, TaeError

MAX_IF = 10
MAX_NEST = 20


class Kind(Enum):
    """What an open construct is."""

    IF = "if"
    ELSE = "else"
    ELSE_IF_FOUND = "else-if, a true part was found"
    ELSE_IF_OPEN = "else-if, no true part yet"
    LOOP = "loop"
    FOR = "for"
    PROC = "internal procedure"


class Seek(Enum):
    """What a search is for."""

    GOTO = "goto"
    BREAK = "break"
    NEXT = "next"
    PROC = "end of an internal procedure"


@dataclass
class Search:
    """Lines are being skipped until something is found."""

    kind: Seek
    line: int
    on_fail: bool = False
    label: str = ""
    stack: list[Kind] = field(default_factory=list)

    def push(self, kind: Kind, message: str) -> None:
        """Count a construct that begins inside what is skipped."""
        if len(self.stack) >= MAX_NEST:
            raise TaeError(message, MAX_NEST, ends=RETURN)
        self.stack.append(kind)


@dataclass
class Loop:
    """One open LOOP or FOR: where its body starts, and the values FOR has still to give."""

    kind: Kind
    position: int
    line: int
    variable: Any = None
    values: list[tuple] = field(default_factory=list)


class Control:
    """The control-flow state of one procedure."""

    def __init__(self) -> None:
        self.kinds: list[Kind] = []
        self.own: list[bool] = []
        self.all: list[bool] = []
        self.loops: list[Loop] = []
        self.search: Search | None = None
        self._outer: tuple[Seek, int, bool] | None = None

    @property
    def true_part(self) -> bool:
        """Whether every IF around holds."""
        return self.all[-1] if self.all else True

    @property
    def active(self) -> bool:
        """Whether commands are being executed."""
        return self.search is None and (not self.all or self.all[-1])

    # --- IF

    def begin_if(self, holds: bool, kind: Kind = Kind.IF) -> None:
        """Open an IF (or a part of one)."""
        if len(self.kinds) >= MAX_NEST:
            raise TaeError("INTERR", 8, ends=RETURN)
        if len(self.own) >= MAX_IF:
            raise TaeError("MAXNEST.if", MAX_NEST, ends=RETURN)
        outer = self.true_part
        self.kinds.append(kind)
        self.own.append(holds)
        self.all.append(holds and outer)

    def else_allowed(self) -> None:
        """Raise unless an ELSE may stand here."""
        if not self.kinds or self.kinds[-1] not in (Kind.IF, Kind.ELSE_IF_FOUND, Kind.ELSE_IF_OPEN):
            raise TaeError("XTRAELSE", ends=RETURN)

    def begin_else(self) -> None:
        """ELSE: true when no part before was."""
        kind = self.kinds[-1]
        self.all.pop()
        held = self.own.pop()
        if kind is Kind.IF:
            self.begin_if(not held, Kind.ELSE)
        else:
            self.kinds.pop()
            self.begin_if(kind is Kind.ELSE_IF_OPEN, Kind.ELSE)

    def begin_else_if(self, condition) -> None:
        """ELSE-IF; ``condition`` is called when its expression has to be looked at.

        The state of the part before is given up first, so an error in the expression leaves it closed.
        """
        kind = self.kinds[-1] if self.kinds else None
        own = everywhere = False
        if self.kinds:  # a loop without any IF has the procedure's own entry, which holds
            own, everywhere = (self.own.pop(), self.all.pop()) if self.own else (True, True)
        holds = not everywhere and self.true_part and condition()
        if kind is Kind.IF:
            found = own or holds
        elif kind in (Kind.ELSE_IF_OPEN, Kind.ELSE_IF_FOUND):
            self.kinds.pop()
            found = kind is Kind.ELSE_IF_FOUND or holds
            own = kind is Kind.ELSE_IF_FOUND
        else:
            raise TaeError("XTRELSIF", ends=RETURN)
        self.begin_if(holds and not own, Kind.ELSE_IF_FOUND if found else Kind.ELSE_IF_OPEN)

    def end_if_allowed(self) -> None:
        """Raise unless an END-IF may stand here."""
        if not self.kinds or self.kinds[-1] in (Kind.LOOP, Kind.FOR):
            raise TaeError("XTRENDIF", ends=RETURN)

    def end_if(self) -> None:
        """Close an IF with its parts."""
        self.own.pop()
        self.all.pop()
        if self.kinds.pop() is not Kind.IF and self.kinds:
            self.kinds.pop()

    # --- LOOP and FOR

    def begin_loop(self, kind: Kind) -> None:
        """Open a LOOP or FOR; its `Loop` is added by `add_loop`."""
        if len(self.kinds) >= MAX_NEST:
            raise TaeError("MAXNEST.if", MAX_NEST, ends=RETURN)
        self.kinds.append(kind)

    def end_loop(self) -> Loop | None:
        """END-LOOP: the loop to go back to, or None when the loop is over or the line was skipped."""
        search = self.search
        if search is not None:
            if search.stack:
                search.stack.pop()
                return None
            if search.kind in (Seek.GOTO, Seek.BREAK):
                if self.loops:
                    self.loops.pop()
                    self.kinds.pop()
                if search.kind is Seek.BREAK:
                    self.search = None
                return None
            self.search = None
        if not self.kinds or self.kinds[-1] is not Kind.LOOP:
            raise TaeError("XTRAENDLP", ends=RETURN)
        return self._innermost(Kind.LOOP, 14)

    def end_for(self) -> Loop | None:
        """END-FOR: the loop with values left to go back to, or None when it is over or the line was skipped."""
        search = self.search
        if search is not None:
            if search.stack:
                search.stack.pop()
                return None
            if search.kind in (Seek.GOTO, Seek.BREAK):
                if not self.loops:
                    return None
                self.loops[-1].values.clear()
            if search.kind in (Seek.BREAK, Seek.NEXT):
                self.search = None
        if not self.kinds or self.kinds[-1] is not Kind.FOR:
            raise TaeError("XTRAENDFOR", ends=RETURN)
        loop = self._innermost(Kind.FOR, 12)
        if loop.values:
            return loop
        self.loops.pop()
        self.kinds.pop()
        return None

    def _innermost(self, kind: Kind, number: int) -> Loop:
        if not self.loops:
            raise TaeError("INTERR", number, ends=RETURN)
        if self.loops[-1].kind is not kind:
            raise TaeError("INTERR", number + 1, ends=RETURN)
        return self.loops[-1]

    # --- searches

    def leave_loop(self, kind: Seek, line: int, on_fail: bool) -> None:
        """BREAK or NEXT: skip to the end of the loop."""
        if not self.kinds:
            raise TaeError("BADESC", ends=RETURN)
        self.search = Search(kind, line, on_fail)

    def go_to(self, label: str, line: int, on_fail: bool) -> None:
        """GOTO: skip to a label."""
        self.search = Search(Seek.GOTO, line, on_fail, label)

    def check_label(self, label: str) -> None:
        """A line with this label was met: it may be what GOTO is looking for."""
        search = self.search
        if search is None or search.kind is not Seek.GOTO:
            return
        label = label.upper()
        if label == search.label.upper() or (label == "_DEFAULT" and not search.on_fail):
            self.search = None

    def begin_internal(self, line: int) -> bool:
        """An internal procedure begins: skip it. True when its name is to be registered."""
        search = self.search
        if search is None:
            self._outer = None
            self.search = Search(Seek.PROC, line)
            return self.true_part
        if search.kind is not Seek.PROC:
            self._outer = (search.kind, search.line, search.on_fail)
            search.kind, search.line, search.on_fail = Seek.PROC, line, False
        search.push(Kind.PROC, "MAXNEST.procs")
        return False

    def end_internal(self) -> None:
        """END-PROC of what is being skipped."""
        search = self.search
        if not search.stack:
            self.search = None
            return
        search.stack.pop()
        if (not search.stack or search.stack[-1] is not Kind.PROC) and self._outer:
            search.kind, search.line, search.on_fail = self._outer
