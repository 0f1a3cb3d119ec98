"""FIXVGR: scale correction of Voyager frames that FICOR77 made. Source: ``vos/p2/prog/fixvgr`` (Fortran, 31-OCT-94).

Every pixel is multiplied by one factor: the correction for camera, filter and planet, times the I/F units of one value as the
label gives them, over an earlier correction if there was one.

Compared with the original bit for bit: see ``testscripts/fixvgr``.

accepted
  * Where the original reads label items without asking whether they are there (a SCALE with no COMMENT), it crashes; here the
    message it was about to print ends the program.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.voyager._scalefile import ScaleFile, ScaleFileError
from vicar.errors import VicarError
from vicar.missions import voyager
from vicar.numerics.cformat import sprintf
from vicar.numerics.fortran import fixed
from vicar.numerics.prnt import prnt

FORTRAN = True
LOW, HIGH = -32768, 32767
UNITS = " MULTIPLY DN VALUE BY"
BLOCK = 64  # lines worked on at once


class Cancelled(Exception):
    """The program gives up; the texts are printed first."""


@dataclass
class Earlier:
    """A correction the image already has."""

    factor: np.float32  # of the scale file
    units_included: bool  # whether that run also multiplied by the I/F units of one value


def main(task) -> None:
    """Run FIXVGR."""
    task.if_message("FIXVGR Version 31-OCT-94")
    try:
        fix_scale(task)
    except (Cancelled, ScaleFileError) as refusal:
        task.messages(*refusal.args)
        task.abend("***FIXVGR task cancelled")
    except voyager.CardError as fault:
        task.printf(f"{task.name.lower()}: {fault}")
        task.quit()


def fix_scale(task) -> None:
    """The whole run, in the original's order of messages."""
    source = task.open("INP")
    result = task.create("OUT")
    scales = ScaleFile(task, task.string("SCF", ""))
    state = voyager.camera_state(source.label, task.message)
    camera, filter_ = task.integer("CAMERA", state.camera), task.integer("FILTER", state.filter)
    task.messages(*prnt("FULL", camera, " Camera=."), *prnt("FULL", filter_, " Filter=."))
    if camera not in voyager.CAMERAS:
        raise Cancelled("***Invalid camera serial number")
    if filter_ not in voyager.FILTERS:
        raise Cancelled("***Invalid filter position")

    earlier = earlier_correction(task, source.label, scales, camera, filter_)
    planet = find_planet(task, state)
    units = reflectance_units(task, source.label)
    factor, date = scales.newest(camera, filter_, planet)
    factor = factor * units
    if earlier is not None:
        factor = factor / earlier.factor
        if earlier.units_included:
            factor = factor / units
    if task.keyword("NOCORREC"):
        factor = np.float32(1)
    task.messages(*prnt("REAL", factor, " Correction factor=."))
    comment = f" PICTURE MULTIPLIED BY   {fixed(factor, 5, 2)}      FIXVGR    {date:8s} VERSION"
    result.label.add("COMMENT", comment, task="", format="STRING")
    result.label.add("SCALE", voyager.PLANETS[planet], task="", format="STRING")
    if np.float32(0.99999) < factor < np.float32(1.00001):
        factor = None
    negative = rescale(task, source, result, factor)
    if negative is not None:
        task.messages(*prnt("FULL", negative, " Number of negative DNs set to zero=."))
    task.message("FIXVGR task completed")


def find_planet(task, state: voyager.CameraState) -> int:
    """Planet of the encounter."""
    names = (name for number, name in voyager.PLANETS.items() if number != voyager.NOCORR)
    planet = voyager.planet_of(state, next((name for name in names if task.keyword(name)), None))
    if planet is None:
        raise Cancelled("***Planet ID is indeterminate", "***Use PLANET keyword to specify planet")
    return planet


def earlier_correction(task, label, scales: ScaleFile, camera: int, filter_: int) -> Earlier | None:
    """What an earlier run of FIXVGR or FICOR77 did to the image; None if nothing.

    The history items are looked for in the last task only: where another task followed, the run counts as one of the first
    version, as does one that left its trace in the card labels.
    """
    tasks = [name for name, _ in label.tasks()]
    comment = label.get("COMMENT", task="", format="STRING", default=None)
    if "FIXVGR" in tasks or (comment is not None and comment[36:41] == "FICOR"):
        planet = label.get("SCALE", task="", format="STRING", default=None)
        if planet is None:
            factor, _ = scales.version(1, camera, filter_, voyager.JUPITER)
            return announce(task, voyager.JUPITER, Earlier(factor, False))
        number = next((n for n, name in voyager.PLANETS.items() if name == planet.rstrip()), voyager.NOCORR)
        if number == voyager.NOCORR:
            return announce(task, number, None)
        if comment is None:
            raise Cancelled(" ***Bad FIXVGR label ***")
        factor = scales.dated(comment[46:54].ljust(8), camera, filter_, number)
        return announce(task, number, Earlier(factor, True))
    return correction_on_cards(task, label, scales, camera, filter_, tasks)


