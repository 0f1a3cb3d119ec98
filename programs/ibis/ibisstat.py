"""IBISSTAT: statistics of table columns: summary, histogram, scatter plot, correlation, tests, regression, factors.

Source: ``vos/p2/prog/ibisstat`` (Fortran). Single precision with the original's approximations. Counts of histograms and
scatter plots run on from column to column. The stars of histograms never appear: the original scales them by a number it
has not set.

accepted: text columns are refused; the original takes their bytes for numbers. Values that rounding puts beside the
bins are dropped; the original counts them in other variables. More than six degrees of freedom are used; the original
writes them past its array.
"""

from __future__ import annotations

import numpy as np

from programs.ibis import _multivariate as multivariate
from programs.ibis._columns import numbers
from programs.ibis._distributions import chi_squared, fisher, normal, student
from programs.ibis._multivariate import in_order
from vicar.numerics import fortran
from vicar.numerics.leastsquares import llsq
from vicar.numerics.rounding import nint

FORTRAN = True
F = np.float32
LONGEST, MOST_DATA = 100000, 200000
LARGE = F(1e38)


def main(task):
    task.if_message("IBISSTAT version 02-JAN-95")
    say = (lambda *texts: None) if task.keyword("NOPRINT") else task.messages
    say(" ")
    with task.open_table() as table:
        if table.nr < 2:
            task.abend(" COLUMN LENGTH TOO SHORT")
        if table.nr > LONGEST:
            task.abend(" COLUMN LENGTH TOO LONG")
        job = Job(task, table, say)
        {
            "SUM": job.summary, "HIS": job.histogram, "SCA": job.scatter, "COR": job.correlation, "BEH": job.behrens,
            "REG": job.regression, "ANO": job.variance, "FAC": job.factors, "DEN": job.density,
        }[task.string("OPTION")[:3].upper()]()  # fmt: skip
    say(" ")


