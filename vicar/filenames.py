"""What a VICAR file name means on this host.

Source: ``vos/rtl/source/expand_filename_unix.c``: a leading ``~`` or ``~user``, then a leading ``+`` (the temporary
directory), then ``$name`` (up to the next ``/``), ``${name}`` and ``$$``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vicar.errors import VicarError


def expand(name: str, environment: Mapping[str, str], routine: str = "XVOPEN") -> str:
    """The text of the expanded name.

    Raises
    ------
    VicarError
        UNDEFENV, UNDEFUSR or UNCLSBRC; its ``file`` is the name as given.
    """
    rest, out = name, ""
    if rest.startswith("~"):
        user, slash, tail = rest[1:].partition("/")
        out += _home(user, environment, name, routine)
        rest = slash + tail
    if rest.startswith("+"):
        out += (environment.get("VTMP", "/tmp")) + "/"
        rest = rest[1:]
    while "$" in rest:
        before, _, rest = rest.partition("$")
        out += before
        if rest.startswith("$"):
            out, rest = out + "$", rest[1:]
            continue
        if rest.startswith("{"):
            variable, brace, rest = rest[1:].partition("}")
            if not brace:
                raise VicarError("UNCLSBRC", routine, name)
        else:
            variable, slash, tail = rest.partition("/")
            rest = slash + tail
        if variable not in environment:
            raise VicarError("UNDEFENV", routine, name)
        out += environment[variable]
    return out + rest


def _home(user: str, environment: Mapping[str, str], name: str, routine: str) -> str:
    if not user:
        if "HOME" not in environment:
            raise VicarError("UNDEFENV", routine, name)
        return environment["HOME"]
    import pwd

    try:
        return pwd.getpwnam(user).pw_dir
    except KeyError:
        raise VicarError("UNDEFUSR", routine, name) from None


def locate(name: str, directory: Path, environment: Mapping[str, str], routine: str = "XVOPEN") -> Path:
    """The file a name means, relative names taken from ``directory``."""
    return Path(directory) / expand(name.rstrip(" "), environment, routine)
