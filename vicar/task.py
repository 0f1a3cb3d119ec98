"""What a program sees of the world: its parameters, files, messages and outputs.

One ``Task`` lives from the start of a program to its end. It is made by whoever runs programs (``monitor`` does; a
test can make one from plain values) and gives programs the calls listed in ``programs/README.md``.
Source of the rules: ``vos/rtl/source`` (xvparm, xvsize, xvbands, xvmessage, est_primary_input, process_output_file).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from vicar import filenames
from vicar.ctext import CText
from vicar.errors import ABEND_LINE, Abend, Quit, VicarError
from vicar.parameters import INTEGER, REAL, STRING, Parameter, Parameters

if TYPE_CHECKING:
    import numpy as np

    from vicar.ibis import Table
    from vicar.image import Image

MESSAGE_LENGTH = 250  # STRINGSIZ of TAE; from Fortran it is one less


@dataclass(frozen=True)
class Window:
    """Part of an image a program works on: start and size, and the input's own size (``nli``, ``nsi``)."""

    sl: int
    ss: int
    nl: int
    ns: int
    nli: int
    nsi: int


@dataclass(frozen=True)
class Bands:
    """Bands a program works on, and how many the input has."""

    sb: int
    nb: int
    nbi: int


@dataclass
class World:
    """What a task may know of its surroundings; all of it injected."""

    directory: Path = field(default_factory=Path)
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "user"
    clock: Callable[[], datetime] = datetime.now
    message: Callable[[str, str], None] = lambda text, key: None
    progress: Callable[[str, float, float], None] = lambda name, done, total: None
    print: Callable[[str], None] = lambda text: None
    read: Callable[[int], str] = lambda size: ""
    terminal: Callable[[], bool] = lambda: False
    no_message: bool = False  # the NOMESSAGE flag of the monitor


