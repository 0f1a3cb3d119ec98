"""IF, LOOP, FOR, GOTO and the commands that leave a procedure."""

from __future__ import annotations

from functools import lru_cache

from tae.commands import LOOP_BOUND, RETURNING, RUNS, Call, Code, May, Parameter, intrinsic
from tae.control import Kind, Loop, Seek
from tae.messages import CHECK, RETURN, TaeError

CONDITIONAL = May.PROC | May.BODY | May.FALSE_PART | RUNS
STATUS = (
    Parameter("$SFI", "INTEGER", default=(1,)),
    Parameter("$SKEY", default=("",)),
)


@lru_cache(maxsize=4096)
def condition_and_command(text: str, position: int) -> tuple[str, str | None]:
    """Split what follows IF at the parenthesis that closes its condition.

    Returns the text up to that parenthesis, and the text after it with its leading blanks (None when only white space
    follows). Every IF is looked at, also where nothing is executed.
    """
    start = len(text) - len(text[position:].lstrip(WHITE))
    if text[start : start + 1] != "(":
        raise TaeError("NOPARENS", ends=RETURN)
    depth, quoted = 1, False
    for at in range(start + 1, len(text)):
        char = text[at]
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                rest = text[at + 1 :]
                return text[: at + 1], rest if rest.strip(WHITE) else None
    raise TaeError("UNBALPAR", ends=RETURN)


WHITE = "".join(map(chr, range(1, 33))) + "\x7f"


@intrinsic("IF", may=CONDITIONAL | May.SEARCH)
def if_(session, scope, call: Call) -> Code:
    """IF (condition), or IF (condition) command."""
    control = scope.control
    condition, command = condition_and_command(call.line.text, call.line.rest)
    if control.search is not None:
        if command is None:
            control.search.push(Kind.IF, "MAXNEST.nested")
        return Code.SUCCESS
    holds = False
    if control.true_part:
        holds = session.evaluator.condition(condition, scope, call.line.rest)
        if command is not None:
            return session.interpreter.process(command, scope) if holds else Code.SUCCESS
    elif command is not None:
        return Code.SUCCESS
    control.begin_if(holds)
    return Code.SUCCESS


@intrinsic("ELSE", may=CONDITIONAL | May.PARAMETERS)
def else_(session, scope, call: Call) -> Code:
    """ELSE."""
    scope.control.else_allowed()
    no_more(call)
    scope.control.begin_else()
    return Code.SUCCESS


@intrinsic("ELSE", subcommand="IF", may=CONDITIONAL)
def else_if(session, scope, call: Call) -> Code:
    """ELSE-IF (condition)."""
    scope.control.begin_else_if(lambda: session.evaluator.condition(call.line.text, scope, call.line.rest))
    return Code.SUCCESS


@intrinsic("END", subcommand="IF", may=CONDITIONAL | May.SEARCH | May.PARAMETERS)
def end_if(session, scope, call: Call) -> Code:
    """END-IF."""
    control = scope.control
    if control.search is not None and control.search.stack:
        control.search.stack.pop()
        return Code.SUCCESS
    control.end_if_allowed()
    no_more(call)
    control.end_if()
    return Code.SUCCESS


def no_more(call: Call) -> None:
    """Raise when text follows the command (its parameter matching refuses that before; kept for the order of errors)."""
    if call.rest.strip(WHITE):
        raise TaeError("UNEXCH", ends=RETURN)


@intrinsic("LOOP", may=LOOP_BOUND)
def loop(session, scope, call: Call) -> Code:
    """LOOP."""
    control = scope.control
    if control.search is not None:
        control.search.push(Kind.LOOP, "MAXNEST.if")
        return Code.SUCCESS
    control.begin_loop(Kind.LOOP)
    control.loops.append(Loop(Kind.LOOP, scope.position, scope.line))
    return Code.SUCCESS


