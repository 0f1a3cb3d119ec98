"""Where our parameter files are, and who the user is; imports next to nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

PARAMETER_FILES = Path(__file__).resolve().parent.parent / "pdf"

# Where the log-on procedure's library list leads: environment name -> our folder of parameter files.
# ISISLIB is not in it: ISIS 2 programs are found when nothing else has the name; setlib ($ISISLIB,*) puts ISIS's LIST before
# VICAR's.
LIBRARIES = {"V2LIB": "ours", "R2LIB": "vicar", "R3LIB": "p3", "ISISLIB": "isis2"}


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables with the library names added where they are missing."""
    variables = dict(environment)
    for name, folder in LIBRARIES.items():
        variables.setdefault(name, str(PARAMETER_FILES / folder))
    variables.setdefault("TAEPDF", str(PARAMETER_FILES / "vicar"))
    for name in ("TAEHELPTM", "TAEHELPINX"):
        variables.setdefault(name, str(PARAMETER_FILES / "help"))
    variables.setdefault("VICAR_PYTHON", sys.executable)  # for programs that are started through the shell
    return variables


def user_name() -> str:
    """Name of the user as the original finds it: the password file's, else the number."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return str(os.getuid()) if hasattr(os, "getuid") else "user"
