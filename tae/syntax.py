"""The tree of one statement.

A statement is ``[label >] command[-subcommand] [|qualifiers|] operands``. How the operands are read depends on the command:
most take *fields* (``parse_fields``), IF, LET and FOR take expressions, USH takes the text as it stands; so a ``Command``
keeps the text and the place where the rest starts.

Errors of syntax are part of the tree, not exceptions: the original reads a line from left to right and notices an error
only when it gets there, after the values before it have been checked and assigned.
"""

from __future__ import annotations

from dataclasses import dataclass

Fault = tuple  # arguments of the TaeError to raise: name, then the values for its text


@dataclass(frozen=True)
class Command:
    """The head of a statement.

    Attributes
    ----------
    text : the statement (after DEFCMD replacement: what the echo shows)
    label : label without its quotes, "" if there is none
    name : command as typed, "" for a line that holds no command
    subcommand : as typed, at most 15 characters
    dash : whether a dash stood there (``x-`` has an empty subcommand, ``x`` none)
    rest : where in ``text`` the qualifiers and operands start
    """

    text: str
    label: str
    name: str
    subcommand: str
    dash: bool
    rest: int

    @property
    def operands(self) -> str:
        """Text after the command field."""
        return self.text[self.rest :]


@dataclass(frozen=True)
class Field:
    """One operand: ``value``, ``name=value``, ``'keyword``, or nothing between two commas.

    Attributes
    ----------
    name : parameter name as typed (may be qualified), or "" for a positional value
    keyword : True for ``'key``; the keyword is ``values[0]``
    values : the strings given; ``()`` for ``--``; None when no value was given at all
    reference : True for ``@variable``; its name is ``values[0]``
    qualifiers : text between the bars of ``value |...|``, or None
    error : what is wrong here; nothing after it was read
    qualifier_error : what is wrong with the qualifiers; noticed after the value has been assigned
    """

    name: str = ""
    keyword: bool = False
    values: tuple[str, ...] | None = None
    reference: bool = False
    qualifiers: str | None = None
    error: Fault | None = None
    qualifier_error: Fault | None = None


@dataclass(frozen=True)
class Operands:
    """Command qualifiers and fields of a statement.

    ``positional`` fields come first; from the first ``name=`` or ``'keyword`` on every field must be one of these.
    """

    positional: tuple[Field, ...] = ()
    named: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Expression:
    """A parsed expression: the reductions of the original's parser in the order it makes them.

    ``code`` is a sequence of instructions for the evaluator: ``("number", class, value)``, ``("string", text)``,
    ``("null",)``, ``("variable", name)``, ``("name", text)`` and ``("open",)`` (a name before a parenthesis, and looking it
    up), ``("index",)`` (subscript or function call), operators ``("+",)`` ... (``"/"`` with the error of a real division by
    zero), ``("group",)``, ``("list",)``, and last, if the text is wrong, ``("error", fault, ...)``. A fault is the arguments
    of a ``TaeError``.

    ``end`` is where reading stopped, ``comma`` whether a comma (read already) ended the expression.
    """

    code: tuple[tuple, ...]
    end: int
    comma: bool
