"""Asynchronous and batch jobs: they run beside the session. Messages and lists are the original's."""

import io
import time

import pytest

from tae.session import Session

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


@pytest.fixture
def session(tmp_path):
    for name, text in (("slow", SLOW), ("slogon", "procedure\nbody\nend-proc\n"), ("slogoff", "procedure\nbody\nend-proc\n")):
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