def correction_on_cards(task, label, scales, camera, filter_, tasks) -> Earlier | None:
    """A run of the first version, which wrote a card with its name and one with its factor."""
    if not tasks:
        return None
    number = label.get("NLABS", task=tasks[0], format="INT", default=0)
    cards = [label.get(f"LAB{i:02d}", task=tasks[0], format="STRING", default="") for i in range(1, number + 2)]
    for index in range(number):
        if "FIXVGR" in cards[index][:71]:
            factor, _ = scales.version(1, camera, filter_, voyager.JUPITER)
            applied = voyager.read_real(cards[index + 1].ljust(30)[22:30], 2)
            return announce(task, voyager.NOCORR if applied == 1 else voyager.JUPITER, Earlier(factor, False))
    return None


def announce(task, planet: int, earlier: Earlier | None) -> Earlier | None:
    """Say what was found."""
    if planet == voyager.NOCORR:
        task.message("FIXVGR has already been run with no correction")
        return None
    task.message(f"***FIXVGR has already been run with scale for {voyager.PLANETS[planet]}")
    return earlier


def reflectance_units(task, label) -> np.float32:
    """10000 times I/F of one value, from the second of FICOR77's label lines. Source: ``vos/p2/sub/ficor``."""
    from vicar.numerics.cformat import atof

    text = label.text[: voyager.SEARCHED]
    first = text.find(UNITS)
    second = text.find(UNITS, first + len(UNITS) + 1) if first >= 0 else -1
    if second < 0:
        task.message(" CONV VALUE NOT FOUND")
        task.quit()
    units = np.float32(atof(text[second + len(UNITS) + 1 :][:40]))
    task.message(sprintf("SECOND CONV FACTOR = %11.4E", units))
    return units


def rescale(task, source, result, factor: np.float32 | None) -> int | None:
    """Write the window, multiplied by the factor (None leaves values alone); gives how many negatives became 0."""
    window = task.size_field()
    count = 0 if task.keyword("NONEG") else None
    if source.format not in ("HALF", "WORD"):
        return _rescale_as_words(source, result, window, factor, count)
    for first in range(0, window.nl, BLOCK):
        lines = min(BLOCK, window.nl - first)
        values = _read(source, window, first, lines)
        values, negative = corrected(values, factor, count is not None)
        count = None if count is None else count + negative
        room = result.nl - first
        if room > 0:
            result.write_window(values[:room], line=first + 1)
        task.progress(first, window.nl)
    return count


def _read(source, window, first: int, lines: int) -> np.ndarray:
    """Lines of the window; errors come as for single lines."""
    if not source.short:
        try:
            return source.read_window(window.sl + first, window.ss, lines, window.ns)
        except VicarError:
            pass
    return np.stack([source.read(window.sl + first + i, window.ss, window.ns) for i in range(lines)])


def corrected(values: np.ndarray, factor: np.float32 | None, noneg: bool) -> tuple[np.ndarray, int]:
    """int16 values times the factor, plus a half, truncated; and how many negatives became 0."""
    if factor is not None:
        scaled = values.astype(np.float32) * factor + np.float32(0.5)
        # beyond the range of an integer the processor gives the most negative one
        scaled = np.where(np.abs(scaled) < np.float32(2**31), scaled, np.float32(LOW))
        values = np.clip(scaled, LOW, HIGH).astype(np.int16)
    if not noneg:
        return values, 0
    negative = values < 0
    return np.where(negative, np.int16(0), values), int(np.count_nonzero(negative))


def _rescale_as_words(source, result, window, factor, count) -> int | None:
    """An image that is not HALF: its bytes are taken for 16-bit words, as many as there are samples."""
    size = source.dtype.itemsize
    buffer = np.zeros(40000, np.uint8)
    words = buffer.view(np.int16)[: window.ns]
    for line in range(window.nl):
        values = source.read(window.sl + line, window.ss, window.ns)
        buffer[: window.ns * size] = np.ascontiguousarray(values).view(np.uint8)
        words[:], negative = corrected(words, factor, count is not None)
        count = None if count is None else count + negative
        if line < result.nl:
            result.write(buffer[: window.ns * size].view(source.dtype), line + 1, nsamps=window.ns)
    return count
