"""FICOR77: radiometric correction of Voyager frames. Source: ``vos/p2/prog/ficor77`` (Fortran, version 2021-11-02).

A raw frame, a dark frame and a file of light-transfer curves become an image in units of I/F or radiance. Which of the
given files serve is decided by the camera state in their labels. The inversion of the curves is in ``_lighttransfer``.

Compared with the original bit for bit (pixels, label, log): its own test, every option, random frames with curves that do
not rise; see ``testscripts/ficor77``.

accepted
  * A number in the label that cannot be read ends the original silently and successfully; so it does here.
  * After an error the output of an earlier run stays; the original leaves a label and zeros in its place.
  * After an error the original may print ``***Line=`` with whatever its variable held; here that line never appears.
  * Curves without the history items that describe them crash the original (it divides by an unset number); here one line says so.
known
  * A frame of DOUB or COMP format: the original's line runs over the curves of the next pixels; not imitated.
"""

from __future__ import annotations

import numpy as np

from programs.voyager import _ficor77_files as files
from programs.voyager import _lighttransfer as lighttransfer
from programs.voyager._ficor77_scale import GAIN_RATIO, OutputScale, output_scale
from vicar.errors import VicarError
from vicar.missions import voyager
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt

FORTRAN = True
WIDTH = 800  # samples of a frame
BLOCK = 32  # lines worked on at once
POINTS = 10  # most points of a curve


class Cancelled(Exception):
    """The program gives up; the texts are printed first."""


def main(task) -> None:
    """Run FICOR77."""
    task.if_message("FICOR77 version 2021-11-02")
    try:
        correct_frame(task)
    except (Cancelled, files.Refused) as refusal:
        task.messages(*refusal.args)
        task.abend("***FICOR task cancelled")
    except voyager.CardError as fault:
        task.printf(f"{task.name.lower()}: {fault}")
        task.quit()


def correct_frame(task) -> None:
    """The whole run, in the original's order of messages."""
    if equate := task.keyword("FILTEQ"):
        task.message("Equating NA filter 0 with 4, and 5 with 6")
    frame = task.open("INP", 1)
    state = voyager.camera_state(frame.label, task.message)
    cards = voyager.Cards()
    cards.load(frame.label, task.message)
    cards.mode  # read, and refused if it is no digit; the value counts for nothing
    window = check_size(task, frame)
    planet = find_planet(task, state)
    output, maxdn, noneg = open_output(task, window)
    override(task, state)
    if equate and state.camera in voyager.NARROW:
        state.filter = files.EQUAL_FILTERS.get(state.filter, state.filter)

    chosen = files.choose(task, state, mode=task.integer("MODE", 0), equate=equate)
    curves = Curves(task, chosen.curves)
    table, dark_scale = signal_scales(task, state.camera, state.gain, chosen.dark_state.gain, chosen.divisor)
    scale = output_scale(task, state, planet, curves.luminance, curves.points, curves.excess)
    if isinstance(scale, tuple):
        raise Cancelled(*scale)

    transfer = lighttransfer.Transfer(scale.luminance, scale.excess, np.float32(maxdn), noneg)
    statistics = lighttransfer.Statistics(np.float32(maxdn))
    work = Work(frame, chosen.dark, curves, output, window, table, dark_scale, transfer, statistics)
    for first in range(0, window.nl, BLOCK):
        work.lines(first, min(BLOCK, window.nl - first))
        task.progress(first, window.nl)
    write_label(output, scale, chosen.dark_state.fds, voyager.PLANETS[planet], statistics)
    report(task, window, statistics)


def check_size(task, frame):
    """The window to correct; the input must be a whole frame in width, and hold it."""
    window = task.size_field()
    if window.nsi != WIDTH:
        raise Cancelled("***Input must be an 800x800 VGR image")
    if window.sl + window.nl - 1 > window.nli or window.ss + window.ns - 1 > window.nsi:
        raise Cancelled("***Requested area exceeds boundaries of image")
    if frame.format != "BYTE":
        task.messages("***Label indicates input image is not byte", "***Byte format will be assumed")
    return window


