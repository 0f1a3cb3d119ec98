"""POWER: mean amplitude of the lines of an image at each frequency.

Source: ``vos/p2/prog/power`` (Fortran, Jul 13, 2013).

Writes a table (.asc) and commands for gnuplot (.gpi; with PLOTFMT=EPS .eps.gpi too). The plot shows labels of the
input: old ones, else the first property, else the first task, then all tasks.

Kept as they are: lists end where three blanks do, so that a task with a short name loses its user and date.
known: nothing. accepted: labels of more than 60 items are cut; the original writes through memory.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm, realfft
from vicar.numerics.fortran import edit, fixed
from vicar.numerics.prnt import prnt

FORTRAN = True
_F = np.float32
TITLE = "MIPL RMS POWER SPECTRUM"
LABEL_BYTES, ITEM, HEAD, MOST_ITEMS, MOST_TASKS = 2048, 72, 80, 60, 20
LARGEST_YLEN = 30


def main(task):
    task.message("power - Jul 13, 2013 (64-bit gnuplot) - rjb")
    source = task.open("INP", u_format="HALF")
    window = task.size_field(source)
    nl, ns = window.nl, window.ns
    power = task.integer("EXPONENT")
    if power is None:
        power = next((n for n in range(10, 3, -1) if ns >= 1 << n), 3)
    height = task.real("YLEN")
    if height < 0 or height > LARGEST_YLEN:
        task.abend("??E - Illegal value for YLEN")
    points = 1 << power
    ns = min(ns, points)
    task.message(TITLE)
    if window.sl + nl - 1 > window.nli:
        task.message("??W - Number of lines truncated")
        nl = window.nli - window.sl + 1
    if window.ss + ns - 1 > window.nsi:
        task.message("??W - Number of samples truncated")
        ns = window.nsi - window.ss + 1
    if nl + ns <= 0:
        task.abend("??E - Requested area outside input picture")
    spectrum, mean, sigma = measure(task, source, (window.sl, window.ss, nl, ns), points)
    notes = [
        f"   TRANSFORM  SL ={window.sl:5d}   SS ={window.ss:5d}   NL ={nl:5d}   NS ={ns:5d}",
        f"  {points:5d} POINT TRANSFORM",
        f"   MEAN (DN) ={fixed(mean, 9, 4)}",
        f"   SIGMA(DN) ={fixed(sigma, 9, 4)}",
    ]
    task.messages(*notes)
    plot = Plot(task, source, notes, height * task.real("SCALE"))
    frequencies = (np.arange(len(spectrum), dtype=np.float32) * _F(0.5)) / _F(len(spectrum))
    table = [edit("(1X,F7.4,A1,F10.3)", frequency, "\t", value) for frequency, value in zip(frequencies, spectrum)]
    plot.write(task, plot.table, table, "table")
    plot.write(task, plot.script, plot.commands(False) + ["pause mouse any"], "gnuplot")
    if plot.postscript:
        plot.write(task, plot.printed, plot.commands(True), "gnuplot")


def measure(task, source, area, points: int):
    """Mean peak-to-peak amplitudes (float32), mean and deviation of the values."""
    sl, ss, nl, ns = area
    scale, total, squares = task.real("DNSCALE"), 0.0, 0.0
    sums = np.zeros(points // 2 + 1, np.float32)
    for line in range(sl, sl + nl):
        values = source.read(line=line, samp=ss, nsamps=ns).astype(np.float32)
        with np.errstate(all="ignore"):
            values = values / scale
            added = np.add.accumulate(values, dtype=np.float32)[-1]
            squares += float(np.add.accumulate(values * values, dtype=np.float32)[-1])
            filled = np.concatenate((values, np.full(points - ns, added / _F(ns), np.float32)))
            total += float(added)
            transform = realfft.forward(filled)[0]
            sums = sums + libm.hypot(transform.real, transform.imag)
    with np.errstate(all="ignore"):
        share = _F(1) / _F(nl * ns)
        sums = _F(2) * sums * share
        sums[0] = sums[0] / _F(4)
    mean = float(share) * total
    return sums, _F(mean), float(np.sqrt(abs(float(share) * squares - mean * mean)))


def until(text: str, blanks: int, room: int) -> str:
    """A text in its room up to a run of blanks; a text that fills it without one is lost."""
    padded = text[:room].ljust(room)
    return padded[: max(padded.find(" " * blanks), 0)]


class Plot:
    """Names of the files, and what is written into the plot."""

    def __init__(self, task, source, notes: list[str], height):
        self.postscript = task.string("PLOTFMT", "") in ("EPS", "eps")
        given = task.string("PLOTOUT")
        name = until(given, 2, 255) if given is not None else "power"
        self.table, self.script, self.printed, self.drawn = f"{name}.asc", f"{name}.gpi", f"{name}.eps.gpi", f"{name}.eps"
        shown = given if given is not None else "" if self.postscript else "NONE"
        title = until(task.string("TITLE"), 2, HEAD) if task.count("TITLE") else TITLE
        third = until(f"PLOT  = {shown}", 3, HEAD) if given is not None or not self.postscript else ""
        self.heads = [title, until(f"INPUT = {task.file_name()}", 3, HEAD), third]
        self.heads += [until(item, 3, HEAD) + " " for item in label_lines(task, source)]
        self.heads += [note + " " for note in notes]
        self.abscissa = until(task.string("TITLEX", ""), 2, HEAD + 1)
        self.height, self.fmax = height, task.real("FMAX")

    def commands(self, printed: bool) -> list[str]:
        size, label_size = (16, 16) if printed else (10, 9)
        step, tall = _F(0.04), 480
        if len(self.heads) > 16:
            factor = _F(len(self.heads) // 16)
            step, tall = step / factor, int(_F(tall) * factor)
        lines = ["# Created by program power", "# Gnuplot commands for power plot", f"# Data in {self.table}"]
        if printed:
            lines += [f'set terminal postscript eps enhanced color "Ariel" {size}  size 11 ,8', f"set output '{self.drawn}'"]
        else:
            lines += [f'set term x11 font "ariel,{size}" size  640, {tall:4d}', "set output"]
        lines += [
            "set grid", "set ylab 'AMPLITUDE   (DN P-P)'", f"set xlab '{self.abscissa}'",
            f"set yrange [0:{fixed(self.height, 6, 2)}]", f"set xrange [0.0:{fixed(self.fmax, 5, 2)}]", "set clip two",
            "set clip points", f'set title "{self.heads[0]}" font "Ariel,{size}"',
        ]  # fmt: skip
        place = _F(1)
        for number, head in enumerate(self.heads[1:], 1):
            place = place - step
            lines.append(
                f'set label {number:2d} "{head}" at graph .40 ,{fixed(place, 5, 2)} font "ariel,{label_size:2d}"'
                " front nopoint tc def"
            )
        return [*lines, f"plot '{self.table}' u 1:2 t '' smooth csplines ls 3 w linespoints"]

    @staticmethod
    def write(task, name: str, lines: list[str], kind: str) -> None:
        try:
            (task.directory / name).write_text("".join(line + "\n" for line in lines), "latin-1")
        except OSError as error:
            reason = prnt("FULL", error.errno or 2, "IOSTAT=.") if kind == "table" else []
            task.abend(f"??E - Error opening/writing {kind} file", *reason)


def label_lines(task, source) -> list[str]:
    """Labels for the plot, each cut to 72 characters."""
    tasks = source.label.tasks()[:MOST_TASKS]
    lines = old_labels(source, tasks)
    if not lines:
        text = source.label.text[:LABEL_BYTES].ljust(LABEL_BYTES)
        lines = pairs(text, "PROPERTY", ("TASK", "PROP")) if "PROPERTY" in text.upper() else pairs(text, "TASK", ("TASK",))
        if not lines:
            task.abend("??E - Label processing error")
    for name, instance in tasks:
        head = list(" " + "-" * 71)
        user, date = (str(source.label.get(key, task=name, instance=instance, default="")) for key in ("USER", "DAT_TIM"))
        for place, text in ((5, "TASK:"), (22, "USER:"), (10, f"{name:8.8s}"), (27, user[:12]), (39, date[:28])):
            head[place : place + len(text)] = text
        lines.append("".join(head)[:ITEM])
    return lines


def old_labels(source, tasks) -> list[str]:
    """VICAR1 labels the first task has kept."""
    if not tasks:
        return []
    count = source.label.get("NLABS", task=tasks[0][0], instance=1, default=0)
    return [str(source.label.get(f"LAB{n:02d}", task=tasks[0][0], instance=1, default=""))[:ITEM].ljust(ITEM)
            for n in range(1, min(int(count), MOST_ITEMS) + 1)]  # fmt: skip


def pairs(text: str, start: str, ends: tuple[str, ...]) -> list[str]:
    """Items of a label from the first ``start`` on, until one that begins with one of ``ends``.

    TASK ends properties at once; otherwise the first two items always count.
    """
    upper, found = text.upper(), []
    begin = upper.find(start)
    while 0 <= begin < len(text) and len(found) < MOST_ITEMS:
        blank, quote = upper.find(" ", begin + 1), upper.find("'", begin + 1)
        if 0 <= quote < blank:
            blank = upper.find(" ", upper.find("'", quote + 1) + 1)
        end = blank if blank >= 0 else len(text)
        word = upper[begin : begin + 4]
        if word in ends and (len(found) > 1 or word == "TASK" and start != "TASK"):
            break
        found.append(text[begin:end][:ITEM])
        rest = text[end:]
        begin = end + len(rest) - len(rest.lstrip(" ")) if rest.strip(" ") else -1
    return found
