"""POLYSCRB: draws the line strings of a graphics file. Source: ``vos/p2/prog/polyscrb`` (Fortran, 2-JAN-95).

Kept: the image is drawn in strips as large as the original's buffer, and lines that cross from one to the next are drawn in
each; the last point of the file is where the first line of the next strip begins.
known: nothing. accepted: pixels before the first of a strip, which the original writes before its buffer.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics
from vicar.numerics.rounding import nint

FORTRAN = True
f32 = np.float32
BUFFER = 500000  # bytes
HALF, ROUND, TENTH, EDGE = f32(0.5), f32(0.5), f32(0.1), f32(0.6)
NO_ZERO, LEAST, SAME, SHORT = f32(1.141593e-9), f32(1.0e-10), f32(1.0e-6), f32(0.01)
CRAZY, AT_START, AT_END = f32(1.0e6), f32(0.0001), f32(0.9999)


def main(task):
    task.if_message("POLYSCRB version 2-JAN-95")
    cells = read_graphics(task, columns=task.integer("DIM"), strictly=True)
    sl, ss, nl, ns = size_field(task, cells)
    half = task.keyword("HALF")
    form = "HALF" if half else "BYTE"
    scribe = Scribe(task, cells, ss, ns)
    with task.create("OUT", nl=nl, ns=ns, format=form, u_format=form, type="IMAGE") as result:
        depth = (BUFFER // (2 if half else 1)) // scribe.stride
        first, last = sl, sl + nl - 1
        while depth and first <= last:
            end = min(first + depth - 1, last)
            strip = scribe.strip(first, end, depth)
            if strip is None:
                if not task.keyword("NOPRINT"):
                    task.message("BAD DATA")
                task.abend()
            for line in strip[: (end - first + 1) * scribe.stride].reshape(-1, scribe.stride):
                result.write(line[:ns].astype(np.int16 if half else np.uint8))
            first = end + 1
    if not task.keyword("NOPRINT"):
        task.message("POLYSCRB NORMAL TERMINATION")


def size_field(task, cells):
    """Starting line and sample, and lines and samples; those that are not given hold all points."""
    if task.defaulted("SIZE"):
        sl, ss, nl, ns = (task.integer(n) for n in ("SL", "SS", "NL", "NS"))
    else:
        sl, ss, nl, ns = task.integers("SIZE")
    points = cells[(cells != 0).any(axis=1)]
    if nl <= 0:
        nl = int(nint(max(f32(sl), points[:, 0].max(initial=f32(sl))) - f32(sl) + f32(1)))
    if ns <= 0:
        ns = int(nint(max(f32(ss), points[:, 1].max(initial=f32(ss))) - f32(ss) + f32(1)))
    return sl, ss, nl, ns


class Scribe:
    """Draws strips; what is known of the line before goes on from strip to strip."""

    def __init__(self, task, cells, ss, ns):
        self.points = [(row[0], row[1]) for row in cells]
        by_height = task.defaulted("DN") and task.integer("DIM") == 3
        numbers = nint(cells[:, 2]).tolist() if by_height else [task.integer("DN")] * len(cells)
        same = by_height and task.defaulted("PDN")
        self.numbers, self.ends = numbers, numbers if same else [task.integer("PDN")] * len(cells)
        self.background = task.integer("BDN")
        self.first_sample, self.last_sample = ss, ss + ns - 1
        self.stride = ns + 4 - ns % 4
        self.left, self.right = f32(ss) - EDGE, f32(self.last_sample) + EDGE
        self.outside = task.keyword("OUTSIDE")
        self.exact = task.keyword("EXCLOSE")
        near = task.reals("APCLOSE") if not task.defaulted("APCLOSE") else ()
        self.near = (near[0], near[-1]) if len(near) else None
        self.ignored = (f32(0), f32(0)) if task.defaulted("IGNOR") else tuple(task.reals("IGNOR"))
        self.last = self.ignored
        self.polygon = (f32(0), f32(0))  # where the polygon began
        self.going_on = False

    def strip(self, first, end, depth):
        """Pixels of some lines, flat; None if a point is beyond reason."""
        self.top, self.bottom = first, end
        self.upper, self.lower = f32(first) - EDGE, f32(end) + EDGE
        self.size = depth * self.stride
        self.work = np.full(self.size + 1, self.background, np.int64)  # from 1
        for point, number, at_end in zip(self.points, self.numbers, self.ends):
            start, self.last = self.last, point
            if self._closes(start, point):
                self.going_on, self.polygon = False, (f32(0), self.polygon[1])
            elif not self._segment(*start, *point, number, at_end):
                return None
        return self.work[1:]

    def _closes(self, start, point):
        """Whether no line is drawn here: a point that separates, or the end of a polygon."""
        for x, y in (start, point):
            if abs(x - self.ignored[0]) + abs(y - self.ignored[1]) <= SAME:
                return True
        if self.near is None and not self.exact:
            return False
        away = abs(start[0] - self.polygon[0]), abs(start[1] - self.polygon[1])
        if self.near is not None:
            if away[0] <= self.near[0] and away[1] <= self.near[1]:
                return True
        elif start == self.polygon:
            return True
        if not self.going_on:
            self.going_on, self.polygon = True, start
        return False

    def _segment(self, x1, y1, x2, y2, number, at_end):
        """One line, lines x and samples y; False for crazy numbers."""
        if self.outside:
            px, py = y1 - y2, x2 - x1
            length = np.sqrt(px * px + py * py)
            if length > SHORT:
                px, py = px / length, py / length
                x1, y1, x2, y2 = x1 + px, y1 + py, x2 + px, y2 + py
        if x1 < self.upper and x2 < self.upper or x1 > self.lower and x2 > self.lower:
            return True
        if abs(x2) > CRAZY or abs(y2) > CRAZY:
            return False
        if x1 > x2 or x1 == x2 and y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        xd, yd = (x2 - x1) + NO_ZERO, (y2 - y1) + NO_ZERO
        if abs(yd) <= LEAST:
            yd = LEAST
        part = self._part(x1, y1, x2, y2, xd, yd)
        if part is not None:
            self._draw(x1, y1, xd, yd, *part, number, at_end)
        return True

    def _part(self, x1, y1, x2, y2, xd, yd):
        """Where along the line the strip begins and ends; None if they do not meet."""
        low, high, crosses = f32(3), f32(-3), False
        for t in ((self.upper + TENTH - x1) / xd, (self.left + TENTH - y1) / yd, (self.lower - TENTH - x1) / xd,
                  (self.right - TENTH - y1) / yd):
            if self._inside(xd * t + x1, yd * t + y1):
                crosses = crosses or 0 <= t <= 1
                low, high = min(low, t), max(high, t)
        if low > 2:
            return None
        if crosses or self._inside(x1, y1) or self._inside(x2, y2):
            return max(low, f32(0)), min(high, f32(1))
        return None

    def _inside(self, x, y):
        return self.upper <= x <= self.lower and self.left <= y <= self.right

    def _pixel(self, x, y):
        line = max(min(int(x + ROUND), self.bottom), self.top) - self.top + 1
        return line, max(min(int(y + ROUND), self.last_sample), self.first_sample) - self.first_sample + 1

    def _put(self, index, number):
        if 1 <= index <= self.size:
            self.work[index] = number

    def _draw(self, x1, y1, xd, yd, start, stop, number, at_end):
        x, y = xd * start + x1, yd * start + y1
        line, sample = self._pixel(x, y)
        last_line, last_sample = self._pixel(xd * stop + x1, yd * stop + y1)
        steps = max(abs(last_line - line), abs(last_sample - sample))
        index = (line - 1) * self.stride + sample
        self._put(index, at_end if start < AT_START else number)
        if steps == 0:
            return
        index = self._walk(index, steps, xd, yd, x - f32(line + self.top - 1), y - f32(sample + self.first_sample - 1), number)
        row = index // self.stride + 1
        column = index - (row - 1) * self.stride
        self._put(((last_line + row) // 2 - 1) * self.stride + (last_sample + column) // 2, number)
        self._put((last_line - 1) * self.stride + last_sample, at_end if stop > AT_END else number)

    def _walk(self, index, steps, xd, yd, off_x, off_y, number):
        """Pixel after pixel, by whichever of two sums is behind."""
        x_step, y_step = abs(f32(1) / xd), abs(f32(1) / yd)
        x_move, y_move = -self.stride if xd < 0 else self.stride, -1 if yd < 0 else 1
        off_x, off_y = -off_x if xd < 0 else off_x, -off_y if yd < 0 else off_y
        if x_step <= y_step:
            y_move, y_step = y_move + x_move, y_step - x_step
            cycle = (x_step + y_step) / x_step
            t1, t2 = x_step * HALF, y_step * (HALF - off_y + off_x / cycle)
        else:
            x_move, x_step = x_move + y_move, x_step - y_step
            cycle = (x_step + y_step) / y_step
            t1, t2 = x_step * (HALF - off_x + off_y / cycle), y_step * HALF
        for _ in range(steps):
            if t2 <= t1:
                index, t2 = index + y_move, t2 + y_step
            else:
                index, t1 = index + x_move, t1 + x_step
            if index > self.size:
                index -= self.stride
            self._put(index, number)
        return index
