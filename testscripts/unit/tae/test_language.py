"""Lines, statements, declarations and binding in detail. Facts: the reference and procedures run by the original."""

import pytest

from tae import declarations, parameterfile
from tae.binding import bind, bind_text, require
from tae.expression_parser import parse_expression
from tae.global_variables import initial_globals
from tae.lines import COMMAND_SIZE, Joiner, PrematureEnd, cut_comment, echo_pieces, read_statement, substitute
from tae.messages import TaeError
from tae.minmatch import Ambiguous, find, first_with_minimum, unique_left_part
from tae.parser import parse_command, parse_command_qualifiers, parse_fields
from tae.scanner import near
from tae.values import INTEGER, REAL, STRING
from tae.variables import PARM, SymbolTable, Variable


def error_of(action, *arguments) -> str:
    with pytest.raises(TaeError) as caught:
        action(*arguments)
    return str(caught.value)


# ---- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "rest"),
    [("a ! b", "a "), ('"a ! b" ! c', '"a ! b" '), ('"a"" ! b"', '"a"" ! b"'), ("!", ""), ("a", "a"), ('a "!', 'a "!')],
)
def test_comments(line, rest):
    assert cut_comment(line) == rest


def test_statement_lines_are_counted_from_one():
    lines = ["! head", "", "procedure", "  parm x +  ! name", "", "int", "body"]
    first, after = read_statement(lines, 0)
    second, end = read_statement(lines, after)
    assert (first.text, first.first, first.last) == ("procedure", 3, 3)
    assert (second.text, second.first, second.last, end) == ("  parm x  int", 4, 6, 6)
    with pytest.raises(PrematureEnd):
        read_statement(lines, 7)


def test_a_command_that_is_too_long():
    lines = ["x" * 4000 + " +", "y" * 4000 + " +", "z", "next"]
    with pytest.raises(TaeError) as caught:
        read_statement(lines, 0)
    assert caught.value.text == "Command too long.  Command ignored."
    assert caught.value.resume == 3
    joiner = Joiner()
    assert error_of(joiner.feed, "x" * (COMMAND_SIZE + 1)).startswith("[TAE-LONGCMDLINE]")
    assert joiner.text == ""


def test_substitution_too_long():
    assert error_of(substitute, "&x" * 100, lambda _name: "y" * 100) == (
        "[TAE-LONGCMDLINE] Command line too long following substitution."
    )


def test_substitution_leaves_other_signs_alone():
    assert substitute("a & b &1x &(", lambda name: f"<{name}>") == "a & b <1x> &("
    assert substitute('&"a b"c', lambda name: f"<{name}>") == "<a b>c"
    assert error_of(substitute, '&"abc', str) == (
        """[TAE-INVSUBNAME] Invalid variable name in substitution at or near  '&"abc'"""
    )


def test_echo_without_breaks():
    assert echo_pieces("", ()) == [""]
    assert echo_pieces("x" * 131, ()) == ["x" * 131]
    assert echo_pieces("x" * 132, ()) == ["x" * 131 + "+", "x"]


# ---- statements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label", "name", "subcommand", "rest"),
    [
        ("gen a", "", "gen", "", " a"),
        ("lab> gen a", "lab", "gen", "", " a"),
        ('"my lab" > gen', "my lab", "gen", "", ""),
        ("lab>", "lab", "", "", ""),
        ("a.b > c", "", "a.b", "", " > c"),
        ("$R2LIB/gen.pdf-sub x", "", "$R2LIB/gen.pdf", "sub", " x"),
        ('"quoted spec" x', "", "quoted spec", "", " x"),
        ("cmd|stdout=f| a", "", "cmd", "", "|stdout=f| a"),
        ("cmd-", "", "cmd", "", ""),
        ("cmd- sub", "", "cmd", "sub", ""),
        ("[a-b,c]x y", "", "[a-b,c]x", "", " y"),
        ("-x", "", "", "x", ""),
        (",a", "", "", "", ",a"),
        ("cmd-abcdefghijklmnopqrs", "", "cmd", "abcdefghijklmno", ""),
    ],
)
def test_heads(text, label, name, subcommand, rest):
    command = parse_command(text)
    assert (command.label, command.name, command.subcommand, command.operands) == (label, name, subcommand, rest)


