"""Programs and procedures called with Python values, bound as a command line binds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tae.binding import require
from tae.host import ProgramResult
from tae.messages import TaeError
from tae.procedures import QUALIFIERS, Failed
from tae.scopes import Scope
from tae.syntax import Field, Operands
from tae.values import NAME
from tae.variables import MAXIMUM_VALUES, Variable, fold, intrinsic_table

if TYPE_CHECKING:
    from tae.session import Session


def call(session: Session, name: str, subcommand: str, positional: tuple, named: Mapping[str, Any]) -> ProgramResult:
    """See `Session.call`."""
    procedures, runner = session.interpreter.procedures, session.interpreter.runner
    scope = session.top
    new = Scope(1, scope, subcommand=subcommand, subcommand_size=len(subcommand))
    new.qualifiers = intrinsic_table(QUALIFIERS)
    session.set_status(1, "")
    session.held = []
    try:
        procedures.open(name, scope, new)
        procedures.declare_all(new)
        for variable in new.parameters:
            if variable.type == NAME and variable.reference is None:
                variable.reference = Anything(variable.name, maximum=MAXIMUM_VALUES)
        procedures.bind(new.parameters, operands_of(positional, named), scope)
        require(new.parameters)
    except Failed:
        raise (session.held or [TaeError("NOPROC", name)])[0] from None
    finally:
        session.held = None
    try:
        runner.inherit_output(new, scope)
        runner.last_result = None
        runner.run(new)
    finally:
        new.close()
        session.flush()
    if runner.last_result is not None:
        outputs = runner.last_result.outputs
    else:
        returned = [v for v in new.parameters if v.type == NAME and isinstance(v.reference, Anything)]
        outputs = [(v.name, v.reference.values) for v in returned if v.reference.values is not None]
    return ProgramResult(session.sfi, session.skey, [(fold(key), tuple(value)) for key, value in outputs])


class Anything(Variable):
    """What a NAME parameter stands for when Python calls: it takes any value."""

    def check(self, type_: str, values: Any, **options: Any) -> None:
        """Everything fits."""
        self.type = type_

    def check_component(self, type_: str, value: Any, **options: Any) -> None:
        """Everything fits."""
        self.type = type_


def operands_of(positional: tuple, named: Mapping[str, Any]) -> Operands:
    """Python values as the fields of a command line."""
    first = tuple(Field() if value is ... else Field(values=_texts(value)) for value in positional)
    rest = [Field(name=name, values=_texts(value)) for name, value in named.items() if name != "'"]
    rest += [Field(keyword=True, values=(str(key),)) for key in named.get("'", ())]
    return Operands(first, tuple(rest))


def _texts(value: Any) -> tuple[str, ...]:
    """A Python value as the strings of a field; None is null."""
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(_text(item) for item in value)
    return (_text(value),)


def _text(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)
