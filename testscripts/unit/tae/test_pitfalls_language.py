"""The subtle behaviours of the language that a re-implementation gets wrong, one test each, by their numbers."""

import pytest

from tae import helptext, listing, parameterfile
from tae.binding import bind, require
from tae.expression_parser import parse_expression
from tae.expressions import evaluate
from tae.global_variables import initial_globals
from tae.lines import Joiner, ampersand_lookup, echo_pieces, join, read_statement, substitute
from tae.messages import RETURN, TaeError
from tae.parser import parse_command, parse_fields
from tae.values import INTEGER, NAME, REAL, STRING, shown_value, substituted_text
from tae.variables import PARM, SymbolTable, Variable


def nothing(_name):
    return None


def variables(*made: Variable) -> SymbolTable:
    return SymbolTable(made)


def value(target: str, text: str, *made: Variable):
    """Values of an expression."""
    return evaluate(parse_expression(text), target, variables(*made).exact)


def refusal(action, *arguments, **options) -> TaeError:
    """The error an action raises."""
    with pytest.raises(TaeError) as caught:
        action(*arguments, **options)
    return caught.value


def bound(table: SymbolTable, operands: str, search=nothing) -> SymbolTable:
    bind(table, parse_fields(operands), search)
    return table


def declared(text: str, subcommand: str = "") -> parameterfile.Declared:
    globals_ = initial_globals("INTERACTIVE", "x", ".")
    return parameterfile.parse(text).declare(globals_, subcommand, name="p")


def number(name="n", **attributes):
    return Variable(name, PARM, INTEGER, **attributes)


def text_parameter(name="s", **attributes):
    return Variable(name, PARM, STRING, **attributes)


# ---- A. echo ----------------------------------------------------------------------------------------------------------


def test_2_breaks_of_the_echo_are_columns_from_before_substitution():
    line = join(["invals=&x +", "  next"])
    assert line.breaks == (len("invals=&x  "),)
    text = substitute(line.text, lambda _name: "(1.000000000000e+01,2.000000000000e+01)")
    assert echo_pieces(text, line.breaks) == ["invals=(1.0+", text[11:]]


def test_3_the_continuation_mark_becomes_a_blank_and_comes_back_in_the_echo():
    line = join(["zfill a 15, +", "   b"])
    assert line.text == "zfill a 15,     b"
    assert echo_pieces(line.text, line.breaks) == ["zfill a 15,  +", "   b"]


def test_4_only_the_last_piece_is_chopped_at_131_characters():
    first, rest = "x" * 200 + " ", "y" * 300
    assert echo_pieces(first + rest, [201]) == [first + "+", "y" * 131 + "+", "y" * 131 + "+", "y" * 38]


def test_5_breaks_of_an_enclosing_line_apply_to_the_shorter_text():
    assert echo_pieces(" write abcdef", [8, 40]) == [" write a+", "bcdef"]


def test_15_shown_values_differ_from_substituted_ones():
    assert shown_value(14.0) == "14.0"
    assert shown_value(0.0) == "0.0"
    assert shown_value(1.33251833176e-05) == "1.33251833176e-05"
    assert shown_value(1e20) == "1e+20"
    assert shown_value('a"b') == '"a""b"'
    assert substituted_text((14.0,)) == "1.400000000000e+01"


# ---- B. messages ------------------------------------------------------------------------------------------------------


def test_21_names_in_messages_as_typed_or_as_declared():
    table = variables(number("NCOL", valid=((1, 5),)), number("NCOLS"))
    assert refusal(bound, table, "mss=1").text == "'mss' is an undefined parameter or unknown qualifier."
    assert refusal(bound, table, "nc=1").text == "Ambiguous abbreviation 'nc'."
    assert refusal(bound, table, "ncol=9").text == "Value out of the defined range for 'NCOL'."


def test_22_too_many_values_prints_the_minimum():
    error = refusal(bound, variables(number(maximum=2, nullable=True)), "n=(1,2,3)")
    assert (error.key, error.text) == ("TAE-TOOMANY", "Too many values. 'n' must have at most 1 values.")


# ---- C. lexing and substitution ---------------------------------------------------------------------------------------


def test_26_substitution_reaches_into_quotes_and_doubled_signs_collapse_once_a_time():
    lookup = ampersand_lookup(variables(Variable("x", values=("v",))).exact)
    assert substitute('write "&x &&x &&&&"', lookup) == 'write "v &x &&"'
    assert substitute(substitute("&&x", lookup), lookup) == "v"
    error = refusal(substitute, "if (0) write &zork", lookup)
    assert (error.key, error.ends) == ("TAE-UNDEFVAR", RETURN)