def test_defined_commands_replace_the_word_once_and_lose_the_label():
    command = parse_command("lab> ll x", {"ll": "ush ls -l"}.get)
    assert (command.label, command.text, command.name) == ("lab", "ush ls -l x", "ush")
    assert parse_command("a.ll x", {"ll": "z"}.get).text == "a.ll x"


def test_errors_of_heads():
    assert error_of(parse_command, '"abc') == """[TAE-FMTERR] Error in command field format at or near  '"abc'"""
    assert error_of(parse_command, 'gen "abc').startswith("[TAE-FMTERR]")


def test_command_qualifiers():
    assert parse_command_qualifiers("a |b=c, d| e", 1) == ("b=c,d", 10)
    assert parse_command_qualifiers("a e", 1) == (None, 1)
    assert error_of(parse_command_qualifiers, "a |b", 1) == (
        "[TAE-QUALERR] No closing '|' in qualifier list at or near  'a |b'"
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a=(b", ("INVPVAL", "Missing value or invalid value format at or near  'a=(b'")),
        ("a=b=c", ("INVPNAME", "Invalid parameter name at or near  'a=b=c'")),
        ("@", ("INVPVAL", "A variable name must follow '@'. at or near  '@'")),
        (")", ("INVPVAL", "Invalid value format at or near  ')'")),
        ("a=1 2", ("POSERR",)),
        ("a=1,", ("POSERR",)),
        ("'", ("KEYSYNTAX",)),
        ("'--", ("KEYSYNTAX",)),
    ],
)
def test_errors_of_fields(text, error):
    operands = parse_fields(text)
    assert [*operands.positional, *operands.named][-1].error == error


def test_the_place_of_an_error_is_ten_characters():
    assert near("let k = - - i", 12) == "= - - i"
    assert near("abc", 2) == "abc"


# ---- expressions ------------------------------------------------------------------------------------------------------


def test_an_expression_ends_at_a_comma():
    text = "1+2 , 3"
    first = parse_expression(text)
    assert (first.comma, text[first.end :]) == (True, "3")
    assert not parse_expression(text, first.end).comma


@pytest.mark.parametrize("text", ["1 2", "a b", "(1) (2)", "1 + * 2", "- - 1", "NOT NOT 1", "x((1))", "x(NOT 1)", "a >.5"])
def test_what_is_no_expression(text):
    assert parse_expression(text).code[-1][0] == "error"


def test_nesting_has_a_limit():
    assert parse_expression("(" * 28 + "1" + ")" * 28).code[-1] == ("group",)
    assert parse_expression("(" * 5000).code[-1][1] == ("INTERR", 53)


# ---- names ------------------------------------------------------------------------------------------------------------


def test_abbreviations():
    words = ("ONE", "ONETWO", "THREE")
    assert find("one", words) == "ONE"
    assert find("onet", words) == "ONETWO"
    assert find("x", words) is None
    with pytest.raises(Ambiguous):
        find("on", words)
    with pytest.raises(Ambiguous):
        unique_left_part("one", words)
    assert unique_left_part("t", words) == "THREE"
    assert first_with_minimum("he", (("HELP", 1), ("HEX", 2))) == "HELP"
    assert first_with_minimum("parm", (("PARM", 0),)) == "PARM"
    assert first_with_minimum("par", (("PARM", 0),)) is None


def test_qualified_names():
    inner = Variable("size", PARM, INTEGER, (3,))
    outer = Variable("inp", PARM, STRING, ("f",), qualifiers=SymbolTable([inner]))
    table = SymbolTable([outer])
    assert table.exact("INP.SIZE") is inner
    assert table.exact("inp.") is outer
    assert table.exact("inp.x") is None
    assert table.abbreviated("in.si") is inner


# ---- binding ----------------------------------------------------------------------------------------------------------


def test_values_before_the_first_error_stay():
    table = SymbolTable([Variable("a", PARM, INTEGER), Variable("b", PARM, INTEGER)])
    with pytest.raises(TaeError):
        bind(table, parse_fields("1 x"), lambda _name: None)
    assert table.exact("a").values == (1,)


