"""The subtle behaviours of the running monitor that a re-implementation gets wrong, one test each, by their numbers.

What is expected was printed by the original monitor.
"""

import io
from pathlib import Path

import pytest

from tae.host import DryRunHost, ProgramResult
from tae.session import Session, SessionEnd

LOG_ON = "procedure\nbody\nenable-force_lower\nend-proc\n"
GEN = "process\nlocal back int\nparm out string default=x\nparm nl int default=1\nparm result name default=back\nend-proc\n"


class Programs(DryRunHost):
    """Programs that print their banner and end as the test wants."""

    def __init__(self, result: ProgramResult | None = None):
        self.result = result or ProgramResult()

    def run(self, call, session):
        super().run(call, session)
        return self.result


class Place:
    """A folder with procedures, and sessions in it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.write("slogon", LOG_ON)
        self.write("gen", GEN)

    def write(self, name: str, text: str) -> None:
        (self.folder / f"{name}.pdf").write_text(text)

    def body(self, name: str, text: str, declarations: str = "") -> None:
        lines = [line.strip() if line.startswith("    ") else line for line in text.strip("\n").split("\n")]
        self.write(name, f"procedure\nrefgbl $echo\n{declarations}body\n" + "\n".join(lines) + "\nend-proc\n")

    def session(self, **options) -> Session:
        environment = {"TAEPDF": str(self.folder), "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
        return Session(self.folder, environment, output=io.StringIO(), **options)

    def run(self, name: str, **options) -> list[str]:
        """Lines of standard output of ``taetm -s name``."""
        session = self.session(**options)
        session.run_command_line(name)
        return session.output.getvalue().split("\n")[:-1]

    def log(self, name: str, **options) -> list[str]:
        """Lines of session.log, line ends within messages kept apart."""
        self.run(name, **options)
        return (self.folder / "session.log").read_bytes().decode("latin-1").split("\n")[:-1]


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


CONTINUE = 'let _onfail="continue"\nlet $echo="yes"\n'


# ---- A. echo and logs --------------------------------------------------------------------------------------------------


def test_1_the_echo_comes_before_look_up_and_checks(place):
    place.body("p", CONTINUE + "nosuch a &n\ngen zork=1", "local n int init=3\n")
    assert place.run("p") == [
        "nosuch a 3",
        "[TAE-NOPROC] Unable to locate proc 'nosuch'.;",
        "\r proc 'p', line 7",
        "continue",
        "gen zork=1",
        "[TAE-BADPAR] 'zork' is an undefined parameter or unknown qualifier.;",
        "\r proc 'p', line 8",
        "continue",
        "end-proc",
    ]


def test_5_breaks_are_those_of_the_line_read_last(place):
    place.body("p", 'let $echo="yes"\nif (1=1) +\n  write "a long text, longer than the first line"')
    assert place.run("p")[1:5] == [
        '  write "a long text, longer than the first line"',
        '    write +',
        '"a long text, longer than the first line"',
        "a long text, longer than the first line",
    ]


def test_6_a_one_line_if_that_holds_is_echoed_twice(place):
    place.body("p", 'let $echo="yes"\n  if (1=1)   let n=2\nif (1=2) let n=3', "local n int\n")
    assert place.run("p") == ["  if (1=1)   let n=2", "   let n=2", "if (1=2) let n=3", "end-proc"]


def test_7_what_is_echoed_where_nothing_is_executed(place):
    place.body(
        "p",
        CONTINUE
        + "if (1=2)\nwrite \"no\"\nloop\nend-loop\nif (1=1)\nelse-if (1=1)\nelse\nend-if\nelse\nwrite \"yes\"\nend-if\n"
        + "goto out\nif (1=1)\nelse\nwrite \"x\"\nend-if\nloop\nend-loop\nout> write \"there\"",
    )
    assert place.run("p") == [
        "if (1=2)", "if (1=1)", "else-if (1=1)", "else", "end-if", "else", 'write "yes"', "yes", "end-if",
        "goto out", "if (1=1)", "end-if", "loop", "end-loop", 'out> write "there"', "there", "end-proc",
    ]  # fmt: skip


def test_8_loop_is_echoed_once_and_end_loop_every_turn(place):
    place.body("p", 'let $echo="yes"\nloop\nlet n=n+1\nif (n>1) break\nend-loop', "local n int init=0\n")
    assert place.run("p") == [
        "loop", "let n=n+1", "if (n>1) break", "end-loop", "let n=n+1", "if (n>1) break", " break", "end-loop", "end-proc",
    ]  # fmt: skip


def test_9_the_old_echo_decides_about_a_change_of_it(place):
    place.body("inner", "local k int init=1\nrefgbl $prompt")
    place.body("p", 'let $echo="yes"\nwrite "a"\ninner\nlet $echo=("yes","no")\ninner\nlet $echo="no"\nwrite "b"')
    assert place.run("p") == [
        'write "a"', "a", "inner", "local k int init=1", "refgbl $prompt", "end-proc", 'let $echo=("yes","no")', "inner",
        'let $echo="no"', "b",
    ]  # fmt: skip


def test_10_a_bare_label_is_not_echoed_and_a_defcmd_loses_the_label(place):
    place.body("p", 'let $echo="yes"\nlab>\none> write "x"\ndefcmd say "write"\ntwo> say "y"')
    assert place.run("p") == ['one> write "x"', "x", 'defcmd say "write"', 'write "y"', "y", "end-proc"]


def test_11_the_onfail_command_is_echoed_as_assigned(place):
    place.body("p", 'let $echo="yes"\nnosuch\nwrite "never"')
    assert place.run("p")[-1] == "RETURN"


def test_12_the_session_log_starts_after_enable_log_and_has_no_host_output(place):
    text = 'enable-log\nush echo hidden\ndisable-log\nwrite "between"\nenable-log\nwrite "b"\ndisable-log'
    place.body("p", 'let $echo="yes"\n' + text)
    assert place.log("p") == ["ush echo hidden", "disable-log", 'write "b"', "b", "disable-log"]
    assert "hidden" in place.run("p")


def test_12_commands_typed_at_the_prompt_are_in_the_log_alone(place):
    session = place.session()
    for line in ("enable-log", 'write "x"', "disable-log"):
        session.execute(line)
    session.close()
    assert (place.folder / "session.log").read_text() == 'write "x"\nx\ndisable-log\n'
    assert session.output.getvalue() == "x\n"


def test_13_output_of_a_program_sent_to_a_file_is_in_the_log_too(place):
    place.body("p", "enable-log\ngen|stdout=o| a\nwrite \"after\"\ndisable-log")
    assert place.log("p", host=Programs()) == ["Beginning VICAR task gen", "after"]
    assert (place.folder / "o.lis").read_text() == "Beginning VICAR task gen\n"


def test_14_the_banner_has_the_name_as_typed_and_a_flag_takes_it_away(place):
    place.body("p", "GEN a\nGen a\nflag-add nomessage\ngen a")
    assert place.run("p", host=Programs()) == ["Beginning VICAR task GEN", "Beginning VICAR task Gen"]


def test_15_display_without_a_terminal_leaves_the_name_out(place):
    place.body("p", "disp (x,n)", "local x real init=1e20\nlocal n int count=0:1 init=--\n")
    assert place.run("p") == ["", "1e+20", " -- (null value)", ""]
    assert place.run("p", columns=80) == ["", "x=1e+20", "n= -- (null value)", ""]


# ---- B. errors and status ----------------------------------------------------------------------------------------------


def test_16_what_resets_the_status_and_what_does_not(place):
    text = 'nosuch\nlet n=1\ndisp n\nif (1=1) write "&$sfi"\nflag-add p0\nwrite "&$sfi"'
    place.body("p", 'let _onfail="continue"\n' + text, "local n int\n")
    assert [line for line in place.run("p") if line in ("-1", "1 ")] == ["-1"]
    assert place.run("p")[-1] == "1"


def test_16_a_failure_passed_over_reaches_the_caller(place):
    place.body("inner", 'let _onfail="continue"\nnosuch')
    place.body("p", 'let $echo=("yes","no")\ninner\nwrite "never"')
    assert place.run("p")[-1] == "RETURN"


def test_17_two_classes_of_failure(place):
    place.body("check", 'let _onfail="continue"\nnosuch\nwrite "goes on"')
    place.body("ends", 'let _onfail="continue"\nwrite "&n"\nwrite "never"', "local n int\n")
    assert place.run("check")[-1] == "goes on"
    assert place.run("ends") == ["[TAE-NOVALUE] Variable 'n' has no value.;", "\r proc 'ends', line 6"]


def test_18_19_the_place_of_a_message_is_the_first_line_of_its_command(place):
    place.body("p", "! a comment\n\nnosuch a +\n  b")
    assert place.run("p") == ["[TAE-NOPROC] Unable to locate proc 'nosuch'.;", "\r proc 'p', line 6"]


def test_19_after_a_loop_of_two_lines_the_count_is_one_short(place):
    place.body("p", CONTINUE + "for n=1, +\n 2\nnosuch\nend-for", "local n int\n")
    places = [line for line in place.run("p") if "line" in line]
    assert places == ["\r proc 'p', line 9", "\r proc 'p', line 8"]


def test_20_a_program_that_dies_and_one_that_ends_with_status_0(place):
    place.body("p", 'gen a\nwrite "on"')
    assert place.run("p", host=Programs(ProgramResult(signal=11)))[1:] == [
        "[TAE-PRCSTRM] Abnormal process termination; process status code = 11.;",
        "\r proc 'p', line 4",
    ]
    assert place.run("p", host=Programs(ProgramResult(sfi=0)))[-1] == "on"


def test_23_putmsg_formats_and_a_blank_key_prints(place):
    place.body("p", 'putmsg "50%% done" "K-EY"\nputmsg "50%% done" ""\nwrite "&$skey &$sfi"\nputmsg-trace "t" "A-B"')
    assert place.run("p") == ["[K-EY] 50% done", "50%% done", "K-EY 1", "[A-B] t;", "\r proc 'p', line 7"]


def test_24_the_status_of_a_host_command(place):
    place.body("p", 'let _onfail="continue"\nush exit 3\nwrite "&$sfi &$skey"\nush true\nwrite "&$sfi &$skey"')
    assert [line for line in place.run("p") if line[:1] in "-1"] == ["-1 1400", "1 0"]


def test_25_a_command_defined_twice_is_an_error(place):
    place.body("p", 'defcmd cat "ush cat"\ndefcmd cat "ush cat"')
    assert place.run("p")[0] == "[TAE-CMDCNFLCT] New command conflicts with existing command 'cat=ush cat'.;"


# ---- C. to E. ----------------------------------------------------------------------------------------------------------


def test_26_the_command_of_a_one_line_if_is_substituted_twice(place):
    place.body("p", 'if (1=1) write "&&a &&&&"\nif (1=2) write "&nosuch"', 'local a string init="A"\n')
    assert place.run("p") == [
        "A &",
        "[TAE-UNDEFVAR] Reference to undefined variable 'nosuch'.;",
        "\r proc 'p', line 6",
    ]


def test_38_values_of_a_program_go_to_the_caller_s_variables_until_one_does_not_fit(place):
    two = "process\nparm one name\nparm two name\nend-proc\n"
    place.write("gen", two)
    place.body("p", 'let _onfail="continue"\ngen a b\nwrite "&a &$sfi"', "local a int\nlocal b int\n")
    good = ProgramResult(outputs=[("ONE", (5,)), ("TWO", (6,))])
    assert place.run("p", host=Programs(good))[-1] == "5 1"
    bad = ProgramResult(outputs=[("ONE", (5,)), ("TWO", (6.5,))])
    assert place.run("p", host=Programs(bad))[1:] == [
        "[TAE-INVOUT] Invalid output value for 'two' in proc 'gen'.;",
        "\r proc 'p', line 7",
        "[TAE-INVOUT] Error in process output values.;",
        "\r proc 'p', line 7",
        "5 -1",
    ]


def test_43_a_subscript_may_be_one_past_the_end(place):
    place.body("p", 'let v(3)=9\nwrite "&v"\nlet v(5)=1', "local v int count=0:6 init=(1,2)\n")
    assert place.run("p") == ["(1,2,9)", "[TAE-BADLETSUBS] Invalid subscript on left side.;", "\r proc 'p', line 7"]


def test_44_goto_goes_forward_and_not_well_into_an_if(place):
    place.body("p", 'goto OUT\nif (1=2)\nout> write "inside"\nend-if')
    assert place.run("p") == ["inside", "[TAE-XTRENDIF] END-IF found with no matching IF.;", "\r proc 'p', line 7"]
    place.body("q", 'let _onfail="continue"\nback> write "once"\ngoto back')
    assert place.run("q") == ["once", "[TAE-UNDLABEL] Reference to undefined label 'back'.;", "\r proc 'q', line 6"]
    place.body("r", 'goto nowhere\n_default> write "caught"')
    assert place.run("r") == ["caught"]
    place.body("s", 'if (1=2)\nif 1=1\nend-if\nend-if')
    assert place.run("s") == ["[TAE-NOPARENS] Missing parentheses on IF.;", "\r proc 's', line 5"]


def test_45_foreign_commands_are_harmless_where_nothing_is_executed(place):
    place.body("p", 'if (1=2)\ndcl dir\nend-if\ndcl dir')
    assert place.run("p") == ["[TAE-NOPROC] Unable to locate proc 'dcl'.;", "\r proc 'p', line 7"]


def test_46_the_log_on_procedure_and_the_exit_status(place):
    place.body("p", 'write "&$echo"')
    session = place.session()
    assert session.run_command_line("P", slogon=False) == 1  # without the log-on procedure capitals are not folded
    assert place.session().run_command_line("P") == 0
    place.body("q", "return $sfi=0")
    assert place.session().run_command_line("q") == 1


def test_48_a_selftutor_is_run_instead_of_shown(place):
    text = 'procedure options=selftutor\nparm needed int\nbody\nwrite "&_proc &_tutor"\nend-proc\n'
    place.write("asks", text)
    place.write("plain", text.replace(" options=selftutor", ""))
    place.body("p", 'tutor asks\nlet _onfail="continue"\nasks\ntutor plain')
    lines = place.run("p")
    assert lines[:3] == ["asks 1", "[TAE-MISPAR] Missing parameter:  needed.;", "\r proc 'p', line 6"]
    assert "plain 1" not in lines


def test_50_a_doubtful_subcommand_is_noticed_in_the_file_itself(place):
    place.write("x", "procedure\nsubcmd one\nend-sub\nsubcmd onetwo\nend-sub\nbody\nend-proc\n")
    place.body("p", "x-one")
    assert place.run("p") == [
        "[TAE-SUBTWC] Subcommand 'onetwo' specified twice or 'one' ambiguous.;",
        "\r proc 'x', line 4",
        "[TAE-SUBAVL] Valid subcommands:  one, onetwo;",
        "\r proc 'p', line 4",
    ]


def test_51_abbreviations_of_commands_hide_procedures(place):
    place.body("sh", 'write "mine"')
    place.body("p", './sh\nsh')
    assert place.run("p")[:3] == ["mine", " ", "User Library ($USERLIB):"]


def test_52_errors_of_declarations_stand_in_the_file_called(place):
    place.write("inner", "procedure\nparm a zork\nbody\nend-proc\n")
    place.body("p", 'inner')
    assert place.run("p")[-1] == "\r proc 'inner', line 2"
    place.write("inner", "procedure\nparm a\nbody\nend-proc\n")
    assert place.run("p")[-1] == "\r proc 'p', line 4"


def test_55_a_failure_runs_the_onfail_of_each_level(place):
    place.body("inner", "nosuch")
    place.body("p", 'let $echo="yes"\ninner')
    assert place.run("p") == [
        "inner",
        "nosuch",
        "[TAE-NOPROC] Unable to locate proc 'nosuch'.;",
        "\r proc 'inner', line 4",
        "RETURN",
        "RETURN",
    ]


def test_57_forced_lower_case_of_file_names(place):
    (place.folder / "Lib").mkdir()
    (place.folder / "Lib" / "there.pdf").write_text("procedure\nbody\nend-proc\n")
    place.write("who", 'procedure\nbody\nwrite "&_proc"\nend-proc\n')
    place.body("p", 'WHO\nlet _onfail="continue"\nLib/there\ndisable-force_lower\nLib/there\nWho\nwrite "end"')
    assert place.run("p") == [
        "WHO",
        "[TAE-NOPROC] Unable to locate proc 'Lib/there'.;",
        "\r proc 'p', line 6",
        "[TAE-NOPROC] Unable to locate proc 'Who'.;",
        "\r proc 'p', line 9",
        "end",
    ]


# ---- and what has no number -------------------------------------------------------------------------------------------


def test_lines_of_an_internal_procedure_count_from_its_own_first_line(place):
    place.write("p", "procedure\nprocedure name=inner\nparm a int default=1\nbody\nnosuch\nend-proc\nbody\ninner\nend-proc\n")
    assert place.run("p")[-1] == "\r line 4 in internal proc 'inner' in proc 'p'"


def test_a_wrong_onfail_command_ends_the_procedure(place):
    place.body("p", 'let _onfail="zork"\nnosuch\nwrite "never"')
    assert place.run("p")[2] == "[TAE-ONFAIL] 'zork' not allowed as _ONFAIL command.;"


def test_stop_leaves_all_procedures_and_exit_the_session(place):
    place.body("inner", "stop")
    place.body("p", 'inner\nwrite "never"')
    session = place.session()
    session.execute("p")
    session.execute('write "here"')
    assert session.output.getvalue() == "here\n"
    with pytest.raises(SessionEnd):
        session.execute("exit")


def test_nesting_has_an_end(place):
    place.body("p", "p")
    assert place.run("p")[:2] == ["[TAE-MAXPNEST] Proc nesting exceeds 50 levels.;", "\r proc 'p', line 1"]


def test_a_private_message_variable_takes_the_text(place):
    place.body("p", 'let _onfail="continue"\nnosuch\nwrite "&_message"', "local _message string\n")
    lines = place.run("p")
    assert lines[0] == "[TAE-NOPROC] Unable to locate proc 'nosuch'.;"
    assert len(lines) == 2


class Interrupting(DryRunHost):
    """Control-C while a program runs."""

    def run(self, call, session):
        raise KeyboardInterrupt


def test_an_interrupted_program_ends_all_procedures_or_runs_the_second_onfail(place):
    place.body("inner", 'gen a\nwrite "never"')
    place.body("p", 'inner\nwrite "never"')
    session = place.session(host=Interrupting())
    session.execute("p")
    assert (session.sfi, session.skey, session.output.getvalue()) == (-10, "TAE-ABORT", "")
    place.body("p", 'let _onfail=("return","continue")\ninner\nwrite "&$skey"')
    assert place.run("p", host=Interrupting()) == ["TAE-ABORT"]


def test_two_sessions_do_not_see_each_other(place, tmp_path):
    one, two = place.session(), place.session()
    one.execute('let $prompt="one"')
    one.execute('defcmd hey "write ""hey"""')
    two.execute("hey")
    assert two.global_text("$PROMPT") == "TAE"
    assert two.output.getvalue() == "[TAE-NOPROC] Unable to locate proc 'hey'.\n"


def test_values_from_python_are_bound_like_typed_ones(place):
    from tae.messages import TaeError

    session = place.session(host=Programs(ProgramResult(outputs=[("RESULT", (7,))])))
    result = session.call("gen", "", ("a.img", 5), {})
    assert (result.sfi, result.outputs) == (1, [("RESULT", (7,))])
    with pytest.raises(TaeError) as caught:
        session.call("gen", "", (), {"nl": 1.5})
    assert caught.value.key == "TAE-INVINT"
