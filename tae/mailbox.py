"""Where variables arrive that another session or job sends: a socket in the session's directory that bears the receiver's name.

Source of the facts: ``tm/sendvar.c``, ``lib/tae/comm.np.c`` (c_crepath, c_conpath, c_getmsg).

accepted
    RECVAR waits until something comes, as in the original, but control-C ends the waiting.
    The original ends with a memory fault when what it receives is much longer than its ENABLE-RECVAR SIZE; here that gives the
    message of what is a little longer.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

NAME_SIZE = 10  # of a receiver, in the name of its socket
WAITING = 5  # messages that may lie there
TRIES = 200


@contextlib.contextmanager
def _address(directory: Path, name: str) -> Iterator[str]:
    """The address of a receiver; by way of the opened directory, since an address has room for few characters only."""
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}/{name[:NAME_SIZE]}.sk"
    finally:
        os.close(opened)


class Mailbox:
    """The place where one session receives; raises OSError when it cannot be made."""

    def __init__(self, directory: Path, name: str, size: int) -> None:
        self.name = name
        self._size = size
        self._path = directory / f"{name[:NAME_SIZE]}.sk"
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)
            with _address(directory, name) as address:
                self._socket.bind(address)
            self._socket.listen(WAITING)
        except OSError:
            self._socket.close()
            raise

    def receive(self, stopped: Callable[[], bool]) -> bytes | None:
        """The next message, cut to the size; None when ``stopped`` before one came."""
        while not select.select([self._socket], [], [], 0.5)[0]:
            if stopped():
                return None
        connection = self._socket.accept()[0]
        with connection:
            message = b""
            while len(message) < self._size and (data := connection.recv(self._size - len(message))):
                message += data
        return message

    def close(self) -> None:
        """Receive no more."""
        self._socket.close()
        self._path.unlink(missing_ok=True)


def send(directory: Path, name: str, message: bytes, environment: Mapping[str, str]) -> None:
    """Send to a receiver, whose name may be that of an environment variable; raises OSError when there is none."""
    with socket.socket(socket.AF_UNIX) as connection, _address(directory, environment.get(name, name)) as address:
        for left in reversed(range(TRIES)):
            try:
                connection.connect(address)
                break
            except ConnectionRefusedError:  # it may not be ready yet
                if not left:
                    raise
                time.sleep(0.001)
        connection.sendall(message)
