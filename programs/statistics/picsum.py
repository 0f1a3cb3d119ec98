"""PICSUM: the sum of frames of one exposure, freed of noise spikes if wanted.

Source: ``vos/p2/prog/picsum`` (Fortran, 14 Feb 2011).

Labels of Cassini and Galileo frames are shown, and give the thresholds of the despiking; others have thresholds of
their own. Kept as it is: the size and format of the last frame are not compared.
accepted: medians above 4095 take the threshold of 4095; labels that break off are taken for empty.
known: labels of missions other than Cassini and Galileo (Voyager, Viking, Mariner, WFPC) end the program with a
sentence.
"""

from __future__ import annotations

import numpy as np

from vicar.missions import cassini, galileo_camera
from vicar.numerics.fortran import fixed, integer
from vicar.numerics.prnt import prnt
from vicar.numerics.rounding import truncate

FORTRAN = True
_F = np.float32
MOST_FILES, LEVELS, LARGEST = 30, 4096, 32767
SEARCHED = 3600  # bytes of a label that are searched for the mission
OTHERS = ("VGR-2", "VGR-1", "INSTRUME=  WFPC", "VIS ", "VO75 ", "MVM73", "MARINER 9")
DIFFERENT = "CAMERA, GAIN, MODE, EXPOS, FILT1, FILT2 must be the same"
CASSINI_GAINS = {  # electrons a DN, of cold and of warm optics
    "N": ((233.04, 98.88, 30.27, 12.85), (219.80, 99.32, 29.15, 13.93)),
    "W": ((210.566, 85.09, 27.68, 11.85), (194.30, 90.13, 27.66, 11.74)),
}
GALILEO_GAINS, GALILEO_CONSTANT = (47.091, 9.809, 4.799, 1.0), 42.3
LEAST = (1, 1, 1, 2)  # thresholds by gain
WARM = 15.0


def main(task):
    task.if_message("PICSUM version 14 Feb 2011")
    count, listed = task.count("INP"), task.string("LIST")
    if count != 1 and listed is not None:
        task.abend("Give only one INP if LIST is given")
    if count == 1 and listed is None:
        task.abend("Specify at least two INPs or one INP with LIST")
    frames = Frames(task)
    if count != 1:
        for number in range(1, count + 1):
            frames.add(task.open("INP", number, u_format="HALF"))
    elif not frames.add_listed(listed):
        cancel(task)
        return
    first = frames.images[0]
    if first.format not in ("BYTE", "HALF"):
        task.message("***Illegal input format")
        cancel(task)
        return
    if any((i.format, i.nl, i.ns) != (first.format, first.nl, first.ns) for i in frames.images[:-1]):
        task.message("***All inputs must be of the same size and format")
        cancel(task)
        return
    add_up(task, frames, first)
    task.message("PICSUM task completed")


def cancel(task) -> None:
    task.message("***PICSUM task cancelled")


class Frames:
    """The frames, and what the labels say: electrons a DN and the least threshold of the last one."""

    def __init__(self, task):
        self.task, self.images, self.clocks = task, [], []
        self.project, self.state = "", None
        self.constant, self.least = _F(1), 3

    def add_listed(self, name: str) -> bool:
        """The frames of a list of files, whose first line does not count."""
        task = self.task
        task.open("INP", 1, u_format="HALF")
        try:
            lines = (task.directory / name).read_text("latin-1").splitlines()[1:]
        except OSError:
            task.messages("could not open input list file", name)
            return False
        for place, line in enumerate(lines):
            if place == MOST_FILES:
                task.message("more than 30 filenames in LIST")
                return False
            self.add(task.open(file=line[:100].rstrip(" "), u_format="HALF"))
        if not self.images:
            task.abend("There are no files in LIST.")
        return True

    def add(self, image) -> None:
        self.images.append(image)
        if len(self.images) == 1:
            self._identify(image)
        if self.project == "CASSI":
            self._cassini(image)
        elif self.project == "GLL":
            self._galileo(image)

    def _identify(self, image) -> None:
        """The mission, by the first frame's label."""
        text = image.label.text[:SEARCHED]
        if galileo_camera.is_galileo(text):
            self.project = "GLL"
            self.task.messages(*galileo_camera.exposure(image.label)[1])
        elif any(mark in text for mark in OTHERS):
            self.task.abend("The label is of a mission that is not known here (only Cassini and Galileo are).")
        elif "MISSION_NAME='CASSINI'" in text or "MISSION_NAME='CASSINI-HUYGENS'" in text:
            self.project = "CASSI"
            values = self._cassini_label(image)
            faulty = values is None
            if faulty:
                self.task.message("GETPROJ: ABLE97 label error")
            if faulty or values["camera"][0][:5] not in ("ISSNA", "ISSWA"):
                self.task.message("GETPROJ: label error, must be ISSNA or ISSWA ")
                faulty = True
            if faulty:
                self.task.abend("Must have a correct Cassini Vicar label")
        else:
            self.task.message("GETPROJ: unrecognizable project")

    def _cassini_label(self, image) -> dict | None:
        try:
            return cassini.read_label(image.label, self.task.message)
        except cassini.CassiniError as fault:
            self.task.message(str(fault))
            return None

    def _cassini(self, image) -> None:
        values = self._cassini_label(image)
        if values is None:
            clock, exposure, optics, names = -999, -999, _F(-999), ("",) * 5
        else:
            clock, exposure = int(values["image_number"][0]), int(truncate(_F(values["exposure"][0])))
            optics = _F(values["optics"][0])
            filters = (*values["filters"], "", "")
            names = tuple(str(text) for text in (values["camera"][0][:5], values["gain"][0], values["mode"][0][:4], *filters[:2]))
        camera, gain, mode, *filters = names
        self.task.message(
            f"SCLK={integer(clock, 9)} CAM={camera:5.5s} GAIN={gain:5.5s} MODE={mode:4.4s} EXP={integer(exposure, 7)}"
            f" FILT1={filters[0]:5.5s} FILT2={filters[1]:5.5s}"
        )
        state = (camera[:5], gain[:5], mode[:4], exposure, filters[0][:5], filters[1][:5])
        if self.state is None:
            self.state = state
        elif state != self.state:
            self.task.abend(DIFFERENT)
        self.clocks.append(clock)
        step = 0 if gain == "1400K" or gain[:3] == "215" else 1 if gain == "400K" or gain[:2] == "95" else \
            2 if gain == "100K" or gain[:2] == "29" else 3  # fmt: skip
        self.constant = _F(CASSINI_GAINS["N" if camera == "ISSNA" else "W"][0 if optics <= WARM else 1][step])
        self.least = LEAST[step]

    def _galileo(self, image) -> None:
        found, faults = galileo_camera.exposure(image.label)
        self.task.messages(*faults)
        camera = found.camera if found else galileo_camera.MISSING
        if found is None:
            self.task.message("GETLABCON: able86 detected invalid label")
            found = galileo_camera.Exposure()
        self.task.message(
            f" CAMERA={integer(camera, 4)} FRAME={integer(found.frame, 9)} FILTER={integer(found.filter, 1)}"
            f" GAIN={integer(found.gain, 1)} EXP={fixed(found.exposure, 8, 1)} RATE={integer(found.rate, 3)}"
        )
        if 1 <= found.gain <= len(LEAST):
            self.constant = _F(GALILEO_CONSTANT) * _F(GALILEO_GAINS[found.gain - 1])
            self.least = LEAST[found.gain - 1]
        if found.compression > 0 and found.compression % 10 == 1:
            self.task.message("EXTENDED-EXPOSURE")