@intrinsic("FOR", may=May.PROC | May.BODY | May.SEARCH | RUNS)
def for_(session, scope, call: Call) -> Code:
    """FOR variable = expression, expression ..."""
    control = scope.control
    if control.search is not None:
        control.search.push(Kind.FOR, "MAXNEST.if")
        return Code.SUCCESS
    control.begin_loop(Kind.FOR)
    try:
        variable, values = session.evaluator.for_values(call.line.text, scope, call.line.rest)
    except TaeError:
        control.kinds.pop()
        raise
    variable.set(values[0])
    control.loops.append(Loop(Kind.FOR, scope.position, scope.line, variable, values[1:]))
    return Code.SUCCESS


@intrinsic("END", subcommand="LOOP", may=LOOP_BOUND)
def end_loop(session, scope, call: Call) -> Code:
    """END-LOOP: back to the line after LOOP."""
    again = scope.control.end_loop()
    if again is not None:
        scope.position, scope.line = again.position, again.line
    return Code.SUCCESS


@intrinsic("END", subcommand="FOR", may=LOOP_BOUND)
def end_for(session, scope, call: Call) -> Code:
    """END-FOR: back to the line after FOR while values are left."""
    again = scope.control.end_for()
    if again is not None:
        again.variable.set(again.values.pop(0))
        scope.position, scope.line = again.position, again.line
    return Code.SUCCESS


@intrinsic("NEXT", may=RETURNING)
def next_(session, scope, call: Call) -> Code:
    """NEXT: on with the next turn of the loop."""
    scope.control.leave_loop(Seek.NEXT, scope.line, scope.on_fail)
    return Code.SUCCESS


@intrinsic("BREAK", may=RETURNING)
def break_(session, scope, call: Call) -> Code:
    """BREAK: out of the loop."""
    scope.control.leave_loop(Seek.BREAK, scope.line, scope.on_fail)
    return Code.SUCCESS


@intrinsic("GOTO", may=RETURNING, parameters=[Parameter("LABEL", size=50)])
def goto(session, scope, call: Call) -> Code:
    """GOTO label: on at the next line with that label."""
    scope.control.go_to(call.value("LABEL"), scope.line, scope.on_fail)
    return Code.SUCCESS


@intrinsic("RETURN", may=RETURNING, parameters=STATUS)
def return_(session, scope, call: Call) -> Code:
    """RETURN: leave this procedure, with a status if one is given."""
    if call.given("$SFI"):
        session.set_global("$SFI", call.values("$SFI"))
    if call.given("$SKEY"):
        session.set_global("$SKEY", call.values("$SKEY"))
    return Code.RETURN


@intrinsic("STOP", may=RETURNING)
def stop(session, scope, call: Call) -> Code:
    """STOP: leave all procedures."""
    return Code.STOP


@intrinsic("CONTINUE", 4, may=May.BODY | May.PARAMETERS | May.ON_FAIL | RUNS)
def continue_(session, scope, call: Call) -> Code:
    """CONTINUE: nothing, but allowed as _ONFAIL; after an interrupt, on with the procedure."""
    return Code.CONTINUE if session.interrupted else Code.SUCCESS


@intrinsic("NOP", 3, may=May.PRIMARY | May.PROC | May.PREBODY | May.BODY | May.CLEAR | RUNS | May.ANY_SUBCMD)
def nop(session, scope, call: Call) -> Code:
    """NOP: nothing; whatever follows is not looked at."""
    return Code.CHECK


@intrinsic("ABORT", 1, "SYNC", May.DEFAULT | May.PRIMARY | May.PROC | May.BODY | May.PARAMETERS | May.CLEAR | RUNS)
def abort(session, scope, call: Call) -> Code:
    """ABORT: give up a procedure that was interrupted."""
    if session.interrupted:
        return Code.ABORT
    session.report(TaeError("BADCMD.abort"))
    return Code.SUCCESS


@intrinsic("EXIT", 2, parameters=STATUS)
@intrinsic("LOGOFF", 2, parameters=STATUS)
def exit_(session, scope, call: Call) -> Code:
    """EXIT, LOGOFF: the end of the session."""
    if not session.host_commands:
        raise TaeError("DISHOST.exit")
    if session.interrupted:
        raise TaeError("BADCMD.exit", ends=CHECK)
    session.log_off()
    return Code.STOP
