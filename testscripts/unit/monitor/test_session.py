"""The session as Python sees it: binding, errors as exceptions, isolation, and what a failed program leaves alone."""

import io

import numpy as np
import pytest

import vicar
from monitor.session import CommandError, ProgramFailed, Session


@pytest.fixture
def session(tmp_path):
    return Session(tmp_path, environment={"HOME": str(tmp_path)}, user="jane", clock=lambda: 1_000_000_000.0)


def test_values_are_bound_as_the_command_line_binds_them(session, tmp_path):
    session.run("gen", "a.img", 3, 4, ival=7, lin=0)  # LIN is an abbreviation of LINC
    with vicar.open(tmp_path / "a.img") as image:
        assert image.read_window().tolist() == [[7, 8, 9, 10]] * 3
        assert image.label.get("USER", task="GEN") == "jane"
        assert image.label.get("DAT_TIM", task="GEN").endswith("2001")


def test_output_parameters_come_back(session):
    session.run("gen", "a.img", 3, 4)
    assert session.run("form", "a.img") == {"FORMAT": "BYTE", "NL": 3, "NS": 4, "NB": 1}


def test_keywords_lists_and_arrays(session, tmp_path):
    session.run("gen", "a.img", np.int64(5), 5, keywords=["half"])
    session.run("copy", tmp_path / "a.img", "b.img", size=np.array([2, 2, 3, 2]))
    assert session.run("form", "b.img") == {"FORMAT": "HALF", "NL": 3, "NS": 2, "NB": 1}


@pytest.mark.parametrize(
    ("arguments", "parameters", "key"),
    [
        (("nosuchprogram",), {}, "TAE-NOPROC"),
        (("gen", "a", 5, 5), {"zork": 1}, "TAE-BADPAR"),
        (("gen", "a"), {"n": 1}, "TAE-AMBIGPAR"),
        (("gen", "a", "five"), {}, "TAE-INVINT"),
        (("copy",), {}, "TAE-MISPAR"),
        (("list", "a"), {"ndigits": 17}, "TAE-RANGE"),
        (("label-nothing", "a"), {}, "TAE-UNRECSUB"),
        (("gen", "a"), {"keywords": "x"}, "TAE-KEYWORD"),
    ],
)
def test_mistakes_are_exceptions_with_the_message_of_the_command_line(session, arguments, parameters, key):
    with pytest.raises(CommandError) as error:
        session.run(*arguments, **parameters)
    assert error.value.key == key and str(error.value).startswith(f"[{key}] ")


def test_a_failed_program_raises_with_what_it_said(session):
    with pytest.raises(ProgramFailed, match="No such file or directory"):
        session.run("copy", "nothere", "b.img")


def test_what_existed_before_a_failed_command_stays(session, tmp_path, monkeypatch):
    session.run("gen", "old.img", 900, 100)
    before = (tmp_path / "old.img").read_bytes()
    (tmp_path / "text").write_text("no image\n" * 200)
    for source in ("nothere", "text"):
        with pytest.raises(ProgramFailed):
            session.run("f2", source, "old.img", function="in1+1")
        assert (tmp_path / "old.img").read_bytes() == before, source
    with pytest.raises(CommandError):
        session.run("f2", "old.img", "old.img", function="in1+1", zork=1)

    from programs.basic import gen

    for trouble in (RuntimeError, KeyboardInterrupt):  # a fault of ours, and the user's ^C, in the middle of the work

        def half_done(task, trouble=trouble):
            with task.create("OUT", nl=5, ns=5, format="BYTE") as image:
                image.write(np.zeros(5, np.uint8))
                raise trouble

        monkeypatch.setattr(gen, "main", half_done)
        with pytest.raises((ProgramFailed, KeyboardInterrupt)):
            session.run("gen", "old.img", 5, 5)
        assert (tmp_path / "old.img").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("session")) == ["old.img", "text"]


def test_an_abend_leaves_the_written_part_as_the_original_does(session, tmp_path):
    """Source: ``abend.c`` closes all units; the reference case ``strlinear`` lists what a program left behind."""
    session.run("gen", "long.img", 900, 100)
    (tmp_path / "cut.img").write_bytes((tmp_path / "long.img").read_bytes()[:30000])
    with pytest.raises(ProgramFailed, match="Current line in image = 406"):
        session.run("copy", "cut.img", "part.img")
    with vicar.open(tmp_path / "part.img") as image:
        assert (image.nl, image.ns) == (900, 100)
        assert image.read_window()[899].tolist() == [0] * 100


def test_a_program_may_write_onto_its_input(session, tmp_path):
    session.run("gen", "a.img", 3, 3)
    session.run("f2", "a.img", "a.img", function="in1+100")
    with vicar.open(tmp_path / "a.img") as image:
        assert image.read_window().tolist() == [[100, 101, 102], [101, 102, 103], [102, 103, 104]]


def test_two_sessions_do_not_see_each_other(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (Session(tmp_path / name, environment={}, output=io.StringIO()) for name in ("one", "two"))
    one.execute('let $prompt = "ONE"')
    one.run("gen", "a", 3, 3)
    assert two.global_text("$PROMPT") != "ONE"
    assert not (tmp_path / "two" / "a").exists()
    with pytest.raises(ProgramFailed):
        two.run("list", "a")


def test_host_commands_can_be_refused(tmp_path):
    said = io.StringIO()
    session = Session(tmp_path, environment={}, output=said, host_commands=False)
    assert session.execute("ush touch made") < 0
    assert not (tmp_path / "made").exists()
    assert "Traceback" not in said.getvalue()


def test_a_fault_of_a_program_is_one_message_not_a_traceback(tmp_path, monkeypatch):
    from programs.basic import gen

    monkeypatch.setattr(gen, "main", lambda task: 1 / 0)
    said = io.StringIO()
    session = Session(tmp_path, environment={}, output=said)
    session.run_command_line("gen a 3 3")
    assert "ZeroDivisionError" in said.getvalue() and "Traceback" not in said.getvalue()
    assert " ** ABEND called **" in said.getvalue()


def test_a_fault_of_the_monitor_is_one_message_too(tmp_path, monkeypatch):
    said = io.StringIO()
    session = Session(tmp_path, environment={}, output=said)
    monkeypatch.setattr(session.interpreter, "process", lambda text, scope: 1 / 0)
    assert session.execute("write x") < 0
    assert "ZeroDivisionError" in said.getvalue() and "Traceback" not in said.getvalue()


def test_start_up_pulls_in_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys; from monitor import cli; cli.main(['-s', 'write \"x\"']); "
        "print([m for m in ('numpy', 'numba', 'scipy', 'PIL', 'lark', 'prompt_toolkit', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