class Task:
    """One run of a program."""

    def __init__(self, name: str, parameters: Parameters, world: World | None = None, subcommand: str = ""):
        self.name = name
        self.parameters = parameters
        self.subcommand = subcommand.upper()
        self.world = world or World()
        self.outputs: list[tuple[str, tuple]] = []
        self._started: datetime | None = None
        self._images: list[Image | Table] = []
        self._primary_choice: Any = 1
        self._reports = False  # the program says itself how far it is
        self._shown_output: Image | None = None
        self._primary_image: Image | None = None
        self._opened: dict[tuple[str, int], Image] = {}
        self.fortran = False  # set by whoever runs the program; see `message`

    # -- parameters -------------------------------------------------------------------------------------------------

    def count(self, name: str) -> int:
        """XVPCNT: number of values, defaulted or not; 0 for null or undeclared."""
        return len(self.parameters.values_of(name))

    def defaulted(self, name: str) -> bool:
        """Whether the user gave no value (an undeclared parameter counts as defaulted)."""
        parameter = self.parameters.get(name)
        return parameter is None or parameter.defaulted

    def integer(self, name: str, default: int | None = None) -> int | None:
        values = self.parameters.values_of(name, INTEGER)
        return int(values[0]) if values else default

    def integers(self, name: str) -> list[int]:
        return [int(v) for v in self.parameters.values_of(name, INTEGER)]

    def real(self, name: str, default=None) -> np.float32:
        """XVPARM of a REAL parameter: single precision."""
        import numpy as np

        values = self.parameters.values_of(name, REAL)
        return np.float32(values[0]) if values else default

    def reals(self, name: str) -> np.ndarray:
        import numpy as np

        return np.array(self.parameters.values_of(name, REAL), dtype=np.float32)

    def double(self, name: str, default=None) -> float:
        """XVPARMD: double precision."""
        values = self.parameters.values_of(name, REAL)
        return float(values[0]) if values else default

    def doubles(self, name: str) -> np.ndarray:
        import numpy as np

        return np.array(self.parameters.values_of(name, REAL), dtype=np.float64)

    def string(self, name: str, default: str | None = None) -> str | None:
        values = self.parameters.values_of(name, STRING)
        return values[0] if values else default

    def strings(self, name: str) -> list[str]:
        return list(self.parameters.values_of(name, STRING))

    def keyword(self, word: str) -> bool:
        """XVPTST: True if any keyword parameter has this value, defaulted or not."""
        return self.parameters.keyword(word)

    def output(self, name: str, *values) -> None:
        """XVQOUT: set an output (NAME) parameter of the caller."""
        self.outputs.append((name.upper(), tuple(v.item() if hasattr(v, "item") else v for v in values)))

    # -- messages and endings ---------------------------------------------------------------------------------------

    def message(self, text: str = "", key: str = "") -> None:
        """XVMESSAGE: one message to terminal and log; from Fortran without its trailing blanks.

        Source: ``xvmessage.c``, ``sfor2c.c``.
        """
        fortran = self.fortran and not isinstance(text, CText)
        text = text.rstrip(" ")[: MESSAGE_LENGTH - 1] if fortran else text[:MESSAGE_LENGTH]
        self.world.message(text, key if key.strip() else "")

    def messages(self, *texts: str) -> None:
        for text in texts:
            self.message(text)

    def no_unit(self, calls: int = 1) -> None:
        """What XVOPEN, XVWRIT or XVCLOSE say of a unit XVUNIT never gave, in programs that go on: one line for each call."""
        for _ in range(calls):
            self.message("**! Undefined unit: call XVUNIT first", "VIC2-NOSCHUN")

    def if_message(self, text: str) -> None:
        """IFMESSAGE: a message that the NOMESSAGE flag silences. Source: ``vos/p2/sub/ifmessage``."""
        if not self.world.no_message:
            self.message(text)

    def error(self, error: VicarError) -> None:
        """Error action 'S': print the run-time library's message."""
        generic, *rest = error.lines()
        self._keyed(generic)
        for line in rest:
            self._keyed(line)

    def _keyed(self, line: str) -> None:
        """Send ``[KEY] text`` as a message with a key, anything else as plain text."""
        if line.startswith("[") and "] " in line:
            key, _, text = line[1:].partition("] ")
            self.world.message(text, key)
        else:
            self.world.message(line, "")

    def abend(self, *texts: str) -> NoReturn:
        """ABEND after the given messages."""
        self.messages(*texts)
        self.message(ABEND_LINE)
        raise Abend

    def quit(self, sfi: int = 1, skey: str = "") -> NoReturn:
        """End the program now without an abend line."""
        raise Quit(sfi, skey)

    def printf(self, text: str) -> None:
        """A line the original writes with printf: to the terminal, in no log. Its line end may be given or not."""
        self.world.print(text.removesuffix("\n"))

    def ask(self, prompt: str, size: int) -> str:
        """A line of at most ``size`` characters from the terminal, its end included; nothing at the end of the input."""
        self.printf(prompt)
        return self.world.read(size)

    @property
    def at_terminal(self) -> bool:
        """Whether somebody sits at a terminal from which a program may read keys."""
        return self.world.terminal()

    def progress(self, done: float, total: float) -> None:
        """Report progress of long work (shown on a terminal only)."""
        self._reports = True
        self.world.progress(self.name, done, total)

    def _record_written(self, record: int) -> None:
        """Progress of a program that reports none: by the lines of its first output."""
        if not self._reports:
            self.world.progress(self.name, record, self._shown_output.n2 * self._shown_output.n3)

    def label_parameters(self, image: Image, every: bool = False) -> None:
        """XVPLABEL: note the parameters the user gave (or ``every`` one) in the output's history, reals in double precision."""
        forms = {INTEGER: "INT", REAL: "DOUB", STRING: "STRING"}
        for parameter in self.parameters.values():
            if not parameter.values or parameter.name[0] in "$_" or (parameter.defaulted and not every):
                continue
            if not image.label.has(parameter.name, task=""):
                image.label.add(parameter.name, list(parameter.values), task="", format=forms[parameter.type])

    # -- surroundings -----------------------------------------------------------------------------------------------

    @property
    def user(self) -> str:
        return self.world.user

    @property
    def environment(self) -> Mapping[str, str]:
        return self.world.environment

    @property
    def directory(self) -> Path:
        return Path(self.world.directory)

    def now(self) -> datetime:
        """Time the task stamps its labels with: read once, so that all outputs agree."""
        if self._started is None:
            self._started = self.world.clock()
        return self._started

    def path(self, name: str, routine: str = "XVOPEN") -> Path:
        """XVFILENAME: the file a VICAR name means."""
        return filenames.locate(name, self.directory, self.environment, routine)

    def _place(self, given: str, reported: str = "") -> Path:
        """Path of a file to open. What has no name is no file; ``reported`` by a routine of tables."""
        if given.strip():
            return self.path(given)
        error = VicarError("", "XVOPEN", given, errno_text=os.strerror(errno.ENOENT), errno=errno.ENOENT)
        if not reported:
            raise error
        from vicar.ibis.errors import ReportedError

        raise ReportedError(error, reported) from error

    # -- files ------------------------------------------------------------------------------------------------------

    def file_name(self, name: str = "INP", instance: int = 1) -> str | None:
        """Value ``instance`` (from 1) of a file parameter, or None."""
        values = self.parameters.values_of(name, STRING)
        return values[instance - 1] if 0 < instance <= len(values) else None

    def open(self, name: str = "INP", instance: int = 1, op: str = "READ", *, file: str | None = None, **options) -> Image:
        """XVUNIT and XVOPEN for reading or update.

        ``file`` names the file directly (U_NAME); otherwise it is value ``instance`` of parameter ``name``.
        Options go to `vicar.image.open_image`. Raises `VicarError`.
        """
        from vicar.image import open_image

        given = self._given_name(name, instance, file)
        image = open_image(self._place(given), op, name=given, **options)
        self._images.append(image)
        if file is None:
            self._opened[name.upper(), instance] = image
            if name.upper() == "INP" and instance == self._primary_choice:
                self._primary_image = image
                if image.labelled and op == "READ":
                    image.label
        return image

    def create(self, name: str = "OUT", instance: int = 1, *, file: str | None = None, **options) -> Image:
        """XVUNIT and XVOPEN for writing a new file.

        Size: given ``nl ns nb``, else the program's NL/NS/NB and SIZE parameters, else the primary input; label, format
        and the rest from the primary input (``vicar.image.create_image`` says what). Raises `VicarError` (SIZREQ ...).
        """
        from vicar.image import HistoryStamp, create_image

        given = self._given_name(name, instance, file)
        for key, value in self._size_parameters().items():
            if not options.get(key):
                options[key] = value
        primary = self._primary(output=given)
        stamp = HistoryStamp(self.name.upper()[:8], self.user, self.now().ctime())
        image = create_image(self._place(given), name=given, primary=primary, task=stamp, **options)
        self._images.append(image)
        if self._shown_output is None:
            self._shown_output = image
            image.on_record = self._record_written
        return image

    def open_table(self, name: str = "INP", instance: int = 1, mode: str = "READ", *, file: str | None = None,
                   **options) -> Table:
        """XVUNIT and IBISFileOpen of a table that exists. Options go to `vicar.ibis.open_table`."""
        from vicar.ibis import open_table

        given = self._given_name(name, instance, file)
        table = open_table(self._place(given, "IBISFileUnit"), mode, name=given, **options)
        self._images.append(table)
        return table

    def create_table(self, name: str = "OUT", instance: int = 1, *, file: str | None = None, **options) -> Table:
        """XVUNIT and IBISFileOpen of a new table; history from the primary input. See `vicar.ibis.create_table`."""
        from vicar.ibis import create_table
        from vicar.ibis.errors import ReportedError
        from vicar.image import HistoryStamp

        given = self._given_name(name, instance, file)
        stamp = HistoryStamp(self.name.upper()[:8], self.user, self.now().ctime())
        try:
            primary = self._primary(output=given)
        except VicarError as error:
            raise ReportedError(error, "IBISFileUnitOpen") from error
        table = create_table(self._place(given, "IBISFileUnitOpen"), name=given, primary=primary, task=stamp, **options)
        self._images.append(table)
        return table

    def _given_name(self, name: str, instance: int, file: str | None) -> str:
        given = file if file is not None else self.file_name(name, instance)
        if given is None:
            parameter = self.parameters.get(name)
            known = parameter is not None and parameter.type == STRING
            raise VicarError("BADINST" if known else "BADNAM", "XVUNIT")
        return given

    def _size_parameters(self) -> dict[str, int | None]:
        """What the NL, NS, NB and SIZE parameters of any program say about its outputs (``get_out_size_from_parm``)."""
        first = self.parameters.first_integer
        size = {"nl": first("NL") or None, "ns": first("NS") or None, "nb": first("NB") or None}
        field_ = [first("SIZE", i) for i in range(4)]
        if None not in field_:
            size["nl"] = field_[2] or size["nl"]
            size["ns"] = field_[3] or size["ns"]
        return size

    def primary(self, choice: Image | int | None) -> None:
        """XVSELPI / XVSELPIU: an instance of INP, an image, or none (0 or None)."""
        self._primary_choice = choice or 0
        self._primary_image = None if isinstance(self._primary_choice, int) else choice
        if isinstance(self._primary_choice, int):
            self._primary_image = self._opened.get(("INP", self._primary_choice))

    def _primary(self, output: str | None = None) -> Image | None:
        """The primary input, opened if the program has not done so; None if there is none or it has no label.

        Raises OPNINP (under the name of the ``output`` it is needed for) if the file cannot be opened.
        """
        if self._primary_image is not None:
            return self._primary_image  # what was read when it was opened counts, even after it was closed
        if self._primary_choice == 0 or not self.file_name("INP", self._primary_choice):
            return None
        from vicar.image import open_image

        given = self.file_name("INP", self._primary_choice)
        try:
            self._primary_image = open_image(self.path(given), name=given)
        except VicarError as error:
            if error.key == "BADLBL" or output is None:
                return None
            raise VicarError("OPNINP", "XVOPEN", output) from error
        self._images.append(self._primary_image)
        return self._primary_image

    def size_field(self, image: Image | None = None) -> Window:
        """XVSIZE: the window the user asked for. Source: ``xvsize.c``.

        SIZE counts only if its third and fourth values are both non-zero; otherwise SL, SS, NL and NS do, where positive.
        """
        source = image or self._primary()
        nli, nsi = (source.nl, source.ns) if source is not None else (0, 0)
        sl, ss, nl, ns = 1, 1, nli, nsi
        first = self.parameters.first_integer
        if first("SIZE", 2) and first("SIZE", 3):
            sl, ss, nl, ns = (first("SIZE", i) for i in range(4))
        else:
            sl, ss, nl, ns = (
                given if given is not None and given > 0 else usual
                for given, usual in ((first("SL"), sl), (first("SS"), ss), (first("NL"), nl), (first("NS"), ns))
            )
        return Window(sl, ss, nl, ns, nli, nsi)

    def band_field(self, image: Image | None = None) -> Bands:
        """XVBANDS: the bands the user asked for. Source: ``xvbands.c``."""
        source = image or self._primary()
        nbi = source.nb if source is not None else 0
        sb, nb = 1, nbi
        first = self.parameters.first_integer
        if first("BANDS", 1):
            sb, nb = first("BANDS", 0), first("BANDS", 1)
        else:
            sb = first("SB") if (first("SB") or 0) > 0 else sb
            nb = first("NB") if (first("NB") or 0) > 0 else nb
        return Bands(sb, nb, nbi)

    def finish(self, fault: bool = False) -> None:
        """End of the program, ABEND included: what is still open is closed as far as it was written (``abend.c``).

        After a ``fault`` of ours, which the original would not have had, outputs are given up instead.
        """
        for image in self._images:
            if fault:
                image.discard()
            else:
                image.close()


def task_from_values(name: str, world: World | None = None, subcommand: str = "", /, **values) -> Task:
    """A task from plain Python values, for tests and for calling a program's ``main`` directly.

    Lists become multi-valued parameters, ``int``/``float``/``str`` set the type; nothing is defaulted or checked.
    """
    parameters = []
    for key, value in values.items():
        items = tuple(value) if isinstance(value, list | tuple) else (value,)
        kind = STRING if any(isinstance(v, str) for v in items) else REAL if any(isinstance(v, float) for v in items) else INTEGER
        parameters.append(Parameter(key.upper(), kind, items))
    return Task(name, Parameters(parameters), world, subcommand)
