"""IBISLSQL: least squares fits of columns of a table without outliers. Source: ``vos/p2/prog/ibislsql`` (C).

Rows whose residual exceeds THRESH in the fit of their set are fitted again with the 30 points next to them; those that
exceed it still are thrown out, and all begins anew.

accepted: in a set of 30 points or less the local residual is that of the point; the original takes it at a place its
memory holds. The control column comes out as the bytes of its single-precision values taken for double precision, as in
the original; the second half of the rows, which it fills with what memory holds, is zero.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers, put_numbers
from vicar.numerics import libm
from vicar.numerics.leastsquares import in_order, lsqfit
from vicar.numerics.rounding import truncate

NEAREST = 30
TOLERANCE = 1e-7
NOTHING = -999.0


def main(task):
    task.if_message("ibislsql version 24-oct-02")
    columns = {name: task.integer(name) for name in ("DEPCOL", "DEPCOL2", "RESCOL", "RESCOL2", "CONCOL")}
    independent, targets, targets2 = (task.integers(name) for name in ("INDCOL", "COEFFCOL", "COEFFCOL2"))
    for name, given in (("COEFFCOL", targets), ("COEFFCOL2", targets2)):
        if name == "COEFFCOL2" and not columns["DEPCOL2"]:
            continue
        if len(given) != len(independent) and not task.defaulted(name):
            task.abend(f"Count for parameter {name} wrong")
    targets2 = targets2 if columns["DEPCOL2"] else [0]
    with task.open_table() as table:
        data = Data(task, table, independent, columns)
        attempt = 1
        data.fit(attempt)
        threshold = task.double("THRESH")
        if threshold > 0:
            while data.throw_out(threshold):
                attempt += 1
                data.fit(attempt)
        task.printf("  All points are under error threshold.**")
        task.primary(None)
        with task.create_table(nr=len(data.rows), nc=table.nc, default_format="DOUB", org="ROW") as result:
            write_result(table, result, data, columns, independent, targets, targets2)


class Data:
    """The rows that are still in, and the fits of one or two dependent columns."""

    def __init__(self, task, table, independent, columns):
        self.say, self.verbose, self.independent = task.printf, not task.keyword("NOPRINT"), independent
        self.removed = 0
        self.rows = np.arange(table.nr)
        self.x = np.stack([numbers(table, column) for column in independent], axis=1)
        self.y = [numbers(table, columns[name]) for name in ("DEPCOL", "DEPCOL2") if name == "DEPCOL" or columns[name]]
        self.controlled = columns["CONCOL"] > 0
        self.control = numbers(table, columns["CONCOL"], "REAL") if self.controlled else np.ones(table.nr, np.float32)
        self.grouped = columns["CONCOL"] != 0
        self.all_control = self.control.copy()
        self.coefficients = [np.zeros_like(self.x) for _ in self.y]
        self.residuals = [np.zeros(table.nr) for _ in self.y]
        self.errors: np.ndarray | None = None
        self.stale = [np.zeros(len(independent)) for _ in self.y]

    def fit(self, attempt: int) -> None:
        """A fit for each run of equal control values."""
        self.say(f"======================\nATTEMPT: {attempt}")
        starts = np.flatnonzero(np.concatenate(([True], self.control[1:] != self.control[:-1])))[: len(self.rows)]
        for which, y in enumerate(self.y):
            solution = np.zeros(self.x.shape[1])
            for start, stop in zip(starts, [*starts[1:], len(self.rows)], strict=True):
                x = self.x[start:stop]
                solution, error = lsqfit(x, y[start:stop], TOLERANCE, solution)
                self.coefficients[which][start:stop] = shown = NOTHING if error else solution
                if self.verbose:
                    self.show(float(self.control[start]), np.broadcast_to(shown, solution.shape))
                sums = in_order(np.vstack((np.zeros((1, stop - start)), (solution * x).T)))
                self.residuals[which][start:stop] = 0.0 if error else y[start:stop] - sums

    def show(self, control: float, solution: np.ndarray) -> None:
        self.say("seq  concol  datcol    solution coefficient\n")
        for number, (column, value) in enumerate(zip(self.independent, solution, strict=True), 1):
            self.say(f"{number:3d} {control:7.2f} {column:7d} {value:24.10f}")
        self.say("")

    def throw_out(self, threshold: float) -> bool:
        """Take out the outliers; False if there are none.

        With one dependent column the residuals are looked at only once, as they were for all rows.
        """
        count = len(self.rows)
        if self.errors is None or len(self.y) == 2:
            residuals = [r[:count] for r in self.residuals]
            if len(residuals) == 2:
                self.errors = libm.pow(residuals[0] * residuals[0] + residuals[1] * residuals[1], 0.5)
            else:
                self.errors = np.abs(residuals[0])
        order = selection_order(self.errors[:count])
        errors, found = self.errors[order], False
        for place in range(count - 1, -1, -1):
            if not errors[place] > threshold:
                break
            row = int(order[place])
            self.say(f"point {row} has a global residual: {errors[place]:f}")
            local = self.local_error(row)
            self.say(f"\t       local residual : {local:f}")
            if local > threshold:
                self.remove(row)
                order[:place][order[:place] > order[place]] -= 1
                errors[:place] = self.errors[order[:place]]
                found = True
            else:
                self.say(f"  **Point {row} is not thrown out.\n")
        self.say("local fit done.")
        return found

    def local_error(self, row: int) -> float:
        """Residual of a row in the fit of the points of its set next to it."""
        same = np.flatnonzero(self.control == self.control[row]) if self.grouped else np.arange(len(self.rows))
        x, members = self.x[same], len(same)
        if members > NEAREST:
            steps = self.x[row] - x
            distances = np.sqrt(in_order(np.vstack((np.zeros((1, len(same))), (steps * steps).T))))
            same = same[selection_order(distances)[:NEAREST]]
        errors = []
        for which, y in enumerate(self.y):
            self.stale[which], error = lsqfit(self.x[same], y[same], TOLERANCE, self.stale[which])
            if error:
                self.say(f"IBISLSQL error in lsqfit - error code: {error} controlCnt: {members}")
            terms = np.concatenate(([0.0], self.stale[which] * self.x[row]))
            errors.append(y[row] - in_order(terms))
        if len(errors) == 2:
            return float(libm.pow(errors[0] * errors[0] + errors[1] * errors[1], 0.5))
        return abs(float(truncate(errors[0])))  # the original takes the absolute value of an integer

    def remove(self, row: int) -> None:
        self.removed += 1
        self.say(f"  **Point {row} thrown out.  outlier cnt: {self.removed}**\n")
        self.rows = np.delete(self.rows, row)
        self.x, self.control = np.delete(self.x, row, axis=0), np.delete(self.control, row)
        self.y = [np.delete(y, row) for y in self.y]
        count = len(self.rows)
        self.all_control[row:count] = self.all_control[row + 1 : count + 1]


def selection_order(values: np.ndarray) -> np.ndarray:
    """Order of a selection sort; equal values come out as its exchanges leave them."""
    values = np.array(values)
    order = np.arange(len(values))
    for place in range(len(values) - 1):
        smallest = place + int(np.argmin(values[place:]))
        if smallest != place:
            values[[place, smallest]] = values[[smallest, place]]
            order[[place, smallest]] = order[[smallest, place]]
    return order


def write_result(table, result, data, columns, independent, targets, targets2) -> None:
    """Other columns without the outliers, then all that has to do with the fits."""
    special = {*independent, *targets, *targets2, *columns.values()}
    for column in range(1, table.nc + 1):
        if column not in special:
            result.write(column, numbers(table, column)[data.rows])
    count = len(data.rows)
    for place, column in enumerate(independent):
        put_numbers(result, column, data.x[:, place])
    for which, given in enumerate((targets, targets2)):
        if given[0] and which < len(data.coefficients):
            for place, column in enumerate(given):
                put_numbers(result, column, data.coefficients[which][:count, place])
    for which, name in enumerate(("RESCOL", "RESCOL2")):
        if columns[name] and which < len(data.residuals):
            put_numbers(result, columns[name], data.residuals[which][:count])
    if columns["CONCOL"]:
        raw = data.all_control.tobytes().ljust(8 * table.nr, b"\0")
        put_numbers(result, columns["CONCOL"], np.frombuffer(raw, float)[:count])
    for name, y in zip(("DEPCOL", "DEPCOL2"), data.y, strict=False):
        put_numbers(result, columns[name], y)
