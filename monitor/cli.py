"""The commands ``vicar`` and ``taetm``.

    vicar                       sit at the prompt
    vicar -s "COMMAND LINE"     run the log-on procedure, then one command line, and end
    vicar "COMMAND LINE"        one command line without the log-on procedure

Nothing heavy is imported here: a one-command process is mostly start-up time.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from monitor.process import CLOSED_PIPE, leave, prepare

USAGE = """\
usage: vicar [options] [-s] ["COMMAND LINE"]

  -s                      run the log-on procedure first (as the original's taetm -s)
  --dry-run               programs print only their banner and succeed; host commands do nothing
  --no-host-commands      refuse USH and everything else that leaves the session
  --conventional-status   programs that host commands start exit with 0 after success (the original's exit with 1)
  --version               print the version
  --help                  this text

Without a command line: the VICAR> prompt. Exit status after a command line: 0 if it succeeded, 1 if not.
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    switches = {"-s": False, "--dry-run": False, "--no-host-commands": False, "--conventional-status": False}
    words = []
    for argument in arguments:
        if argument in ("--help", "-h"):
            print(USAGE, end="")
            return 0
        if argument == "--version":
            from importlib.metadata import version

            print(f"vicar-tae {version('vicar-tae')}")
            return 0
        if argument in switches and not words:
            switches[argument] = True
        elif argument.startswith("--") and not words:
            print(f"vicar: unknown option {argument}\n{USAGE}", file=sys.stderr, end="")
            return 2
        else:
            words.append(argument)
    prepare()
    if switches["--conventional-status"]:
        os.environ["VICAR_STATUS"] = "conventional"
    from monitor.session import terminal_session

    session = terminal_session(switches["--dry-run"], not switches["--no-host-commands"])
    if words:
        return session.run_command_line(words[0], slogon=switches["-s"])
    return session.interact()


def run() -> NoReturn:
    """``main`` for a console script: a reader that closes the pipe ends the program quietly."""
    try:
        status = main()
    except BrokenPipeError:
        status = CLOSED_PIPE
    leave(status)


if __name__ == "__main__":
    run()