def find_planet(task, state: voyager.CameraState) -> int:
    """Planet of the encounter; radiances (CONV) are always scaled for Jupiter."""
    names = (name for number, name in voyager.PLANETS.items() if number != voyager.NOCORR)
    chosen = next((name for name in names if task.keyword(name)), None)
    planet = voyager.planet_of(state, chosen, jupiter=given(task, "CONV"))
    if planet is None:
        raise Cancelled("***Planet ID is indeterminate", "***Use PLANET keyword to specify planet")
    return planet


def given(task, name: str) -> bool:
    """Whether the user gave the parameter a value."""
    return not task.defaulted(name) and task.count(name) > 0


def open_output(task, window):
    """The output image, its largest value, and whether negative values become 0."""
    format_, maxdn, noneg = "HALF", task.integer("MAXDN", 0), task.keyword("NONEG")
    if task.keyword("BYTE"):
        format_, maxdn, noneg = "BYTE", 255, True
    elif task.keyword("REAL"):
        format_ = "REAL"
    return task.create("OUT", ns=window.ns, u_format="REAL", format=format_), maxdn, noneg


def override(task, state: voyager.CameraState) -> None:
    """Put what the user says in place of what the label says."""
    if given(task, "EXPO"):
        state.exposure = task.real("EXPO")
        task.messages(*prnt("REAL", state.exposure, "Exposure time overridden, EXPO=."))
    for name, attribute, text in (
        ("FILTER", "filter", "Filter position overridden."),
        ("SCAN", "scan_rate", "Scan rate overridden"),
        ("CAMERA", "camera", "Camera serial number overridden"),
        ("GAIN", "gain", "Gain overridden"),
    ):
        if given(task, name):
            setattr(state, attribute, task.integer(name))
            task.message(text)
    for name, text in (
        ("MODE", "Input image mode overridden"),
        ("DCSCAN", "DC scan rate overridden"),
        ("DCCAM", "DC camera serial number overridden"),
        ("DCGAIN", "DC gain overridden"),
    ):
        if given(task, name):
            task.message(text)
    if state.camera not in voyager.CAMERAS:
        raise Cancelled("***Invalid camera serial number")
    if state.filter not in voyager.FILTERS:
        raise Cancelled("***Invalid filter position")