def test_27_substituted_reals_vectors_and_nulls():
    table = variables(
        Variable("r", type=REAL, values=(30.0,)),
        Variable("v", type=REAL, values=(1.0, -2.5)),
        Variable("z", values=(), nullable=True),
        Variable("c", values=("  2011",)),
    )
    lookup = ampersand_lookup(table.exact)
    assert substitute("&r", lookup) == "3.000000000000e+01"
    assert substitute("&v", lookup) == "(1.000000000000e+00,-2.500000000000e+00)"
    assert substitute('if ("&z"="")', lookup) == 'if (""="")'
    assert substitute("x=&c", lookup) == "x=  2011"


def test_28_quotes_are_counted_line_by_line():
    joined = join(['label item="EXPOSURE=10. +', ' RADIANCE=100."'])
    assert joined.text == 'label item="EXPOSURE=10.   RADIANCE=100."'
    # the second line starts outside quotes, so its exclamation mark begins a comment
    assert join(['write "a +', ' b! c"']).text == 'write "a   b'


def test_29_a_comment_ends_a_continuation_and_an_empty_line_does_not():
    lines = ["plot=line +", "! TEST 4B", "next"]
    statement, after = read_statement(lines, 0)
    assert (statement.text, after) == ("plot=line  ", 2)
    statement, after = read_statement(["plot=line +", "", "  x"], 0)
    assert (statement.text, after) == ("plot=line    x", 3)
    statement, after = read_statement(["plot=line +", "  ", "x"], 0)
    assert (statement.text, after) == ("plot=line  ", 2)


def test_30_a_number_sign_is_a_comment_only_in_column_one_of_a_new_command():
    statement, _ = read_statement(["#!/bin/taetm", "write x"], 0)
    assert statement.text == "write x" and statement.first == 2
    assert join(["write a +", "#b"]).text == "write a  #b"
    assert join([" #b"]).text == " #b"


def test_31_adjacent_pieces_are_one_value_and_lose_their_quotes():
    [field] = parse_fields('"dir/"rcp_1.byte').positional
    assert field.values == ("dir/rcp_1.byte",)
    [field] = parse_fields('ab"c d"e""f').positional
    assert field.values == ("abc def",)
    assert parse_fields('"a""b"').positional[0].values == ('a"b',)


def test_32_blanks_separate_components_and_empty_ones_count():
    assert parse_fields("(a1010 b1010)").positional[0].values == ("a1010", "b1010")
    assert parse_fields("(x,,,,)").positional[0].values == ("x", "", "", "", "")
    assert parse_fields("()").positional[0].values == ("",)
    assert parse_fields("(a=b|c)").positional[0].values == ("a", "=", "b", "|", "c")
    table = bound(variables(number(maximum=5), Variable("r", PARM, REAL, maximum=3)), "(1,,3) (,)")
    assert [v.values for v in table] == [(1, 0, 3), (0.0, 0.0)]


def test_33_a_dash_is_a_subcommand_a_sign_or_null():
    assert parse_command("cmd-3").subcommand == "3"
    assert parse_command("cmd -3").subcommand == ""
    assert parse_fields(" -3").positional[0].values == ("-3",)
    assert parse_fields("--").positional[0].values == ()
    assert parse_fields("--,x").positional[0].values == ()
    assert parse_fields("--x").positional[0].values == ("--x",)
    assert parse_fields("(--)").positional[0].values == ("--",)
    assert parse_fields("a= -3").named[0].values == ("-3",)


# ---- D. parameters ----------------------------------------------------------------------------------------------------


def test_34_valid_strings_abbreviate_and_are_replaced():
    usage = text_parameter("$AUTOUSAGE", valid=("ALL", "BATCH", "NONE"))
    assert bound(variables(usage), "no").exact("$autousage").values == ("NONE",)
    table = variables(text_parameter(valid=("ONE", "ONETWO", "OTHER")))
    assert bound(table, "one").exact("s").values == ("ONE",)
    assert refusal(bound, table, "o").key == "TAE-AMBIGVAL"
    assert refusal(bound, table, "x").key == "TAE-INVSTR"


def test_35_keywords_of_all_parameters_together():
    table = variables(
        text_parameter("mode", keyword=True, valid=("FAST", "SLOW", "FASTER")),
        text_parameter("out", keyword=True, valid=("QUIET", "QUICK")),
    )
    assert bound(table, "'fast").exact("mode").values == ("FAST",)
    assert bound(table, "'quie").exact("out").values == ("QUIET",)
    assert refusal(bound, table, "'qui").text == "Ambiguous keyword 'qui'."
    assert refusal(bound, table, "'zork").text == "Undefined keyword 'zork'."


