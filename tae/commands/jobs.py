"""Commands about asynchronous jobs, and about variables sent between them."""

from __future__ import annotations

from tae.commands import GENERAL, MANY, Call, Code, May, Parameter, intrinsic
from tae.messages import TaeError
from tae.parblock import LARGEST_MESSAGE, Malformed, message, received
from tae.variables import fold, string

JOB = 15
SHOW = [
    Parameter("JOB", maximum=MANY, size=JOB, default=("ALL",)),
    Parameter("FORM", size=6, default=("BRIEF",), valid=("BRIEF", "FULL")),
]
STATUS = (
    Parameter("$SFI", "INTEGER", minimum=0, default=()),
    Parameter("$SKEY", minimum=0, default=()),
)
LIST = [Parameter("JOB", maximum=MANY, size=JOB)]
SIZE = [Parameter("SIZE", "INTEGER", default=(LARGEST_MESSAGE // 2,), valid=((700, LARGEST_MESSAGE),))]
REASON = 30  # characters of why a message could not be sent
NAMES = Parameter("VARIABLE", minimum=0, maximum=MANY, size=16, default=())


def everything(names: tuple[str, ...]) -> bool:
    """Whether ALL was given."""
    return names[0].upper() == "ALL"


def none_known(session) -> bool:
    """Say so when there are no jobs."""
    if session.jobs.known():
        return False
    session.report(TaeError("EMPTYASY"), failed=False)
    return True


@intrinsic("ABORT", 1, "ASYNC", GENERAL, LIST)
def abort(session, scope, call: Call) -> Code:
    """ABORT-ASYNC list: end jobs that still run."""
    names = call.values("JOB")
    if none_known(session):
        return Code.CHECK
    if everything(names):
        active = [job for job in session.jobs.known() if job.active]
        if not active:
            raise TaeError("ZEROJOB")
        for job in active:
            session.jobs.abort(job)
        return Code.CHECK
    for job in session.jobs.named(names, "NOJOB", session.report):
        if job.active:
            session.jobs.abort(job)
        else:
            session.report(TaeError("NOABO", job.name))
    return Code.CHECK


@intrinsic("SHOW", 2, "ASYNC", GENERAL, SHOW)
@intrinsic("SHOW", 2, "WAITING", GENERAL, SHOW)
def show(session, scope, call: Call) -> Code:
    """SHOW-ASYNC list: the jobs of this session; SHOW-WAITING: those that wait for a reply."""
    names, full = call.values("JOB"), call.value("FORM") == "FULL"
    session.print("" if full else session.jobs.HEADER)
    jobs = list(session.jobs.known())
    if not everything(names):
        jobs = session.jobs.named(names, "NOJOB", session.report)
    if call.subcommand == "WAITING":
        jobs = [job for job in jobs if job.waiting]
    for line in session.jobs.table(jobs, full):
        session.print(line)
    if not jobs:
        session.set_global("$SKEY", ("TAE-NONE",))
        session.print(session.jobs.NONE)
    return Code.CHECK


@intrinsic("EMIT", 0, "", May.PRIMARY | May.PROC | May.BODY | May.PARAMETERS | May.ASYNC, STATUS)
def emit(session, scope, call: Call) -> Code:
    """EMIT: tell the session that started this job how it is doing."""
    if session.run_type != "ASYNC":
        raise TaeError("ASYONLY")
    sfi, skey = call.value("$SFI"), call.value("$SKEY")
    if session.parent is not None:
        session.parent.tell(session.sfi if sfi is None else sfi, session.skey if skey is None else skey)
    return Code.CHECK


@intrinsic("REMOVE", 4, "", GENERAL, LIST)
def remove(session, scope, call: Call) -> Code:
    """REMOVE list: forget finished jobs."""
    names = call.values("JOB")
    if none_known(session):
        return Code.CHECK
    jobs = list(session.jobs.known())
    if not everything(names):
        jobs = session.jobs.named(names, "NOJOB.async", session.report)
    for job in jobs:
        if job.active:
            session.report(TaeError("NOABO.async", job.name))
        else:
            session.jobs.remove(job)
    return Code.CHECK


@intrinsic("REPLY", 4, "", GENERAL, [Parameter("JOB", minimum=0, size=JOB, default=())])
def reply(session, scope, call: Call) -> Code:
    """REPLY job: answer a job that asks for parameters (GETPAR), without a name the one that asked first."""
    from tae.replying import reply as answer

    answer(session, session.jobs.asking(call.value("JOB")))
    return Code.CHECK


@intrinsic("WAIT", 0, "ASYNC", GENERAL, LIST)
def wait(session, scope, call: Call) -> Code:
    """WAIT-ASYNC list: until jobs have ended; $SFI and $SKEY are then theirs."""
    names = call.values("JOB")
    if none_known(session):
        return Code.CHECK
    jobs = list(session.jobs.known())
    if not everything(names):
        for name in names:
            if session.jobs.find(name) is None:
                raise TaeError("NOJOB", name)
        jobs = [session.jobs.find(name) for name in names]
    for job in jobs:
        if not session.jobs.wait(job):
            session.set_status(-1, "TAE-ABOWAIT")
            return Code.SUCCESS
        if job.waiting:
            session.report(TaeError("REPWAIT", job.name), failed=False)
            continue
        session.set_status(job.sfi, job.skey)
    return Code.CHECK


# --- variables from job to job ----------------------------------------------------------------------------------------


def known_variables(scope, call: Call) -> list:
    """The variables that VARIABLE names."""
    found = []
    for name in call.values("VARIABLE"):
        variable = scope.search(name)
        if variable is None:
            raise TaeError("UNDEFVAR.send", name)
        found.append(variable)
    return found


@intrinsic("SENDVAR", 0, "", GENERAL, [NAMES, Parameter("JOB", size=16)])
def sendvar(session, scope, call: Call) -> Code:
    """SENDVAR list job: copies of variables for who receives under that name."""
    from tae.mailbox import send

    variables, mailbox = known_variables(scope, call), session.jobs.mailbox
    try:
        block = message(variables, string("_JOB", mailbox.name if mailbox is not None else ""))
        send(session.directory, call.value("JOB"), block, session.environment)
    except OverflowError:
        raise TaeError("VBLOCK") from None
    except OSError as error:
        raise TaeError("COMMERR.send", (error.strerror or "")[:REASON]) from None
    return Code.SUCCESS


@intrinsic("RECVAR", 0, "RECEIVE", GENERAL | May.DEFAULT, [NAMES, Parameter("JOB", size=16, default=("ALL",))])
def recvar(session, scope, call: Call) -> Code:
    """RECVAR list job: wait for what one SENDVAR sends, and take no more than the variables named."""
    if session.jobs.mailbox is None:
        raise TaeError("NOENABLE")
    targets = known_variables(scope, call)
    by_name = _next_message(session, fold(call.value("JOB")))
    for target in targets:
        sent = by_name.get(fold(target.name))
        if sent is not None:
            session.assign(target, sent.type, sent.values, "INCOMPAT", target.name)
    return Code.CHECK


def _next_message(session, sender: str) -> dict:
    """The next message of a sender (ALL: of any) as variables by name; those of others are thrown away."""
    while True:
        try:
            block = session.jobs.mailbox.receive(lambda: session.attention)
            if block is None:
                raise InterruptedError(4, "Interrupted system call")
            by_name = {fold(variable.name): variable for variable in received(block)}
        except OSError as error:
            raise TaeError("COMMERR", (error.strerror or "")[:REASON]) from None
        except Malformed:
            raise TaeError("PARBLK.send") from None
        if sender == "ALL":
            return by_name
        if "_JOB" not in by_name:
            raise TaeError("PARBLK.send")
        if fold(by_name["_JOB"].text) == sender:
            return by_name


@intrinsic("RECVAR", 0, "ENABLE", GENERAL, SIZE)
@intrinsic("ENABLE", 3, "RECVAR", GENERAL, [Parameter("JOB", size=16, default=("*",)), *SIZE])
def recvar_enable(session, scope, call: Call) -> Code:
    """RECVAR-ENABLE: others may send, to the name in $JOB."""
    from tae.mailbox import Mailbox

    if session.jobs.mailbox is not None:
        session.report(TaeError("PATHENABLE"), failed=False)
        return Code.CHECK
    try:
        session.jobs.mailbox = Mailbox(session.directory, session.global_text("$JOB"), call.value("SIZE"))
    except OSError as error:
        raise TaeError("PATH", (error.strerror or "")[:REASON]) from None
    return Code.CHECK


@intrinsic("RECVAR", 0, "DISABLE", GENERAL)
@intrinsic("DISABLE", 4, "RECVAR", GENERAL)
def recvar_disable(session, scope, call: Call) -> Code:
    """RECVAR-DISABLE."""
    session.jobs.receive_no_more()
    return Code.SUCCESS