class Curves:
    """An open file of light-transfer curves: ``points`` int16 values for each pixel, ``per_record`` pixels a record."""

    def __init__(self, task, image):
        self.image = image
        label = image.label
        try:
            self.points = label.get("NUM_DATA_PTS", task="", format="INT")
            self.excess = np.float32(label.get("DEF_SCALE_FACTOR", task="", format="REAL"))
            luminance = label.values("LUM_VALUES", task="", format="REAL")
        except VicarError:
            raise Cancelled("***No light-transfer items in the label of the calibration file") from None
        if not 2 <= self.points <= min(POINTS, len(luminance)):
            raise Cancelled("***Impossible number of points in the label of the calibration file")
        self.luminance = np.zeros(POINTS, np.float32)  # as many as there may be; the first ``points`` count
        self.luminance[: len(luminance)] = luminance[:POINTS]
        self.per_record = image.ns // self.points

    def read(self, first: int, count: int) -> np.ndarray:
        """Points of ``count`` pixels from number ``first`` (from 0): int16 (count, points)."""
        start = first // self.per_record
        stop = -(-(first + count) // self.per_record)
        records = read_lines(self.image, start + 1, 1, stop - start, self.per_record * self.points)
        pixels = records.reshape(-1, self.points)
        return pixels[first - start * self.per_record :][:count]


def read_lines(image, line: int, samp: int, nl: int, ns: int) -> np.ndarray:
    """Part of an image; of one that is cut off, line by line, to meet its end as the original does."""
    if image.short:
        return np.stack([image.read(line + i, samp, ns) for i in range(nl)])
    return image.read_window(line, samp, nl, ns, copy=False)


def signal_scales(task, camera: int, gain: int, dark_gain: int, divisor: np.float32):
    """Signal of each raw value (float32, 256) and of one unit of the dark frame, in the units of the curves.

    The curves are for low gain and scaled up by ``divisor``; a dark frame may be the sum of several.
    """
    ratio = GAIN_RATIO[camera]
    scale = divisor / ratio if gain == 1 else divisor
    dark_scale = divisor / ratio if dark_gain == 1 else divisor
    dark_scale = dark_scale / np.float32(task.integer("NUMDC", 1))
    table = scale * np.arange(256, dtype=np.float32)
    if task.keyword("DBUG"):
        task.messages(*prnt("REAL", table, "LUT=."))
    return table, dark_scale


class Work:
    """Corrects lines of the window and writes them."""

    def __init__(self, frame, dark, curves, output, window, table, dark_scale, transfer, statistics):
        self.frame, self.dark, self.curves, self.output, self.window = frame, dark, curves, output, window
        self.arguments = table, dark_scale, transfer, statistics

    def lines(self, first: int, count: int) -> None:
        """Correct ``count`` lines from the window's line ``first`` (from 0)."""
        if count > 1 and any(image.short for image in (self.frame, self.dark, self.curves.image)):
            for line in range(first, first + count):
                self.lines(line, 1)
            return
        try:
            result = self._correct(first, count)
        except VicarError:
            if count == 1:
                raise
            for line in range(first, first + count):  # so that the error names the line, and the first file that fails
                self.lines(line, 1)
            return
        room = self.output.nl - first  # the size parameters may give the output fewer lines
        if room > 0:
            self.output.write_window(result[:room], line=first + 1)

    def _correct(self, first: int, count: int) -> np.ndarray:
        window = self.window
        line, ns = window.sl + first, window.ns
        dn = read_lines(self.frame, line, window.ss, count, ns)
        if dn.dtype != np.uint8:  # the bytes as they lie in memory
            dn = np.ascontiguousarray(dn).view(np.uint8)[:, :ns]
        dark = read_lines(self.dark, line, window.ss, count, ns)
        pixel = (line - 1) * WIDTH + window.ss - 1
        if ns == WIDTH:
            points = self.curves.read(pixel, count * WIDTH)
        else:
            points = np.concatenate([self.curves.read(pixel + i * WIDTH, ns) for i in range(count)])
        pieces = lighttransfer.Pieces(pixel, ns, WIDTH, self.curves.per_record)
        return lighttransfer.luminance(dn, dark, points.reshape(count, ns, -1), pieces, *self.arguments)


def write_label(output, scale: OutputScale, dark_fds: int, planet: str, statistics) -> None:
    """What was done, for those who read the label."""
    least = c_integer(statistics.least_saturated)
    lines = {
        "LABEL1": f"FICOR77  MINSAT={fortran.integer(least, 5)} NUMSAT={fortran.integer(statistics.saturated, 6)}",
        "LABEL2": f"FOR NANOWATTS/CM**2/STER/NM MULTIPLY DN VALUE BY {fortran.fixed(scale.radiance, 11, 5)}",
        "LABEL3": f"FOR (I/F)*10000., MULTIPLY DN VALUE BY           {fortran.fixed(scale.reflectance, 11, 5)}",
        "LABEL4": f"FICOR77  DARK CURRENT FDS = {fortran.fixed(np.float32(dark_fds) / np.float32(100), 8, 2)}",
    }
    if scale.relative_only:
        lines["LABEL5"] = "ABSOLUTE CALIBRATION NOT GOOD,SHADING CORRECTION ONLY WAS DONE"
    if scale.correction != 0:
        factor = fortran.fixed(scale.correction, 5, 2)
        lines["COMMENT"] = f" PICTURE MULTIPLIED BY   {factor}      FICOR     {scale.date:8s} VERSION"
        lines["SCALE"] = planet
    for key, text in lines.items():
        output.label.add(key, text, task="", format="STRING")


def report(task, window, statistics) -> None:
    """The closing messages."""
    mean = np.float32(statistics.dark_sum) / np.float32(window.ns * window.nl)
    for kind, value, title in (
        ("REAL", mean, "Mean DN of DC=."),
        ("FULL", c_integer(statistics.least_saturated), "Minimum value of a saturated pixel=."),
        ("FULL", c_integer(statistics.most_unsaturated), "Maximum value of an unsaturated pixel=."),
        ("FULL", statistics.saturated, "Total number of saturated pixels=."),
        ("FULL", statistics.negative, "Total number of negative pixels=."),
    ):
        task.messages(*prnt(kind, value, title))
    task.message("FICOR task completed")


def c_integer(value: np.float32) -> int:
    """A REAL assigned to an INTEGER."""
    return int(value) if abs(value) < 2**31 else -(2**31)