def test_36_positions_names_and_duplicates():
    def table():
        return variables(number("a"), number("b"), number("c"))

    assert [v.values for v in bound(table(), "1,,3")] == [(1,), None, (3,)]
    assert refusal(bound, table(), "a=1 2").key == "TAE-POSERR"
    assert refusal(bound, table(), "1 2 3 4").key == "TAE-PARS"
    assert bound(table(), "a=1 a=2").exact("a").values == (2,)
    assert [v.values for v in bound(table(), "a=,b=2")] == [None, (2,), None]
    assert [v.values for v in bound(table(), "b=2 a=")] == [None, (2,), None]


def test_37_integers_reals_and_references():
    for text, wanted in (("10.", 10), ("1.0", 1), ("1E3", 1000), ("-3", -3), ('" 7 "', 7)):
        assert bound(variables(number()), text).exact("n").values == (wanted,)
    for text in ("1.5", "1.5E1", "7x", "99999999999"):
        assert refusal(bound, variables(number()), text).key == "TAE-INVINT"
    real = Variable("r", PARM, REAL)
    assert refusal(bound, variables(real), "1D5").key == "TAE-INVREAL"
    caller = variables(Variable("i", type=INTEGER, values=(5,)))
    error = refusal(bound, variables(real), "@i", caller.exact)
    assert error.text == "Type mismatch assigning 'i' to 'r'."
    assert bound(variables(real), "5").exact("r").values == (5.0,)


def test_38_name_parameters_are_references():
    target = Variable("mine", type=INTEGER, values=(1,))
    table = variables(Variable("out", PARM, NAME))
    bound(table, "mine", variables(target).exact)
    assert table.exact("out").resolved is target
    assert refusal(bound, table, "zork", variables(target).exact).key == "TAE-UNDEFVAR"


def test_39_count_lists():
    head = "procedure\nparm x int count="
    [x] = declared(head + "(0,2:6)\nbody\n").parameters
    assert (x.minimum, x.maximum, x.nullable) == (2, 6, True)
    error = refusal(declared, head + "(0,2,6)\nbody\n")
    assert error.text == "Too many values. 'COUNT' must have at most 1 values."
    table = declared(head + "0:3\nbody\n").parameters
    assert refusal(require, table).text == "Missing parameter:  x."
    assert refusal(declared, head + "2500\nbody\n").key == "TAE-CNTERR"


# ---- E. expressions, flow, help ---------------------------------------------------------------------------------------


def test_40_the_class_of_a_constant_is_in_its_value():
    x = Variable("x", type=REAL, values=(1.5,))
    for text in ("1.0", "15E1", "3.0e+01", "1.500000000000e+00"):
        assert parse_expression(text).code[0][1] == INTEGER
    for text in ("1.5", "1.5E1", "1E-3"):
        assert parse_expression(text).code[0][1] == REAL
    assert value(INTEGER, "1.500000000000e+00 > 1") == (0,)
    assert value(INTEGER, "x > 1", x) == (1,)
    assert value(INTEGER, "2.5e+00") == (2,)
    assert bound(variables(number()), "1.500000000000e+00").exact("n").values == (1,)


def test_41_mixed_arithmetic():
    n, v = Variable("n", type=INTEGER, values=(3,)), Variable("v", values=("a", "b"), maximum=3)
    assert refusal(value, REAL, "n", n).key == "TAE-MIXVAR"
    assert refusal(value, REAL, "n + 1.0", n).key == "TAE-MIXVAR"
    assert value(REAL, "7/2") == (3.5,)
    assert value(INTEGER, "n/2.0 = 1", n) == (1,)
    assert refusal(value, REAL, "$COUNT(v)", v).key == "TAE-MIXVAR"
    assert value(REAL, "$COUNT(v)+1.5", v) == (3.5,)
    assert refusal(value, INTEGER, "5.5").key == "TAE-MIXVAR"
    assert value(STRING, '"a"//"b"') == ("ab",)
    assert value(INTEGER, "NOT n = 3", n) == (0,)
    assert value(INTEGER, "3 > 2 > 1") == (0,)
    assert value(INTEGER, '"abc" = "ABC"') == (1,)
    assert value(INTEGER, '"abc" = "abc "') == (0,)
    x = Variable("x", type=REAL, values=(1.0,))
    assert refusal(value, REAL, " x/0.0", x).text == "Unexpected characters in expression at or near  ' x/0.0'"


