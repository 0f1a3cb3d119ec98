"""Whatever is typed, only messages of the language come out: never a traceback, never a hang."""

import importlib.util
import io
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tae import parameterfile
from tae.binding import bind, require
from tae.expression_parser import parse_expression
from tae.expressions import evaluate
from tae.global_variables import initial_globals
from tae.lines import Joiner, ampersand_lookup, echo_pieces, read_statement, substitute
from tae.messages import TEXTS, TaeError
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.session import Session
from tae.variables import INTEGER, NAME, PARM, STRING, SymbolTable, Variable

UNIT = Path(__file__).resolve().parents[1] / "unit" / "tae" / "grammar_reading.py"
SPEC = importlib.util.spec_from_file_location("grammar_reading", UNIT)
reading = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reading)

REAL = "REAL"
FUZZ = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = ["n", "r", "s", "v", "nul", "nov", "zork", "$SFI", "$COUNT", "$STRLEN", "$FIX", "$FLOAT", "AND", "OR", "NOT", "let", "if", "else-if", "for", "write", "parm", "local", "int", "real", "string", "keyword", "name", "count", "default", "valid", "1", "2.0", "1.5", "1e5", "1.5e+00", ".5", "5.", "1e", "99999999999", '"a"', '""', '"a""b"', '"open', "--", "--", "@n", "@zork", "(", ")", "(", ")", ",", ",", "=", "=", "<", ">", "<>", "<=", ">=", "+", "-", "*", "/", "//", "&", "&&", "&n", '&"s"', "&nul", "&zork", "|", "||", "'", "!", "#", ".", ":", "[", "]", ";", "%", "%s", "\\", "~", "$", "?", "{", "}", "^"]
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from([" ", "  ", "\t", "\r", "\x7f"]), st.characters(max_codepoint=255))
LINES = st.lists(PIECES, max_size=25).map("".join)
EXPRESSIONS = st.recursive(
    st.sampled_from(["1", "2.5", "1e-3", "n", "r", "s", "v", "nul", "nov", '"a"', '"b c"', "--", "v(1)", "$COUNT(v)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "=", "<>", "<", ">", " AND ", " OR "]), inner).map("".join),
        inner.map("({})".format),
        st.tuples(st.sampled_from(["-", "+", "NOT "]), inner).map("".join),
        st.tuples(inner, inner).map("({0[0]},{0[1]})".format),
        inner.map("v({})".format),
        inner.map("$STRLEN({})".format),
    ),
    max_leaves=12,
)


def scope() -> SymbolTable:
    return SymbolTable(
        [
            Variable("n", type=INTEGER, values=(3,)),
            Variable("r", type=REAL, values=(2.5,)),
            Variable("s", type=STRING, values=("loc",)),
            Variable("v", type=INTEGER, values=(1, 2, 3), maximum=6),
            Variable("nul", type=STRING, values=(), nullable=True),
            Variable("nov", type=INTEGER),
        ]
    )


def known(error: TaeError) -> None:
    """An error is one of the table, with its text filled in."""
    assert error.name in TEXTS
    assert error.key.startswith("TAE")
    assert isinstance(error.text, str)


@FUZZ
@given(LINES)
@example("gen a, |q=1|")
@example('"' * 400)
def test_statements(text):
    try:
        text = substitute(text, ampersand_lookup(scope().exact))
        command = parse_command(text)
        assert command.text == text
        _, position = parse_command_qualifiers(text, command.rest)
        parse_fields(text, position)
    except TaeError as error:
        known(error)


@FUZZ
@given(LINES)
def test_binding(text):
    table = SymbolTable(
        [
            Variable("a", PARM, INTEGER, valid=((0, 9),)),
            Variable("b", PARM, REAL, maximum=3, nullable=True),
            Variable("key", PARM, STRING, keyword=True, valid=("FAST", "FASTER", "SLOW")),
            Variable("name", PARM, NAME),
            Variable("text", PARM, STRING, size=5, values=("x",)),
        ]
    )
    try:
        bind(table, parse_fields(text), scope().exact)
        require(table)
    except TaeError as error:
        known(error)


@FUZZ
@given(st.one_of(LINES, EXPRESSIONS), st.sampled_from([INTEGER, REAL, STRING]))
def test_expressions(text, target):
    try:
        values = evaluate(parse_expression(text), target, scope().exact)
    except TaeError as error:
        known(error)
    else:
        kind = {INTEGER: int, REAL: float, STRING: str}[target]
        assert all(type(value) is kind for value in values)


@FUZZ
@given(st.one_of(EXPRESSIONS, st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
def test_the_grammar_and_the_quick_reader_agree(text):
    code = parse_expression(text).code
    fault = code[-1][1][0] if code and code[-1][0] == "error" else ""
    if fault in ("INTERR", "ARIERR"):
        return
    try:
        reading.reductions(text)
    except reading.Rejected:
        assert fault or parse_expression(text).comma
    else:
        assert not fault


@FUZZ
@given(st.lists(LINES, max_size=12))
def test_files(lines):
    text = "procedure\n" + "\n".join(lines) + "\nbody\nend-proc\n"
    file = parameterfile.parse(text)
    assert 0 <= file.end_of_statements <= len(file.lines)
    try:
        file.declare(initial_globals("INTERACTIVE", "1", "."), "")
    except TaeError as error:
        known(error)


@FUZZ
@given(st.lists(LINES, max_size=6))
def test_lines(lines):
    joiner = Joiner()
    for line in lines:
        if not joiner.feed(line):
            break
    pieces = echo_pieces(joiner.text, joiner.breaks)
    assert "".join(piece[:-1] for piece in pieces[:-1]) + pieces[-1] == joiner.text
    index = 0
    while index < len(lines):
        try:
            _, index = read_statement(lines, index)
        except TaeError as error:
            known(error)
            break


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES.filter(lambda line: "ush" not in line.lower()), min_size=1, max_size=5))
def test_a_session(tmp_path_factory, lines):
    """Typed at the prompt, nothing ends in anything but messages."""
    output = io.StringIO()
    session = Session(directory=tmp_path_factory.mktemp("session"), output=output, host_commands=False, dry_run=True)
    for line in ["local n int initial=3", "local s string initial=x", *lines]:
        session.execute(line)
    assert "Traceback" not in output.getvalue()
