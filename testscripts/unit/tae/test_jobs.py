"""Asynchronous and batch jobs: they run beside the session. Messages and lists are the original's."""

import io
import time

import pytest

from tae.session import Session

EMPTY = "procedure\nbody\nend-proc\n"
SLOW = """procedure
parm n int default=1
body
write "slow starts &n"
ush sleep 0.3
if ($runtype="ASYNC") emit $sfi=3 $skey="HALF-WAY"
ush until test -f go; do sleep 0.05; done
write "slow ends &n"
end-proc
"""

ASK = """procedure
parm n int default=1
local m string init="mm"
body
write "start &n"
getpar (n,m) preface="Please give n"
write "got &n &m"
end-proc
"""
TALK = """procedure
parm to string
local up string
local n int init=77
local other int init=78
refgbl $job
refgbl $parent
body
write "job &$job parent &$parent to &to"
sendvar (n,other) &to
sendvar n &to
enable-recvar
recvar up
write "from parent &up"
disable-recvar
ush true
end-proc
"""


@pytest.fixture
def session(tmp_path):
    for name, text in (("slow", SLOW), ("ask", ASK), ("talk", TALK), ("slogon", EMPTY), ("slogoff", EMPTY)):
        (tmp_path / f"{name}.pdf").write_text(text)
    environment = {"TAEPDF": str(tmp_path), "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    made = Session(tmp_path, environment, output=io.StringIO(), columns=80, identity="77")
    yield made
    made.close()


def said(session, *commands: str) -> list[str]:
    before = len(session.output.getvalue())
    for command in commands:
        session.execute(command)
    return session.output.getvalue()[before:].replace("\r", "").split("\n")[:-1]


def row(name: str, state: str, sfi: int, skey: str) -> str:
    return f"   {name:<16}slow      {state:<10}{sfi:>10}  {skey}".ljust(80)


def until(what) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_job_runs_while_the_session_goes_on(session, tmp_path):
    assert said(session, "slow|run=async| 5", 'write "&$skey"') == ["[TAE-ASYNCJOB] Asynchronous job 'slow' initiated.", "slow"]
    assert row("slow", "ACTIVE", 0, "slow") in said(session, "show-async")
    assert said(session, "remove slow") == ["[TAE-NOABO] Job 'slow' not removed because active."]
    until(lambda: row("slow", "ACTIVE", 3, "HALF-WAY") in said(session, "show-async"))
    (tmp_path / "go").touch()
    assert said(session, "wait-async slow", 'write "&$sfi &$skey"') == ["1 0"]
    assert said(session, "show-async slow form=full") == [
        "", "", "JOB: slow", " PROC: slow", " SESSION ID: 77slow0", " STATE:  COMPLETE", " SFI: 1", " SKEY: 0",
    ]  # fmt: skip
    assert said(session, "remove slow", "show-async")[-2] == "...none..."
    lines = (tmp_path / "slow.log").read_text().split("\n")
    assert lines.index("slow starts 5") < lines.index("slow ends 5") < lines.index("Job terminated.")
    assert not list(tmp_path.glob("slow.j*"))


def test_names_of_jobs_and_how_they_are_ended(session):
    started = "[TAE-ASYNCJOB] Asynchronous job '{}' initiated.".format
    assert said(session, "slow|run=async|", "slow|run=async|", "slow|run=(async,mine)|") == [
        started("slow"), started("slow_1"), started("mine"),
    ]  # fmt: skip
    assert said(session, "slow|run=async,job=mine|") == ["[TAE-USEDNAME] Name 'mine' already in use."]
    assert said(session, "slow|run=async,job=all|") == ["[TAE-RESALL] 'ALL' is a reserved job name; use another."]
    assert said(session, "abort-async mine", "abort-async mine") == [
        "[TAE-ABORTOK] Job 'mine' aborted.", "[TAE-NOABO] Job 'mine' not active.",
    ]  # fmt: skip
    assert row("mine", "COMPLETE", -1, "ABORTED") in said(session, "show-async")
    assert said(session, "abort-async zork") == ["[TAE-NOJOB] Job 'zork' not in job list."]
    before = len(session.output.getvalue())
    session.close()
    assert session.output.getvalue()[before:].count("aborted.") == 2


def test_a_batch_job_outlives_the_command_that_submitted_it(session, tmp_path):
    assert said(session, "slow|run=batch| 9") == ["Batch job file 'job77_1.job' submitted successfully."]
    (tmp_path / "go").touch()
    log = tmp_path / "slow1.log"
    until(lambda: log.exists() and "LOGOFF $SFI=1" in log.read_text())
    assert "slow ends 9" in log.read_text()
    assert said(session, "show-async")[-2] == "...none..."
    assert said(session, "slow|run=(batch,norun)|") == ["Batch job file 'job77_2.job' created successfully."]
    assert said(session, "slow|run=(batch,zork)|")[0].startswith("[TAE-INVBQNAM]")


def test_variables_go_to_who_receives(session):
    missing = "[TAE-COMMERR] Error transmitting block.  No such file or directory."
    session.execute("local n int initial=3")
    assert said(session, "sendvar n zork") == [missing]
    assert said(session, "sendvar n 77") == [missing]
    session.execute("recvar-enable")
    assert said(session, "sendvar n 77", "let n=9", "recvar n", 'write "&n"') == ["3"]
    (sender := Session(session.directory, output=io.StringIO(), identity="88")).execute("local n real initial=1.5")
    sender.execute("sendvar n 77")
    assert said(session, "recvar n", 'write "&n"') == ["[TAE-INCOMPAT] Received variable 'n' incompatible.", "3"]
    assert said(session, "sendvar n 77", "sendvar (n,zork) 77") == ["[TAE-UNDEFVAR] Variable 'zork' is undefined."]
    sender.execute("enable-recvar")
    sender.execute("local n2 int initial=5")
    sender.execute("sendvar n2 77")
    assert said(session, "local n2 int", "recvar n2 88", 'write "&n2"', "recvar-enable") == [
        "5", "[TAE-PATHENABLE] RECVAR already enabled.",
    ]  # fmt: skip
    sender.close()
    assert said(session, "sendvar n 88") == [missing]
    assert said(session, "recvar-disable", "recvar n") == ["[TAE-NOENABLE] ENABLE-RECVAR has not been executed."]
    assert said(session, "enable-recvar size=100")[0] == "[TAE-RANGE] Value out of the defined range for 'SIZE'."
    assert not list(session.directory.glob("*.sk"))


@pytest.mark.parametrize("size, received, sent", [("", 20, 46), ("size=5392", 46, 46)])
def test_how_much_can_be_sent(session, size, received, sent):
    session.execute("local s string count=1:60")
    session.execute("local t string count=1:60")
    session.execute(f"enable-recvar {size}")
    text = "a" + "b" * 98
    for number in range(1, 48):
        session.execute(f'let s({number})="{text}"')
        if number in (20, 22, 46):
            answer = [] if number <= received else ["[TAE-PARBLK] Received VBLOCK incorrectly formatted."]
            assert said(session, "sendvar s 77", "recvar s") == answer
    assert sent == 46
    assert said(session, "sendvar s 77") == ["[TAE-VBLOCK] VBLOCK overflow. Too much data."]


def test_variables_go_between_a_session_and_its_job(session, tmp_path):
    for command in ("local n int", 'local other string init="no"', 'local up string init="down"', "enable-recvar"):
        session.execute(command)
    started = "[TAE-ASYNCJOB] Asynchronous job 'talk' initiated."
    assert said(session, "talk|run=async| &$job", "recvar n", 'write "&n &$sfi &$skey"') == [started, "77 1 "]
    assert said(session, "recvar (n,other)", 'write "&n &other &$sfi &$skey"') == ["77 no 1 "]
    until((tmp_path / "talk.sk").exists)
    assert said(session, "sendvar up talk", "wait-async talk", 'write "&$sfi &$skey"') == ["1 0"]
    assert {"job talk parent 77 to 77", "from parent down"} <= set((tmp_path / "talk.log").read_text().split("\n"))
    assert said(session, "sendvar up talk")[0].startswith("[TAE-COMMERR]")


def waiting(session, name: str):
    until(lambda: session.jobs.find(name).waiting)


def answer(session, *lines: str) -> None:
    session.input = io.StringIO("".join(line + "\n" for line in lines))


def test_a_job_asks_for_parameters(session, tmp_path):
    """The session's side is the original's, with $DYNAMIC="STANDARD"."""
    said(session, 'let $dynamic="STANDARD"', "ask|run=async| 5")
    waiting(session, "ask")
    before = len(session.output.getvalue())
    session.jobs.announce()
    session.jobs.announce()
    assert session.output.getvalue()[before:] == "[TAE-ASYNCREQ] Async job requesting parameters.  Use REPLY command.\n"
    full = ["", "", "JOB: ask", " PROC: ask", " SESSION ID: 77ask0", " STATE:  WAITING", " SFI: 0", " SKEY: ask"]
    assert said(session, "show-waiting form=full") == full
    assert said(session, "wait-async ask") == ["[TAE-REPWAIT] Cannot wait on 'ask'; job is waiting for REPLY."]
    assert said(session, "reply zork") == ["[TAE-NOWAIT] No jobs or specified job not waiting."]
    answer(session, "hold")
    assert said(session, "reply") == ['Job "ask"', "Please give n", "TAE-ask>hold"]
    assert said(session, "show-waiting form=full") == full
    answer(session, "n=7", "show", "run")
    assert said(session, "reply ask") == [
        'Job "ask"',
        "Please give n",
        "TAE-ask>n=7",
        "TAE-ask>show",
        "[TAE-TSHOWPRM] The SHOW command needs a variable name.",
        "TAE-ask>run",
    ]
    assert said(session, "wait-async ask", "show-waiting")[-2] == "...none..."
    assert "got 7 mm" in (tmp_path / "ask.log").read_text().split("\n")
    assert said(session, "reply") == ["[TAE-NOWAIT] No jobs or specified job not waiting."]
    assert not list(tmp_path.glob("*.asy"))


def test_a_job_that_asks_is_left_alone_or_ended(session, tmp_path):
    said(session, 'let $dynamic="STANDARD"', "ask|run=async,job=a|", "ask|run=async,job=b|")
    waiting(session, "a")
    waiting(session, "b")
    answer(session, "n=11", "exit")
    assert said(session, "reply a")[-1] == "TAE-ask>exit"
    assert said(session, "wait-async a", 'write "&$sfi &$skey"') == ["-1 TAE-EXIT"]
    assert said(session, "abort-async b", "reply") == [
        "[TAE-ABORTOK] Job 'b' aborted.", "[TAE-NOWAIT] No jobs or specified job not waiting.",
    ]  # fmt: skip
    assert not list(tmp_path.glob("*.asy"))


def test_commands_about_the_monitor(session):
    listed = said(session, "hi001")
    assert listed[:7] == ["LOCAL-", "REFVIEW-", "PARM-", "PARM-PAGE", "REFGBL-", "DEFGBL-", "ABORT-SYNC"]
    assert listed[-5:] == ["WPTSCRIPT-SETJOB", "EMIT-", "REMOVE-", "REPLY-", "WAIT-ASYNC"]
    assert [line for line in listed if line.startswith(("DELETE", "END-"))] == [
        "DELETE-VARIABLE", "DELETE-GLOBALS", "DELETE-LOCALS", "DELETE-COMMAND",
        "END-FOR", "END-GLOBAL", "END-IF", "END-LOOP", "END-PROC", "END-SUBCMD",
    ]  # fmt: skip
    assert "show-BATCH" in listed
    assert said(session, "hi009", 'write "&$sfi"') == ["[TAE-FDSAVAIL] 100", "100"]