def test_42_null_in_expressions():
    null, full, without = Variable("z", values=()), Variable("f", values=("a",)), Variable("w")
    assert value(INTEGER, "z = --", null) == (1,)
    assert value(INTEGER, "f <> --", full) == (1,)
    assert value(INTEGER, "z = f", null, full) == (0,)
    assert value(STRING, "--") == ()
    assert refusal(value, INTEGER, "z + 1", null).key == "TAE-NUMNULL"
    assert refusal(value, INTEGER, "z < 1", null).key == "TAE-RELNULL"
    assert refusal(value, INTEGER, "z AND 1", null).key == "TAE-LOGNULL"
    assert refusal(value, STRING, 'z // "a"', null).key == "TAE-CONCNULL"
    assert value(INTEGER, "$COUNT(w)", without) == (-1,)
    assert value(INTEGER, "$COUNT(z)", null) == (0,)


def test_43_let_extends_by_one_element():
    v = Variable("v", type=INTEGER, values=(1, 2), maximum=3)
    v.set_component(3, 9)
    assert v.values == (1, 2, 9)
    assert value(INTEGER, "v(3)", v) == (9,)
    assert refusal(value, INTEGER, "v(4)", v).text == "Subscript too large for variable 'v'."
    assert refusal(value, INTEGER, "v(0)", v).text == "The subscript for 'v' is not a positive integer."


def test_47_any_period_in_column_one_is_a_directive():
    lines = ["! c", ".TITLE", "A title", ".6 or .8), we insure", ".LEVEL1"]
    assert refusal(helptext.prepare, helptext.HelpReader(lines)).text == "Unrecognized directive '.6' in help file."
    reader = helptext.HelpReader([".TITLE", "A title", ".HELP", ".LEVEL1", "x"])
    prepared = helptext.prepare(reader)
    assert (prepared.title, prepared.help, prepared.level1) == (["A title"], 3, 4)


def test_49_a_period_after_a_substituted_name_belongs_to_it():
    lookup = ampersand_lookup(variables(Variable("s", values=("a",))).exact)
    error = refusal(substitute, "gen &s.img", lookup)
    assert (error.text, error.ends) == ("Reference to undefined variable 's.img'.", RETURN)
    assert substitute('gen &"s".img', lookup) == "gen a.img"
    assert substitute("gen &s. x", lookup) == "gen a x"


def test_50_a_full_subcommand_name_does_not_win():
    text = "procedure\nsubcmd one\nparm a\nend-sub\nsubcmd onetwo\nparm b\nend-sub\nbody\n"
    error = refusal(declared, text, "one")
    assert error.text == "Subcommand 'onetwo' specified twice or 'one' ambiguous."
    assert [item.text for item in error.follow] == ["Valid subcommands:  one, onetwo"]
    assert declared(text, "onet").subcommand == "onetwo"
    assert [v.name for v in declared(text, "onet").parameters] == ["b"]
    # for parameters the full name does win
    assert bound(variables(number("one"), number("onetwo")), "one=1").exact("one").values == (1,)


def test_52_errors_of_declarations_name_their_own_line():
    error = refusal(declared, "procedure\n! comment\n\nparm x int +\n default=abc\nbody\n")
    assert (error.key, error.line, error.ends) == ("TAE-DFTERR", 4, RETURN)
    text = "procedure\nlocal c\nparm x default=@c\nbody\n"
    assert refusal(declared, text).text == "Missing parameter:  DEFAULT."


def test_53_a_long_first_operand_spoils_the_command_only_when_quoted():
    error = refusal(parse_command, 'write "' + "x" * 340 + '"')
    assert error.key == "TAE-FMTERR"
    assert parse_command('write a "' + "x" * 340 + '"').name == "write"
    assert parse_command('write "' + "x" * 330 + '"').name == "write"


def test_54_carriage_returns_are_white_space_but_spoil_continuations():
    statement, after = read_statement(["write a +\r", "\r", "b"], 0)
    assert (statement.text, after) == ("write a +\r", 1)
    assert parse_fields("a\r").positional[0].values == ("a",)
    joiner = Joiner()
    assert joiner.feed("write a +")
    assert not joiner.feed("\r")


def test_56_the_tutor_reads_the_title_and_refuses_strange_directives():
    broken = helptext.HelpReader([".TITLE", "text", ".PAGE", ".HELP"])
    assert refusal(helptext.prepare, broken).key == "TAE-TTLERR"
    conditions = [".TITLE", ".IF VAX_VMS", "VMS", ".ELSEIF UNIX", "Unix", ".IFEND", ".LEVEL1"]
    assert helptext.prepare(helptext.HelpReader(conditions, characteristics=("UNIX",))).title == ["Unix"]


def test_the_tutor_s_list_of_many_names_is_cut_short():
    line = listing.name_list("Parameters requested:  ", [f"PARAMETER_{i:04}" for i in range(40)])
    assert line.endswith(", ...") and len(line) < 250
    assert listing.name_list("x ", ["A", "B"]) == "x A and B."
    assert listing.name_list("x ", ["A", "B", "C"]) == "x A, B, and C."
