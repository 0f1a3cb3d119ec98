"""RESSAR77: removes reseau and fiducial marks and blemishes from Voyager images. Source: ``vos/p2/prog/ressar77`` (2020-02-25).

Lines pass through a ring of 45 buffers, as in the original: what is removed later sees what was removed before it.

known
  * Circles of a radius of more than 33 reach over the ring in the original into other memory; here they wrap.
  * Images of more than 800 samples run over the original's buffers into each other; here they do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.voyager import _fiducials as fiducials
from programs.voyager._extrapolate import weighted_mean
from programs.voyager._fiducials import Ring
from vicar.ibis.errors import IbisError
from vicar.missions import voyager
from vicar.numerics import libm
from vicar.numerics.heapsort import heapsort
from vicar.numerics.prnt import prnt

FORTRAN = True

f32 = np.float32
LEAD = 33  # lines that must have arrived below the centre of a mark
MARKS = 202
NOWHERE = 999
CIRCLE_REACH = 20**2
TURN = f32(6.2831853072)


@dataclass
class Count:
    """Corrected pixels, as the original counts them (one too few a line)."""

    pixels: int = 0


def main(task) -> None:
    """Run RESSAR77."""
    task.if_message("RESSAR77 version 2020-02-25")
    debug = task.messages if task.keyword("DBUG") else None
    source = task.open("INP", 1, u_format="HALF")
    window = task.size_field()
    camera = camera_of(task, source)
    places = read_reseau(task) if task.count("INP") > 1 else np.zeros((0, 2), f32)
    result = task.create("OUT", u_format="HALF")

    radius = np.full(len(places), task.real("RADIUS"), f32)
    reseaus = len(places)
    centers = task.reals("CENTERS")
    if len(centers) >= 3 and centers[2] > 0:
        more = np.append(centers, np.zeros(-len(centers) % 3, f32)).reshape(-1, 3)
        places, radius = np.concatenate([places, more[:, :2]]), np.append(radius, more[:, 2])
    if task.count("INP") == 3:
        places, radius = add_blemishes(task, camera, places, radius, debug)
    work = Removal(task, source, result, window, camera, places, radius, reseaus, debug)
    work.run()
    result.label.add("PIX_CNT", work.count.pixels, task="", format="INT")
    task.messages(*prnt("FULL", work.count.pixels, "TOTAL # CORRECTED PIXELS =."))


def cancel(task, text: str) -> None:
    task.abend(text, "***RESSAR77 task cancelled")


def camera_of(task, source) -> int:
    """Camera serial number, from the user or the label."""
    camera = task.integer("CAMERA") if not task.defaulted("CAMERA") else None
    if camera is None:
        try:
            state = voyager.camera_state(source.label, task.message, items=6)
        except voyager.CardError as fault:
            task.printf(f"{task.name.lower()}: {fault}")
            task.quit()
        if not state.voyager:
            cancel(task, "***Err reading input picture label")
        camera = state.camera
    if not 4 <= camera <= 8:
        cancel(task, "***Invalid camera s/n")
    return camera


def read_reseau(task) -> np.ndarray:
    """Reseau marks as (line, sample), float32 (202, 2)."""
    with task.open_table("INP", 2) as table:
        for kind in ("FULL", "REAL"):
            columns = table.find(f"format:{kind}")
            if not columns:
                raise IbisError("EMPTYGRP", "IBISColumnFind")
        values = [table.read(column, "REAL", 1, 1)[0] for column in columns[: 2 * MARKS]]
    return np.array(values + [0] * (2 * MARKS - len(values)), f32).reshape(MARKS, 2)


def add_blemishes(task, camera: int, places, radius, debug):
    """Blemishes of the third input: number of a mark, offsets from it in lines and samples, radius."""
    image = task.open("INP", 3)
    cards = voyager.Cards()
    cards.load(image.label, lambda text: None)
    number = cards.integer(105)
    if number != camera:
        task.message("***Camera S/N DO NOT MATCH")
        task.messages(*prnt("FULL", number, "***BLEM SN."), *prnt("FULL", camera, "***RES  SN."))
        task.abend()
    data = image.read(1).view(f32)
    blemishes = data[: len(data) // 4 * 4].reshape(-1, 4)
    image.close()
    marks = blemishes[:, 0].astype(np.int64) - 1
    near = np.zeros((len(blemishes), 2), f32)
    known = (marks >= 0) & (marks < len(places))
    near[known] = places[marks[known]]
    places = np.concatenate([places, blemishes[:, 1:3] + near])
    radius = np.append(radius, blemishes[:, 3])
    if debug:
        debug(*prnt("FULL", len(blemishes), "NBLM."), *prnt("REAL", blemishes.ravel(), "BLEM."))
        debug(*prnt("FULL", len(places), "NLOC."), *prnt("REAL", places.ravel(), "LOCS."))
    return places, radius


def nearest(values: np.ndarray) -> np.ndarray:
    """Plus a half, truncated, in 16 bits."""
    return (values + f32(0.5)).astype(np.int32).astype(np.int16).astype(np.int64)


class Removal:
    """One passage of the image through the ring of buffers."""

    def __init__(self, task, source, result, window, camera, places, radius, reseaus, debug):
        self.source, self.result, self.debug = source, result, debug
        self.ring = Ring(window.nl, window.ns)
        self.count = Count()
        self.reseaus = reseaus
        self.keep_reseaus = task.keyword("KEEPRESE")
        self.radius = np.append(radius, f32(0))
        # a centre far below the image makes the last lines pass
        lines, samples = np.append(places[:, 0], f32(9999)), np.append(places[:, 1], f32(0))
        self.marks = np.stack([nearest(samples), nearest(lines)], axis=1)
        fiducial = task.count("INP") > 1 and not task.keyword("KEEPFIDU")
        if not fiducial:  # the marks beside them lie in their dark and would spread it
            for number in (*fiducials.HORIZONTAL_BESIDE, *fiducials.VERTICAL_BESIDE):
                if number <= len(self.marks):
                    self.marks[number - 1] = NOWHERE
        _, self.order = heapsort(self.marks[:, 1].tolist())
        self.horizontal: list[fiducials.Bar] = []
        self.vertical = fiducials.VerticalBars(self.ring, [])
        if fiducial:
            self._find_bars(camera)
        elif debug:
            debug(*prnt("HALF", [n + 1 for n in self.order], "IORD."))

    def _find_bars(self, camera: int) -> None:
        """Bars and the lines at which they are due."""
        horizontal = fiducials.bars(
            self.marks, camera, fiducials.HORIZONTAL_ENDS, fiducials.HORIZONTAL_BESIDE, fiducials.HORIZONTAL
        )
        vertical = fiducials.bars(self.marks, camera, fiducials.VERTICAL_ENDS, fiducials.VERTICAL_BESIDE, fiducials.VERTICAL)
        for bar in horizontal:
            bar.due = max(bar.first[1], bar.second[1]) + 6
        for bar in vertical:
            bar.due = bar.first[1] + self.ring.size // 2 + 1
        _, order = heapsort([bar.due for bar in horizontal])
        self.horizontal = [horizontal[n] for n in order]
        self.vertical.bars = vertical
        if self.debug:
            ends = [[v for bar in bars for end in (bar.first, bar.second) for v in end] for bars in (horizontal, vertical)]
            self.debug(*prnt("HALF", [n + 1 for n in self.order], "IORD."))
            self.debug(*prnt("HALF", ends[0], "HBUF."), *prnt("HALF", [n + 1 for n in order], "HORD."))
            self.debug(*prnt("HALF", ends[1], "VBUF."))
            self.debug(*prnt("HALF", [bar.due for bar in horizontal], "HLINE=."))
            self.debug(*prnt("HALF", [bar.due for bar in vertical], "VLINE=."))

    def run(self) -> None:
        """Take the marks in the order of their lines."""
        for number in self.order:
            sample, line = (int(v) for v in self.marks[number])
            if line + LEAD < 1:
                continue
            while self.ring.arrived < line + LEAD:
                if not self._next_line():
                    return
            if number >= self.reseaus or not self.keep_reseaus:
                self._remove_circle(line, sample, self.radius[number])
            if self.debug:
                for kind, value, title in (("FULL", number + 1, "NUMBER."), ("FULL", line, "LINE."),
                                           ("FULL", sample, "SAMPLE."), ("REAL", self.radius[number], "RADIUS.")):  # fmt: skip
                    self.debug(*prnt(kind, value, title))

    def _next_line(self) -> bool:
        """Write the oldest line and read the next; False when all lines are through."""
        ring = self.ring
        buffer = ring.advance()
        if ring.arrived > ring.size:
            if ring.arrived > ring.nl + ring.size:
                return False
            self.result.write(buffer[: self.result.ns])
        if ring.arrived <= ring.nl:
            line = self.source.read()
            buffer[: len(line)] = line[: len(buffer)]
        while self.horizontal and self.horizontal[0].due == ring.arrived:
            fiducials.remove_horizontal(ring, self.horizontal.pop(0), self.debug, self.count)
        if self.vertical.bars:
            self.vertical.pass_line(ring.arrived, self.debug, self.count)
        return True

    def _remove_circle(self, line: int, sample: int, radius: np.float32) -> None:
        """Replace a disc by what lies on its edge."""
        ring = self.ring
        with np.errstate(all="ignore"):
            first = max(fiducials.whole(f32(line) - radius), 2)
            last = min(fiducials.whole(f32(line) + radius), ring.nl)
            if last < first:
                return
            points = self._edge(line, sample, radius)
            if not len(points):
                return
            rows = np.arange(first, last + 1)
            reach = np.sqrt(radius * radius - ((rows - line) ** 2).astype(f32))
        inside = reach == reach
        rows, reach = rows[inside], reach[inside].astype(np.int64)
        starts, stops = np.maximum(sample - reach, 1), np.minimum(sample + reach, ring.ns)
        used = stops >= starts
        rows, starts, stops = rows[used], starts[used], stops[used]
        if not len(rows):
            return
        lengths = stops - starts + 1
        lines = np.repeat(rows, lengths)
        samples = np.concatenate([np.arange(a, b + 1) for a, b in zip(starts, stops, strict=True)])
        values = weighted_mean(points, lines, samples, CIRCLE_REACH)
        place = 0
        for row, start, length in zip(rows, starts, lengths, strict=True):
            ring.line(int(row))[start - 1 : start - 1 + length] = values[place : place + length]
            place += length
        self.count.pixels += int((stops - starts).sum())

    def _edge(self, line: int, sample: int, radius: np.float32) -> np.ndarray:
        """Points on the circle, each once: sample, line, value."""
        ring = self.ring
        cosine, sine = circle(float(radius))
        x = (cosine + f32(sample) + f32(0.5)).astype(np.int32)
        y = (sine + f32(line) + f32(0.5)).astype(np.int32)
        inside = (x >= 1) & (x <= ring.ns) & (y >= 2) & (y < ring.nl)
        x, y = x[inside], y[inside]
        new = np.ones(len(x), bool)
        new[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
        x, y = x[new].astype(np.int64), y[new].astype(np.int64)
        slots = (ring.place - 1 + y - ring.arrived) % ring.size
        return np.stack([x, y, ring.lines[slots, x - 1].astype(np.int64)], axis=1)


def circle(radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Radius times cosine and sine of the angles the original steps through, float32."""
    r = f32(radius)
    step = f32(1) / r
    angles = np.add.accumulate(np.full(int(7 * abs(radius)) + 8, step, f32), dtype=f32)
    angles = np.append(f32(0), angles)
    angles = angles[: int(np.argmax(angles >= TURN))]
    return r * libm.cos(angles), r * libm.sin(angles)
