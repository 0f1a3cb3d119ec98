"""GALGEN: radiometric slope, dark current and linearity of a camera from flat fields. Source: ``vos/p2/prog/galgen`` (Fortran).

Files of a LIST are read as they are into halfwords: only those of HALF format make sense there, as in the original.
Cassini labels other than those of ground calibration are not recognized, and their gains match only up to five
characters, as in the original.

accepted: images of more than 1024 samples are refused; the original writes past its arrays. A first exposure flagged as
-32000 gives 0 in the second file; the original takes what its memory holds. An empty LIST is reported; the original dies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.statistics import _lightfit as lightfit
from programs.statistics._exposures import listed_files
from vicar.missions import cassini
from vicar.numerics import fortran
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import truncate

FORTRAN = True
F = np.float32
LONGEST, MOST_FRAMES, MOST_LISTED, MOST_TASKS = 1024, 13, 10, 20
REACH = 100  # lines between messages
NO_CORRECTION, NO_TEST = 32000, 99
SUMMED_SIZES = {512: 2, 256: 4}
SHUTTER_TIMES = (
    0, 4.166667, 6.25, 8.333333, 12.5, 16.66667, 25, 33.33333, 50, 66.66667, 100, 133.3333, 200, 266.6667, 400, 533.3333,
    800, 1066.667, 1600, 2133.333, 3200, 4266.667, 6400, 8533.333, 12800, 17066.67, 25600, 34133.33, 51200, 0, 0, 0,
)  # fmt: skip
GAIN_NAMES = (("24K", 24), ("40K", 40), ("12", 40), ("100K", 100), ("29", 100), ("400K", 400), ("95", 400),
              ("1400K", 1400), ("215", 1400))  # fmt: skip


@dataclass
class Plan:
    """What the parameters and labels say about the frames, dark current first."""

    dark: int  # 1 if there is a dark current frame
    frames: list
    extended: object | None  # extended-exposure dark current
    cassini: bool
    step: int  # step in the table of shutter offsets
    light: np.float32 = F(0)
    exposures: np.ndarray | None = None
    offsets: np.ndarray | None = None
    scales: np.ndarray | None = None
    error: tuple = (F(0), F(0))
    first_extended: int = NO_CORRECTION
    skip: int = NO_TEST
    full_wells: tuple = ()


def main(task):
    task.if_message("GALGEN version MAY 22, 2003")
    outputs = task.count("OUT")
    inputs, dark = open_frames(task)
    frames = inputs
    extended = None
    if task.count("EDC") == 1:
        extended = task.open("EDC", u_format="HALF")
        inputs = [*frames, extended]
        task.message("... Extended Dark-current file specified")
    sums, ambiguous = picture_scales(inputs)
    slope_only = task.keyword("SLOPE")
    if slope_only and outputs >= 5:
        task.abend("*** If SLOPE only, do not specify output dark-current")
    results = open_results(task, outputs)
    first = inputs[0]
    if first.ns > LONGEST:
        task.abend("*** Images may have 1024 samples at most")
    mission = mission_of(inputs[dark] if len(inputs) > dark else first)
    step = 2 if first.nl == 400 else 1
    if mission:
        step = SUMMED_SIZES.get(first.nl, step)
    task.message(f"... {outputs} output calibration files opened")
    task.message("... Files ready for processing")
    plan = Plan(dark, frames, extended, mission, step)
    set_parameters(task, plan, inputs, sums, ambiguous)
    task.message("... Parameter processing complete")
    process(task, plan, first, results, slope_only)
    task.message("GALGEN task completed")


def open_frames(task) -> tuple[list, int]:
    """The dark current, if there is one, and the flat fields."""
    frames = []
    if task.count("DC"):
        frames.append(task.open("DC", u_format="HALF"))
        task.message("... Dark current file specified")
    else:
        task.message("... No Dark current file specified")
    dark = len(frames)
    if task.count("LIST"):
        try:
            names = listed_files(task.directory / task.string("LIST").rstrip())
        except OSError:
            names = []
        if not names:
            task.abend("ERROR OPENING INPUT SRCH LIST FILE")
        frames += [task.open(file=name) for name in names[:MOST_LISTED]]
        if len(names) > MOST_LISTED:
            task.abend("MORE THAN 10 FILENAMES IN LIST")
    else:
        frames += [task.open("INP", n, u_format="HALF") for n in range(1, task.count("INP") + 1)]
    task.message(f"... {fortran.integer(len(frames) - dark, 2)} flat-field frames opened")
    return frames, dark


def picture_scales(inputs) -> tuple[list[int], bool]:
    """How many pictures were summed for each input, and whether that is open for some."""
    sums, ambiguous = [], False
    for image in inputs:
        found = None
        for name, instance in reversed(image.label.tasks()[:MOST_TASKS]):
            found = image.label.get("PICSCALE", task=name, instance=instance, format="INT", default=None)
            if found is not None:
                break
        sums.append(1 if found is None else found)
        ambiguous |= found is None and image.format != "BYTE"
    return sums, ambiguous


def open_results(task, count: int) -> list:
    results = [task.create("OUT", 1, format="REAL", u_format="REAL")]
    results[0].label.add("FILE", "RADIOMETRIC", task="", format="STRING")
    results += [task.create("OUT", n, format="HALF", u_format="HALF") for n in range(2, count + 1)]
    if count == 5:
        results[4].label.add("FILE", "DARK-CURRENT", task="", format="STRING")
        results[4].label.add("PICSCALE", 128, task="", format="INT")
    return results


def mission_of(image) -> bool:
    """Whether the label is a Cassini one: only the first property is found, since success leads to the next."""
    mission = ""
    for name in cassini.PROPERTIES:
        found = image.label.get("MISSION_NAME", property=name, format="STRING", default=None)
        if found is None:
            break
        mission = found
    return mission.startswith("CASSINI")


def cancel(task, *texts):
    task.messages(*texts)
    task.abend("*** GALGEN task cancelled ***")


# -- parameters ---------------------------------------------------------------------------------------------------------


def set_parameters(task, plan: Plan, inputs, sums, ambiguous: bool) -> None:
    camera = ""
    exposures = task.reals("EXPOSURE")
    if plan.cassini:
        labels = same_camera(task, plan, inputs)
        camera = labels[0]["camera"][0]
        gain = task.integer("GAIN") if task.count("GAIN") else gain_of(task, labels[0]["gain"][0][:5])
        if not len(exposures):
            exposures = np.array([int(truncate(F(label["exposure"][0]))) for label in labels], F)
        plan.light = task.real("LIGHT") if task.count("LIGHT") else F(labels[0]["radiance"][0])
    else:
        if not task.count("GAIN"):
            cancel(task, "*** GAIN must be given")
        gain = task.integer("GAIN")
        if not len(exposures):
            exposures = np.array([SHUTTER_TIMES[n] for n in task.integers("SHUTTER")], F)
            if not len(exposures):
                cancel(task, "*** Exposures not specified")
        if not task.count("LIGHT"):
            cancel(task, "*** LIGHT must be given")
        plan.light = task.real("LIGHT")
    plan.error = tuple(task.reals("ERROR"))
    if task.keyword("LFWPT"):
        plan.skip = task.integer("SKIP")
    elif not plan.cassini:
        plan.full_wells = lightfit.known_full_wells(gain, inputs[0].ns)
    if task.count("EXTEXPO"):
        plan.first_extended = task.integer("EXTEXPO")
        task.messages(*prnt("FULL", plan.first_extended, "Extended DC correction from frame."))
        plan.first_extended += plan.dark
    else:
        task.message("No extended-dark-current correction")
    correct = bool(task.count("EXTEXPO"))
    if correct and not plan.dark:
        cancel(task, "*** Normal DC required if FIRSTEDC is used")
    count = len(exposures) + plan.dark
    if count + correct != len(inputs):
        cancel(task, "*** Exposure must match number of flat fields")
    plan.frames, plan.extended = inputs[:count], inputs[-1] if correct else None
    plan.exposures = plan.light * np.concatenate(([F(0)] * plan.dark, exposures)).astype(F)
    if (plan.exposures[1:] < plan.exposures[:-1]).any():
        cancel(task, "*** Input frames must be in order of increasing exposure")
    unit = "picoamp" if task.string("UNITS") == "RADIANCE" else "relative-foot-Lambert"
    task.messages(*prnt("REAL", plan.exposures[plan.dark :], f"Exposures in {unit}-milliseconds=."))
    plan.offsets = shutter_offsets(task, plan, camera)
    given = task.integers("NUMB")
    if not given and ambiguous:
        cancel(task, "*** Input picture scale is ambiguous", "*** Use NUMB parameter to specify picture scale")
    if given and len(given) != len(inputs):
        cancel(task, "*** NUMB keyword must match total # of inputs")
    sums = given or sums
    task.messages(*prnt("FULL", sums, "Input picture scales=."))
    with np.errstate(divide="ignore"):
        plan.scales = F(1) / np.array(sums, F)


def read_camera_label(task, image) -> dict:
    try:
        return cassini.read_label(image.label, task.message)
    except cassini.CassiniError as error:
        cancel(task, str(error), image.name[:50], "*** Cassini label missing items")


def same_camera(task, plan: Plan, inputs) -> list[dict]:
    """Labels of the flat fields, which have to be alike."""
    labels = [read_camera_label(task, inputs[plan.dark])]
    first = labels[0]
    gain = first["gain"][0][:5].rstrip()
    for image in inputs[plan.dark + 1 :]:
        label = read_camera_label(task, image)
        alike = all(label[key][0] == first[key][0] for key in ("camera", "mode")) and label["filters"] == first["filters"]
        if not alike or label["gain"][0].rstrip() != gain:
            cancel(task, "*** Inputs must have the same camera, mode,", "     gain,filter 1 and filter2")
        labels.append(label)
    if plan.dark:
        label = read_camera_label(task, inputs[0])
        if label["camera"] != first["camera"] or label["mode"] != first["mode"] or label["gain"][0].rstrip() != gain:
            cancel(task, "*** DC must have the same camera, mode,", "    gain as the inputs")
    return labels


def gain_of(task, text: str) -> int:
    for name, gain in GAIN_NAMES:
        if text.rstrip() == name or (name.isdigit() and text.startswith(name)):
            return gain
    task.abend("INVALID GAIN_MODE_ID IN VICAR LABEL")


def shutter_offsets(task, plan: Plan, camera: str) -> np.ndarray:
    """Offsets times light, of every line or sample; the first line of the file as real numbers."""
    image = task.open(file=task.string("OFFSETS"))
    if plan.cassini:
        label = read_camera_label(task, image)
        if label["camera"][0] != camera:
            cancel(task, "*** Wrong shutter offset file (camera does not match)")
    data = image.read().tobytes()[: 4 * LONGEST].ljust(4 * LONGEST, b"\0")
    table = np.frombuffer(data, F).copy()
    with np.errstate(all="ignore"):
        table[: image.ns] *= plan.light
    return table


# -- processing -----------------------------------------------------------------------------------------------------------


def process(task, plan: Plan, first, results, slope_only: bool) -> None:
    ns = first.ns
    buffer = np.zeros((MOST_FRAMES + 1, LONGEST), np.int16)
    extended = None
    low_wells = bad = 0
    for line in range(1, first.nl + 1):
        for frame, image in zip(range(len(plan.frames)), plan.frames, strict=True):
            data = image.read().tobytes()
            start = 2 * LONGEST * frame
            room = buffer.reshape(-1).view(np.uint8)[start : start + len(data)]
            room[:] = np.frombuffer(data, np.uint8)[: len(room)]
        if plan.extended is not None:
            extended = plan.extended.read()[:ns]
        values = buffer[: len(plan.frames), :ns]
        full = lightfit.flag_full_wells(plan.full_wells, line, buffer[: len(plan.frames)], plan.scales)
        energy = line_energy(plan, line, ns)
        deviation = plan.error[0] * energy + plan.error[1]
        fit = lightfit.fit_slopes if slope_only else lightfit.fit_lines
        answer = fit(
            values, plan.scales, energy, deviation, extended, plan.first_extended, plan.skip,
            lightfit.CASSINI_TOP if plan.cassini else lightfit.GALILEO_TOP, full[:ns],
        )  # fmt: skip
        low_wells += answer.low_wells
        bad += answer.bad
        rows = answer.outputs(task.real("SCALE"), task.real("FITSCALE"), len(results))
        for result, row in zip(results, rows, strict=True):
            result.write(row)
        if line % REACH == 0:
            task.message(fortran.edit("('... Processing through line ',I4,' completed')", line))
    task.message(f"{fortran.integer(low_wells, 7)} low-full-well pixels")
    task.message(f"{fortran.integer(bad, 7)} pixels with bad fit")


def line_energy(plan: Plan, line: int, ns: int) -> np.ndarray:
    """Exposure of each frame at each sample of a line; none for the dark current."""
    if plan.cassini:
        offsets = plan.offsets[np.minimum(plan.step * np.arange(ns), LONGEST - 1)]
    else:
        offsets = np.full(ns, plan.offsets[min(plan.step * line, LONGEST) - 1], F)
    exposures = plan.exposures[:, None]
    return np.where(exposures > 0, exposures - offsets, F(0))