class Job:
    """One analysis: the input table, its columns and their names, and where text goes."""

    def __init__(self, task, table, say):
        self.task, self.table, self.say = task, table, say
        self.columns = task.integers("COLS")
        self.n = table.nr
        given = task.strings("COLNAMES")
        names = [f"COLUMN{column:{2 if column > 9 else 1}d}" for column in self.columns]
        self.names = [name[:8].ljust(8) for name in given + names[len(given) :]]

    # -- reading, writing, printing -----------------------------------------------------------------------------------

    def column(self, number: int) -> np.ndarray:
        return numbers(self.table, number, "REAL", "IBISColumnRead")

    def matrix(self) -> np.ndarray:
        """All columns (rows, columns), if they are not too much."""
        if len(self.columns) * self.n > MOST_DATA:
            self.task.abend(" TOO MUCH DATA")
        return np.stack([self.column(number) for number in self.columns], axis=1)

    def result(self, rows: int | None = None, columns: int | None = None):
        """The output table, None without OUT."""
        if not self.task.count("OUT"):
            return None
        return self.task.create_table(nr=rows or self.n, nc=columns or self.table.nc, org="COLUMN")

    def line(self, form: str, *values) -> None:
        self.say(fortran.edit(form, *values))

    def title(self, text: str) -> None:
        self.say(text, " ")
        self.line("(A,I6)", "NUMBER OF CASES:", self.n)
        self.say(" ")

    # -- one column at a time -----------------------------------------------------------------------------------------

    def summary(self) -> None:
        result = self.result()
        self.say("              STATISTICAL SUMMARY ", " ")
        self.line("(A,I6)", "NUMBER OF CASES:", self.n)
        self.say("COLUMN   NAME         MEDIAN      MEAN      STD DEV        MIN         MAX")
        for place, number in enumerate(self.columns, 1):
            data, n = np.sort(self.column(number)), self.n
            median = data[n // 2] if n % 2 else (data[n // 2 - 1] + data[n // 2]) / F(2)
            mean = in_order(data) / F(n)
            deviation = np.sqrt(in_order((data - mean) * (data - mean)) / F(F(n) - F(1)))
            values = np.array([median, mean, deviation, data[0], data[-1]], F)
            if result:
                result.write(place, np.concatenate((values, np.zeros(n, F)))[:n])
            self.line("(2X,I3,3X,A,5(1X,F11.4))", number, self.names[place - 1], values)
        if result:
            result.close()

    def histogram(self) -> None:
        bins = self.task.integer("BINS")
        result = self.result()
        self.title("      HISTOGRAM  ")
        counts = np.zeros(bins + 1, int)
        for place, number in enumerate(self.columns):
            data = self.column(number)
            self.say(" ", f"       HISTOGRAM FOR : {self.names[place]}", " ")
            low, high = data.min(), data.max()
            if low == high:
                self.line("(A,F10.3)", "       COLUMN MAX EQUALS MIN: ", high)
                continue
            scale = (F(bins) - F(0.01)) / (high - low)
            offset = -scale * low + F(0.5)
            found = nint(scale * data + offset)
            counts += np.bincount(found[(found > 0) & (found <= bins)], minlength=bins + 1)
            values = (np.arange(1, bins + 1, dtype=F) - offset) / scale
            if result:
                result.write(2 * place + 1, values)
                result.write(2 * place + 2, counts[1:].astype(F))
            for value, count in zip(values, counts[1:].tolist(), strict=True):
                self.line("(F10.3,1X,I5,2X,A)", value, count, "|")
            self.say(" ")
        if result:
            result.close()

    def scatter(self) -> None:
        if self.task.keyword("NOPRINT"):
            return
        self.title("                  SCATTER PLOT  ")
        across, down = (min(size, most) for size, most in zip(self.task.integers("SCATSIZE"), (75, 50), strict=True))
        counts = np.zeros((down + 1, across + 1), int)
        for place in range(0, len(self.columns) - 1, 2):
            x, y = (self.column(self.columns[place + k]) for k in (0, 1))
            self.say(f"        {self.names[place]} VS {self.names[place + 1]}", " ")
            if x.min() == x.max():
                self.say("MAX X EQUALS MIN X")
            elif y.min() == y.max():
                self.say("MAX Y EQUALS MIN Y")
            else:
                self.plot(x, y, counts, across, down)
            self.say(" ")

    def plot(self, x, y, counts, across: int, down: int) -> None:
        places = []
        for values, size in ((x, across), (y, down)):
            scale = (F(size) - F(0.01)) / (values.max() - values.min())
            places.append(nint(scale * values + (-scale * values.min() + F(0.5))))
        good = (places[0] > 0) & (places[0] <= across) & (places[1] > 0) & (places[1] <= down)
        np.add.at(counts, (places[1][good], places[0][good]), 1)
        self.line("(F9.2)", y.max())
        for row in range(down, 0, -1):
            self.say("+" + "".join(" *23456789"[min(count, 9)] for count in counts[row, 1:].tolist())[:60])
        self.say("+" * (across + 1))
        self.line("(F9.2)", y.min())
        self.line("(8X,F9.2,30X,F9.2)", x.min(), x.max())

    def density(self) -> None:
        kind, freedom = self.task.string("DISTRIB")[:3].upper(), self.task.integers("NDF") + [0] * 80
        result = self.result(columns=2 * len(self.columns))
        self.say("       PROBABILITY DENSITIES   ", " ")
        for place, number in enumerate(self.columns):
            data = self.column(number)
            if kind == "NOR":
                values, text = normal(data), "NORMAL (GAUSSIAN) DISTRIBUTION"
            elif kind == "FIS":
                n1, n2 = freedom[2 * place : 2 * place + 2]
                values = fisher(data, n1, n2)
                text = f"FISHERS F DISTRIBUTION FOR {n1:3d} {n2:3d} DEGREES OF FREEDOM"
            else:
                n1 = freedom[place]
                values = chi_squared(data, F(n1)) if kind == "CHI" else student(n1, data)
                name = "CHI SQUARED" if kind == "CHI" else "STUDENTS T"
                text = f"{name} DISTRIBUTION FOR {n1:3d} DEGREES OF FREEDOM"
            if result:
                result.write(2 * place + 1, data)
                result.write(2 * place + 2, values)
            self.say(text)
        if result:
            result.close()

    # -- several columns at once --------------------------------------------------------------------------------------

    def heading(self, first: int, count: int, place: int) -> None:
        """Names above the columns of a matrix (those of the first columns in every block, as in the original)."""
        text = "".join(name.ljust(11) for name in self.names[:count])
        self.say(" " * (place - 1) + text[: 10 + count * 11 - place + 1])

    def correlation(self) -> None:
        products, coefficients = multivariate.correlation(self.matrix())
        covariance, m, n = products / F(self.n), len(self.columns), self.n
        with np.errstate(all="ignore"):
            spread = (F(1) - coefficients * coefficients) / F(n - 2)
            t = np.sqrt(coefficients * coefficients / spread)
            probability = np.where(spread > 0, F(1) - student(n - 2, t), F(0))
        result = self.result(m, m)
        if result:
            for place in range(m):
                result.write(place + 1, covariance[place])
            result.close()
        self.title("            CORRELATION   ")
        for first in range(0, m, 6):
            count = min(6, m - first)
            self.say(" ")
            self.heading(first, count, 14)
            for row in range(first, m):
                part = slice(first, first + min(row - first + 1, count))
                values = coefficients[row, part], covariance[row, part], probability[row, part]
                lines = ("  " + fortran.fixed(v, 7, 4) for v in values[0]), (fortran.fixed(v, 11, 3) for v in values[1]), (
                    "  S=" + fortran.fixed(v, 5, 3) for v in values[2])  # fmt: skip
                for name, fields in zip((self.names[row], "", ""), lines, strict=True):
                    self.say(name.ljust(11) + "".join(field.ljust(11) for field in fields))
                self.say(" ")

    def behrens(self) -> None:
        others = self.task.integers("BCOLS")
        if len(self.columns) * self.n > MOST_DATA:
            self.task.abend(" TOO MUCH DATA")
        if len(others) != len(self.columns):
            self.task.abend(" TWO SAMPLES MUST HAVE SAME DIMENSION")
        sizes = [self.n, self.n] if self.task.defaulted("NUMPOINT") else self.task.integers("NUMPOINT")
        samples = []
        for columns, size in zip((self.columns, others), sizes, strict=True):
            data = np.concatenate([self.column(number) for number in columns] + [np.zeros(max(size, 1), F)])
            samples.append(np.stack([data[k * self.n : k * self.n + size] for k in range(len(columns))], axis=1))
        square, m = multivariate.t_squared(*samples), len(self.columns)
        ratio = square * F(sizes[0] - m) / F(m * (sizes[0] - 1))
        self.say("            BEHRENS-FISHER TEST  ", " ")
        self.line("(A,I6,1X,I6)", "NUMBER OF DATA POINTS:", *sizes)
        self.say(" ")
        probability = fisher(ratio, m, sizes[0] - m)[()]
        self.line("(A,F10.3,A,F7.3)", "HOTELLING T SQUARED = ", square, "      PROB = ", probability)

    def variance(self) -> None:
        if len(self.columns) * self.n > MOST_DATA:
            self.task.abend(" TOO MUCH DATA")
        counts = self.task.integers("REPLICS")
        if self.task.defaulted("REPLICS"):
            counts = [self.n] * len(self.columns)
        elif len(counts) != len(self.columns):
            self.task.abend(" MUST INPUT NUMBER OF REPLICATIONS FOR EACH GROUP")
        if min(counts) < 0 or not any(counts):
            self.task.abend(" NO REPLICATIONS")
        data, place = np.zeros(sum(counts) + self.n, F), 0
        for number, count in zip(self.columns, counts, strict=True):
            data[place : place + self.n] = self.column(number)[: len(data) - place]
            place += count
        found = multivariate.variance_analysis(data[:place], counts)
        if found is None:
            self.task.abend(" SUM OF SQUARES OVERFLOW")
        self.say("    ONEWAY ANALYSIS OF VARIANCE ", " ")
        self.line("(A,F11.4)", "GRAND MEAN = ", found.mean)
        self.say(" VARIABLE     ESTIMATE OF EFFECT ")
        for name, effect in zip(self.names, found.effects, strict=False):
            self.line("(2X,A,4X,F11.4)", name, effect)
        self.say(" ")
        for name, square, freedom in zip(("FACTOR:  ", "RESIDUAL:", "TOTAL:   "), found.squares, found.freedom, strict=True):
            self.line("(A,F11.4,A,I4)", f"{name}    SS = ", square, "     DF = ", freedom)
        self.line("(A,F11.4,A,F7.4)", "F RATIO = ", found.ratio, "      PROB = ", found.probability)

    def factors(self) -> None:
        data, m = self.matrix(), len(self.columns)
        products, _ = multivariate.correlation(data)
        found = multivariate.eigen(products.astype(float) / self.n)
        if found is None:
            self.task.abend(" DIAGONALIZATION FAILED")
        values, vectors = found[0][::-1], found[1][:, ::-1]
        self.say("   PRINCIPLE COMPONENTS FACTOR ANALYSIS  ", " ", "   FACTOR       EIGEN VALUE ")
        for number, value in enumerate(values, 1):
            self.line("(4X,I3,4X,F15.4)", number, F(value))
        self.say(" ")
        for first in range(0, m, 6):
            count = min(6, m - first)
            self.say(" ")
            self.heading(first, count, 15)
            for number in range(m):
                fields = "".join(fortran.fixed(F(v), 7, 4).ljust(11) for v in vectors[first : first + count, number])
                self.say(f"FACTOR{number + 1:2d}  =   {fields}")
        result = self.result()
        if result:
            for number in range(m):
                total = np.zeros(self.n, F)
                for k in range(m):
                    total = (total + vectors[k, number] * data[:, k].astype(float)).astype(F)
                result.write(number + 1, total)
            result.close()

    # -- regression ---------------------------------------------------------------------------------------------------

    def regression(self) -> None:
        task, n, m = self.task, self.n, len(self.columns) + 1
        if m * n > MOST_DATA:
            task.abend(" TOO MUCH DATA TO FIT")
        if n < m:
            task.abend(" NOT ENOUGH ROWS OF DATA")
        x = np.stack([np.ones(n, F)] + [self.column(number) for number in self.columns], axis=1)
        y = self.column(task.integer("DEPCOL"))
        solution, error = llsq(x, y[:, None], 1e-7)
        if error:
            task.abend(" DEPENDENT COLUMNS")
        solution = solution[:, 0]
        residuals = in_order(-(x * solution).T, y)
        fit = Fit(self, x, y, residuals)
        first = np.zeros(n, F)
        errors = None
        if not task.defaulted("ERRCOL"):
            errors = first = self.column(task.integer("ERRCOL"))
        result = self.result()
        if result:
            result.write(1, np.concatenate((solution, first[m:]))[:n])
            result.write(2, residuals)
            result.close()
        self.title("            MULTIPLE REGRESSION  ")
        self.say(f"DEPENDENT VARIABLE: {(task.string('DEPNAME') or '')[:8]}", " ")
        probability = F(1) - (student(n - m, F(1)) - F(0.5))
        self.line("(A,F7.3)", " VARIABLE     COEFFICIENT     ERROR: ", probability[()])
        for name, value, interval in zip(["CONSTANT", *self.names], solution, fit.intervals, strict=False):
            self.line("(2X,A,4X,F11.4,4X,F11.4)", name, value, interval)
        self.say(" ")
        fit.show()
        if errors is not None:
            fit.show_goodness(errors)


class Fit:
    """How good a regression is."""

    def __init__(self, job: Job, x, y, residuals):
        self.job, self.residuals = job, residuals
        n, m = x.shape
        self.freedom = n - m
        squares = in_order(residuals * residuals)
        steps = residuals[1:] - residuals[:-1]
        with np.errstate(all="ignore"):
            self.durbin = in_order(steps * steps) / squares
            mean = in_order(y) / F(n)
            total = in_order((y - mean) * (y - mean))
            self.r_squared = (total - squares) / total
            self.error = np.sqrt(squares / F(n - m))
            products = np.array([[in_order(x[:, j] * x[:, k]) for k in range(m)] for j in range(m)], F)
            inverse = multivariate.inverse(products, 1e-7)
            if inverse is None:
                job.task.abend(" SINGULAR MATRIX")
            self.intervals = self.error * np.sqrt(np.diagonal(inverse))
            if self.r_squared == 1:
                self.ratio, self.probability = F(99999999999.0), F(1)
            else:
                self.ratio = (self.r_squared / F(m - 1)) / ((F(1) - self.r_squared) / F(n - m))
                self.probability = fisher(self.ratio, m - 1, n - m)[()]

    def show(self) -> None:
        line = self.job.line
        line("(A,F7.4)", "R SQUARED = ", self.r_squared)
        line("(A,F11.4)", "STD ERR OF EST = ", self.error)
        line("(A,F11.4,A,F7.4)", "OVERALL :   F RATIO = ", self.ratio, "      PROB = ", self.probability)
        line("(A,F7.4)", "DURBIN-WATSON STATISTIC = ", self.durbin)

    def show_goodness(self, errors) -> None:
        with np.errstate(all="ignore"):
            parts = self.residuals / errors
            chi = in_order(parts * parts)
            probability = chi_squared(chi, F(self.freedom))[()]
            probability = F(1) - probability if probability > F(0.5) else probability
            reduced = chi / F(self.freedom)
        self.job.line("(A,F12.4,A,F6.3)", "GOODNESS OF FIT:  CHI**2/DF = ", reduced, "     PROB = ", probability)
