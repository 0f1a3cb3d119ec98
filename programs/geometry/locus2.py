"""LOCUS2: fit pairs of coordinates to others by six linear transformations. Source: ``vos/p2/prog/locus2`` (Fortran).

The pairs (line, sample) are in one line of a REAL file; other formats are taken byte by byte for REAL. A line of -99
marks a point that does not count. Sums and equations are double, the transformed coordinates single precision.

accepted: a grid size that one file's label lacks is taken from the other's; the original compares what its memory holds
and may find neither. Points behind the last one are zero.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm, linpack
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt
from vicar.numerics.sorting import pointer_order

FORTRAN = True
_F = np.float32
NOTHING = _F(-99)
MOST_COLUMNS, MOST_POINTS = 100, 900


def main(task):
    with task.open("INP", 1) as raw:
        inputs = task.count("INP")
        sizes = [labelled(task, raw, ("GRIDLOCB", "GRIDGEN"), "GRID_{} NOT FOUND IN INPUT")]
        if inputs == 2:
            with task.open("INP", 2) as reference:
                sizes.append(labelled(task, reference, ("GRIDGEN", "RADDIST"), "KEYWORD GRID_{} NOT FOUND IN REF"))
                rows, columns = grid_size(task, *sizes)
                check_size(task, rows, columns, raw.ns, reference.ns)
                wanted = pairs(reference, rows * columns)
        else:
            rows, columns = grid_size(task, sizes[0], (0, 0))
            check_size(task, rows, columns, raw.ns, None)
        given = pairs(raw, rows * columns)
    if inputs != 2:
        wanted = perfect_grid(task, given, rows, columns)
    similar, free, residual = fits(task, given, wanted)
    for name, moved in (("SROFILES", similar), ("UNCFILES", free)):
        files = task.strings(name)
        if len(files) == 3:
            write_residuals(task, files, moved - wanted, columns)
    if task.count("RADIAL") == 1:
        if task.count("CENTER") != 2:
            task.abend("CENTER PARAMETER REQUIRED FOR RADIAL TABLE")
        write_radial(task, task.string("RADIAL"), wanted, similar - wanted, free - wanted)
    task.output("UNCRES", residual)


# ------------------------------------------------------------------------------------------------ input
def labelled(task, image, tasks: tuple[str, str], missing: str) -> tuple[int, int]:
    """Rows and columns of the grid from the history of a file, 0 where it does not tell."""
    size = []
    for key in ("NROW", "NCOL"):
        found = [image.label.get(f"GRID_{key}", task=name, format="INT", default=None) for name in tasks]
        value = next((number for number in found if number is not None), None)
        if value is None:
            task.message(missing.format(key))
        size.append(value or 0)
    return size[0], size[1]


def grid_size(task, raw: tuple[int, int], reference: tuple[int, int]) -> tuple[int, int]:
    """The size both files tell, or the one that does; parameters override it."""
    if raw == reference or reference[0] == 0:
        size = raw
    else:
        size = reference if raw[0] == 0 else (0, 0)
    rows, columns = task.integer("NROW"), task.integer("NCOL")
    return size[0] if rows is None else rows, size[1] if columns is None else columns


def check_size(task, rows: int, columns: int, raw: int, reference: int | None) -> None:
    """Whether there are as many points in the files, of so many samples, as in the grid."""
    if columns > MOST_COLUMNS:
        task.abend("NUMBER OF COLUMNS IN GRID CANT EXCEED 100")
    if rows * columns == 0:
        task.abend("NEED NROW,NCOL FROM LABEL OR PARMS")
    if reference is not None and raw != reference:
        task.abend("FILES MUST CONTAIN THE SAME NUMBER OF POINTS")
    if rows * columns != raw // 2:
        which = "RAW" if reference is None else "REF"
        task.abend("GRID SIZE NOT CONSISTENT WITH", f"NUMBER OF SAMPLES IN {which} FILE")
    if rows * columns > MOST_POINTS:
        task.abend("NUMBER OF COORDINATES MUST NOT EXCEED 900")


def pairs(image, count: int) -> np.ndarray:
    """Line and sample of each point, (count, 2) float32."""
    data = image.read(1).tobytes().ljust(8 * count, b"\0")[: 8 * count]
    return np.frombuffer(data, _F).reshape(count, 2)


def perfect_grid(task, given: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """A square grid with the first distance between samples in the latter half of the points, or 10."""
    samples = np.append(given[len(given) // 2 :, 1], _F(0))
    steps = samples[1:] - samples[:-1]
    steps = steps[: len(given) // 2]
    increasing = steps[samples[1 : len(steps) + 1] > samples[: len(steps)]]
    step = increasing[0] if len(increasing) else _F(10)
    task.message("COMPARING TO PERFECT GRID WITH")
    for title in (" SL  = .", " SS  = .", " INC = ."):
        task.messages(*prnt("REAL", step, title))
    line, sample = (np.cumsum(np.full(count, step), dtype=_F) for count in (rows, columns))
    return np.stack([np.repeat(line, columns), np.tile(sample, rows)], axis=1)


# ------------------------------------------------------------------------------------------------ fits
def fits(task, given: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.float32]:
    """Print the six fits; gives the coordinates of the last two and the error of the last (LSTIX)."""
    task.message("")
    task.message(" LOCUS COORDINATE DETRENDING STATISTICS")
    task.message("")
    task.message(" DEGREES OF FREEDOM ALLOWED              MATRIX FOR LINEAR                OFFSET PART OF"
                 "         RESULTING RMS")  # fmt: skip
    task.message("  IN MINIMIZING THE RMS                   PART OF TRANSFORMATION           TRANSFORMATION")
    valid = (given[:, 0] != NOTHING) & (wanted[:, 0] != NOTHING)
    moved, error = given, _F(0)
    results = []
    with np.errstate(all="ignore"):
        for name, transformation in transformations(task, given[valid], wanted[valid]):
            moved, error = applied(given, wanted, valid, transformation)
            show(task, name, transformation, error)
            results.append(moved)
    return results[-2], results[-1], error


def total(values: np.ndarray) -> np.float64:
    """The sum in the order of the values, double precision."""
    return np.cumsum(values)[-1] if len(values) else np.float64(0)


def transformations(task, given: np.ndarray, wanted: np.ndarray):
    """Names and factors (matrix by rows, offsets) of the fits, one after the other."""
    count = np.float64(len(given))
    (x, y), (u, v) = given.T.astype(np.float64), wanted.T.astype(np.float64)
    sx, sy, su, sv = (total(part) for part in (x, y, u, v))
    xu, xv, yu, yv = total(x * u), total(x * v), total(y * u), total(y * v)
    xx, yy, xy = total(x * x), total(y * y), total(x * y)
    yield "NONE", (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    yield "OFFSET ONLY", (1.0, 0.0, 0.0, 1.0, (su - sx) / count, (sv - sy) / count)
    cosine = count * (xu + yv) - sx * su - sy * sv
    sine = -(count * (xv - yu)) - sy * su + sx * sv
    length = np.sqrt(sine * sine + cosine * cosine)
    sine, cosine = sine / length, cosine / length
    offset = (su - sx * cosine - sy * sine) / count, (sv + sx * sine - sy * cosine) / count
    yield "ROTATE, OFFSET", (cosine, sine, -sine, cosine, *offset)
    both = xx + yy
    e, f, a = solved(task, [[count, 0, sx], [0, count, sy], [sx, sy, both]], [su, sv, xu + yv])
    yield "MAGNIFY, OFFSET", (a, 0.0, 0.0, a, e, f)
    columns = [[count, 0, sx, sy], [0, count, sy, -sx], [sx, sy, both, 0], [sy, -sx, 0, both]]
    e, f, a, b = solved(task, columns, [su, sv, xu + yv, yu - xv])
    yield "MAGNIFY, ROTATE, OFFSET", (a, b, -b, a, e, f)
    columns = [[count, 0, sx, sy, 0, 0], [0, count, 0, 0, sx, sy], [sx, 0, xx, xy, 0, 0],
               [sy, 0, xy, yy, 0, 0], [0, sx, 0, 0, xx, xy], [0, sy, 0, 0, xy, yy]]  # fmt: skip
    e, f, a, b, c, d = solved(task, columns, [su, sv, xu, yu, xv, yv])
    yield "UNCONSTRAINED LINEAR, OFFSET", (a, b, c, d, e, f)


def solved(task, columns, right) -> list[np.float64]:
    """The solution of linear equations."""
    matrix = np.array([columns], np.float64).transpose(0, 2, 1)
    solution, singular = linpack.solve(matrix, np.array([right], np.float64))
    if singular[0]:
        task.abend("DGELG> Matrix is singular", "ERROR COMPUTING COORDINATE TRANSFORMATION")
    return list(solution[0])


def applied(given, wanted, valid, factors) -> tuple[np.ndarray, np.float32]:
    """The coordinates transformed, -99 where a point does not count, and the root mean square of what is left (RMS)."""
    a, b, c, d, e, f = factors
    x, y = given.T.astype(np.float64)
    moved = np.stack([a * x + b * y + e, c * x + d * y + f], axis=1)
    squares = (moved - wanted)[valid] ** 2
    error = _F(np.sqrt(total(squares.ravel()) / len(squares))) if len(squares) else _F(0)
    moved = moved.astype(_F)
    moved[~valid] = NOTHING
    return moved, error


def show(task, name: str, factors, error: np.float32) -> None:
    """Two lines about a fit after a blank one."""
    a, b, c, d, e, f = factors
    task.message("")
    task.message(" " + name.ljust(32) + edit("(2F16.6,7X,F16.6)", a, b, e))
    task.message(" " * 33 + edit("(2F16.6,7X,F16.6,6X,F16.6)", c, d, f, error))


# ------------------------------------------------------------------------------------------------ output
def write_residuals(task, files: list[str], left: np.ndarray, columns: int) -> None:
    """Lines, samples and lengths of what is left, a row of the grid a line."""
    create(task, files)
    tables = left[:, 0], left[:, 1], lengths(left)
    for name, values in zip(files, tables):
        rows = values.reshape(-1, columns)
        text = "".join("".join(edit("(F12.4)", value) + "\t" for value in row) + "\n" for row in rows)
        (task.directory / name.rstrip(" ")).write_text(text, "latin-1")


def create(task, files: list[str]) -> None:
    """Make empty files; the first that cannot be ends the program."""
    for name in files:
        try:
            (task.directory / name.rstrip(" ")).open("w").close()
        except OSError as error:
            status = edit("(' IOSTAT=',I5)", error.errno)
            task.abend("ERROR OPENING OUTPUT FILE", status, f" FILE= {name[:9]}")


def lengths(left: np.ndarray) -> np.ndarray:
    return np.sqrt(left[:, 0] * left[:, 0] + left[:, 1] * left[:, 1])


def write_radial(task, name: str, wanted: np.ndarray, *residuals: np.ndarray) -> None:
    """Distances from the centre, in order, with lengths of what is left and its parts along radius and azimuth."""
    create(task, [name])
    out = wanted - task.reals("CENTER")
    distance = lengths(out)
    columns = [distance]
    for left in residuals:
        length = lengths(left)
        angle = libm.atan2(out[:, 0], out[:, 1]) - libm.atan2(left[:, 0], left[:, 1])
        some, away = length != 0, distance > 0
        along = np.where(away, np.where(some, length * libm.cos(angle), _F(0)), length)
        around = np.where(away & some, length * libm.sin(angle), _F(0))
        columns += [length, along, around]
    order = pointer_order(distance.tolist())
    lines = []
    for point in order:
        first, *others = (column[point] for column in columns)
        lines.append("\t".join([edit("(F7.2)", first), *(edit("(F8.4)", value) for value in others)]) + "\n")
    (task.directory / name.rstrip(" ")).write_text("".join(lines), "latin-1")