def add_up(task, frames: Frames, first) -> None:
    """The output, line by line."""
    count, scaled = len(frames.images), task.keyword("ASCALE")
    tables = thresholds(task, frames) if not task.defaulted("TSCALE") and task.count("TSCALE") else None
    output = task.create("OUT", nl=first.nl, ns=first.ns, format="HALF", u_format="HALF")
    output.label.add("PICSCALE", 128 if scaled else count, task="", format="INT")
    output.label.add("NFRAMES", count, task="", format="INT")
    if frames.project == "CASSI":
        output.label.add("SCLKS", sorted(frames.clocks), task="", format="INT")
    bad = 0
    for _ in range(first.nl):
        lines = np.zeros((count, first.ns), np.int32)
        for place, image in enumerate(frames.images):
            values = image.read()[: first.ns]
            lines[place, : len(values)] = values
        if tables is not None:
            sums, used = despiked(lines, *tables)
            bad += int((count - used).sum())
        elif task.keyword("MEDIAN"):
            sums = np.sort(lines, axis=0)[(count + 1) // 2 - 1]
        else:
            sums = lines.sum(axis=0, dtype=np.int32)
        sums = np.minimum(sums, LARGEST).astype(np.int16)
        if scaled:
            factor = _F(128) / _F(count)
            sums = np.minimum(truncate(sums.astype(np.float32) * factor), LARGEST).astype(np.int16)
        output.write(sums)
    if tables is not None:
        task.messages(*prnt("FULL", bad, "Number of bad pixels=."))
    output.close()


def thresholds(task, frames: Frames) -> tuple[np.ndarray, np.ndarray]:
    """How far values may be below and above a median of 0 to 4095."""
    scales = [*task.reals("TSCALE"), _F(0)][:2]
    least = frames.least if task.defaulted("MINT") else task.integer("MINT")
    task.messages(*prnt("FULL", least, "MINT=."))
    root = np.sqrt(np.arange(LEVELS, dtype=np.float32))
    low, high = (
        np.maximum(truncate(scale / np.sqrt(frames.constant) * root, np.int16), least).astype(np.int32) for scale in scales
    )
    return low, high


def despiked(lines: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of positive values near their median, as if all were there, and how many were used."""
    count = len(lines)
    valid = lines > 0
    number = valid.sum(axis=0)
    ordered = np.sort(np.where(valid, lines, np.iinfo(np.int32).max), axis=0)
    middle = np.maximum((number + 1) // 2 - 1, 0)
    median = np.where(number > 0, np.take_along_axis(ordered, middle[None], axis=0)[0], 0)
    place = np.arange(count)[:, None]
    level = np.clip(median, 0, LEVELS - 1)
    below, above = place < middle, (place > middle) & (place < number)
    near = (below & (median - ordered <= low[level])) | (above & (ordered - median <= high[level])) | (place == middle)
    near &= number > 0
    used = near.sum(axis=0)
    total = np.where(near, ordered, 0).sum(axis=0)
    with np.errstate(all="ignore"):
        filled = truncate(_F(count) * total.astype(np.float32) / used.astype(np.float32) + _F(0.5))
    sums = np.where(used < count, filled, total)
    sums = np.where(number == 1, ordered[0] * count, np.where(number == 0, 0, sums))
    return sums.astype(np.int32), np.where(number == 1, 1, used)