def test_qualifiers_of_a_parameter():
    pixel = Variable("pixel", PARM, INTEGER)
    table = SymbolTable([Variable("inp", PARM, qualifiers=SymbolTable([pixel])), Variable("out", PARM)])
    bind_text(table, "a |pixel=3| b", lambda _name: None)
    assert pixel.values == (3,)
    assert table.exact("out").values == ("b",)
    bare = SymbolTable([Variable("inp", PARM)])
    assert error_of(bind_text, bare, "a |pixel=3|", lambda _name: None).startswith("[TAE-BADPAR] 'pixel'")


def test_missing_parameters():
    table = SymbolTable([Variable("a", PARM), Variable("b", PARM, values=("x",)), Variable("c", PARM)])
    assert error_of(require, table) == "[TAE-MISPAR] Missing parameters:  a, c."
    table.exact("a").set(("y",))
    assert error_of(require, table) == "[TAE-MISPAR] Missing parameter:  c."


def test_no_validation():
    """While $SWITCH has NO_VALIDATE neither VALID nor sizes count, but types and counts do."""
    table = SymbolTable([Variable("s", PARM, size=2, valid=("a", "b")), Variable("n", PARM, REAL)])
    bind(table, parse_fields("zork 5"), lambda _name: None, validate=False)
    assert table.exact("s").values == ("zork",)
    with pytest.raises(TaeError):
        bind(table, parse_fields("n=x"), lambda _name: None, validate=False)


# ---- parameter files --------------------------------------------------------------------------------------------------


def read(text: str, subcommand: str = "", **options) -> parameterfile.Declared:
    return parameterfile.parse(text).declare(initial_globals("BATCH", "1", "."), subcommand, **options)


def test_internal_procedures_are_skipped_and_registered():
    text = "procedure\nprocedure name=a\nprocedure name=b\nbody\nend-proc\nbody\nend-proc\nparm x int\nbody\nend-proc\n.HELP\n"
    file = parameterfile.parse(text)
    assert file.help_lines == (".HELP",)
    declared = read(text)
    assert declared.internal == {"a": 1}
    assert [v.name for v in declared.parameters] == ["x"]
    assert error_of(read, "procedure\nprocedure\nend-proc\nbody\n").startswith("[TAE-NONAME]")


def test_subcommands():
    text = "process\nsubcmd-default main\nparm a int\nend-sub\nsubcmd other\nparm b\nend-subcmd\nparm c\nend-proc\n"
    assert [v.name for v in read(text).parameters] == ["a", "c"]
    assert [v.name for v in read(text, "o").parameters] == ["b", "c"]
    assert error_of(read, text, "x") == "[TAE-UNRECSUB] Unrecognized subcommand 'x'."
    needed = text.replace("-default", "")
    assert error_of(read, needed) == "[TAE-SUBREQ] Subcommand required."


def test_substitution_in_declarations():
    text = "procedure\nlocal n int initial=7\nparm x int default=&n\nbody\n"
    assert read(text).parameters.exact("x").values == (7,)


def test_what_may_not_stand_among_declarations():
    assert error_of(read, "procedure\nzork\nbody\n") == "[TAE-BADDECL] Unrecognized declaration command 'zork'."
    known = error_of(lambda: read("procedure\nwrite x\nbody\n", known=lambda word: word == "write"))
    assert known == "[TAE-NOTINPRE] 'WRITE' not allowed before procedure body."
    assert error_of(read, "process\nbody\n") == "[TAE-PRCDONLY] 'BODY' command is allowed only in procedures."


def test_files_are_read_once():
    assert parameterfile.parse("process\nend-proc\n") is parameterfile.parse("process\nend-proc\n")


def test_qualifiers_come_from_a_parmset():
    def fill(proc, variable):
        variable.qualifiers.add(Variable(proc, PARM, INTEGER, (1,)))

    declared = read("process\nparm inp quals=pset\nend-proc\n", qualifiers=fill)
    assert declared.parameters.exact("inp.pset").values == (1,)


def test_names():
    assert declarations.is_name("a_$1") and not declarations.is_name("a-b")
