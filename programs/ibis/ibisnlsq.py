"""IBISNLSQ: non-linear least squares fits of table columns. Source: ``vos/p2/prog/ibisnlsq`` (C).

The functions are the Kirby test function and rational polynomials of 20 terms (RPC), of which a choice of coefficients is
fitted. The first and the last have flaws kept here: KIRBY2 does not hand over its solution, RPCNZT and RPCNZ2 of type B use
derivatives one place off.

accepted: the solver is our own and agrees to about ten digits (signs of NaN differ). RPC39 works (the original dies), and so do
fits without RESCOL (the same). Sums of squares and sigmas are compared, but sigmas of undetermined coefficients only roughly.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers, put_numbers
from vicar.numerics.levenberg import Fit, length

MOST_STEPS, TOLERANCE = 1000, 1e-7
GUESSES, TERMS = 80, 20
# Exponents of longitude, latitude and height in the terms of the two types
POWERS = {
    "A": "000 100 010 001 110 101 011 111 200 020 002 300 210 201 120 030 021 102 012 003",
    "B": "000 100 010 001 110 101 011 200 020 002 111 300 120 102 210 030 012 201 021 003",
}
NO_HEIGHT = {"A": (0, 1, 2, 4, 8, 9, 11, 12, 14, 15), "B": (0, 1, 2, 4, 7, 8, 11, 12, 14, 15)}
HEIGHT = {"A": (0, 3, 5, 6, 7, 10, 13, 16, 17, 18, 19), "B": (0, 3, 5, 6, 9, 10, 13, 16, 17, 18, 19)}


def chosen(name: str, kind: str) -> list[int]:
    """Places in the 40 coefficients, numerator first, that a function fits."""
    plain, tall = NO_HEIGHT[kind], HEIGHT[kind]
    return {
        "RPCD20": range(20, 40), "RPCD19": range(21, 40), "RPCN20": range(20), "RPCTEST": range(1),
        "RPC39": [*range(20), *range(21, 40)], "RPCD10": [20 + n for n in plain], "RPCD9": [20 + n for n in plain[1:]],
        "RPCN10": plain, "RPCDZT": [20 + n for n in tall], "RPCNZT": tall, "RPCDZ2": (20, 23), "RPCNZ2": (0, 3),
    }[name]  # fmt: skip


def main(task):
    task.if_message("ibisnlsq version Fri Dec 28 2007")
    name = task.string("FUNC")
    kind = "B" if task.string("RPCTYPE", "").startswith("B") else "A"
    sample = task.string("RPCLS", "").startswith("S")
    task.printf(f"RPCTYPE={kind}\nSOLVING FOR {'SAMP' if sample else 'LINE'}")
    if task.integer("CONCOL"):
        task.abend("multiple solutions prohibited for now")
    data, targets, columns = (task.integers(key) for key in ("DATACOL", "COEFFCOL", "SOLCOL"))
    columns += [0] * (5 - len(columns))
    with task.open_table(mode="UPDATE") as table:
        x = [numbers(table, column) for column in data]
        y = numbers(table, task.integer("DEPCOL"))
        with task.open_table(instance=2, mode="UPDATE") as guesses:
            task.printf("")
            guess = numbers(guesses, columns[0])
            checks = [numbers(guesses, column) if column > 0 else None for column in columns[2:]]
            model = choose(task, name, kind, sample, guess, x, y)
            fit = solve(task, model)
            compare(task, name, model, fit, checks)
            solution = model.solution
            if not task.keyword("NOPRINT"):
                task.printf("\nseq  concol    solution coefficient\n")
                for number, value in enumerate(solution, 1):
                    task.printf(f"{number:3d} {1.0 if len(y) else 0.0:7.2f} {value:24.15e}")
                task.printf("")
            if targets[0]:
                if len(targets) != len(solution) and not task.defaulted("COEFFCOL"):
                    task.abend("Count for parameter COEFFCOL wrong")
                for column, value in zip(targets, solution, strict=False):
                    put_numbers(table, column, np.full(len(y), value))
            if task.integer("RESCOL"):
                put_numbers(table, task.integer("RESCOL"), model.residuals)
            put_numbers(guesses, columns[1], model.guess)


def choose(task, name, kind, sample, guess, x, y):
    wanted, independent = (5, 1) if name == "KIRBY2" else (GUESSES, 3)
    if len(guess) != wanted:
        task.abend("wrong length for guess vector")
    if len(x) != independent:
        task.abend("wrong number of input data columns")
    return Kirby(guess, x[0], y) if name == "KIRBY2" else Rational(name, kind, sample, guess, x, y)


def solve(task, model) -> Fit:
    fit = Fit(model.values, model.slopes, model.guess[model.places])
    before = 0.0
    for _ in range(MOST_STEPS):
        fit.iterate()
        now = float(length(fit.f))
        task.printf(f"convergence = {now - before:.18e}")
        before = now
        if fit.settled(TOLERANCE):
            break
    return fit


def compare(task, name, model, fit, checks) -> None:
    """Lines on what differs from the expected solution, sum of squares and sigmas."""
    number = 0

    def check(observed, expected, tolerance, label):
        nonlocal number
        number += 1
        if expected == 0 and observed == 0:
            return
        error = abs(observed - expected) / abs(expected) if expected else abs(observed)
        if not error <= tolerance:
            task.printf(f"FAIL: {name}, {label} ({observed:.18g} observed vs {expected:.18g} expected) [{number}]")

    solution, sigma, square = checks
    if solution is not None:
        for n, (observed, expected) in enumerate(zip(fit.x, solution[model.places], strict=True)):
            check(observed, expected, 1e-5, f"lmsder, x{n}")
    squares = float(length(fit.f)) ** 2
    if square is not None:
        check(squares, square[0], 1e-5, "lmsder, |f|^2")
    if sigma is not None:
        with np.errstate(all="ignore"):
            errors = np.sqrt(squares / (len(fit.f) - len(fit.x))) * np.sqrt(fit.variances())
        for n, (observed, expected) in enumerate(zip(errors, sigma[model.places], strict=True)):
            check(observed, expected, 1e-4, f"sigma({n})")


class Kirby:
    """(b0 + b1 x + b2 x^2) / (1 + b3 x + b4 x^2)."""

    places = list(range(5))

    def __init__(self, guess, x, y):
        self.guess, self.x, self.y = guess.copy(), x, y
        self.residuals, self.solution = np.zeros(len(y)), np.zeros(5)

    def values(self, b):
        x = self.x
        with np.errstate(all="ignore"):
            self.residuals = self.y - (b[0] + x * (b[1] + x * b[2])) / (1 + x * (b[3] + x * b[4]))
        return self.residuals

    def slopes(self, b):
        x = self.x
        with np.errstate(all="ignore"):
            u, v = b[0] + x * (b[1] + x * b[2]), 1 + x * (b[3] + x * b[4])
            return np.stack((-1 / v, -x / v, -x * x / v, x * u / (v * v), x * x * u / (v * v)), axis=1)


class Rational:
    """A quotient of two polynomials in longitude, latitude and height; ``guess`` holds those for line and sample."""

    def __init__(self, name, kind, sample, guess, x, y):
        self.name, self.kind = name, kind
        self.base = GUESSES // 2 if sample else 0
        self.places = [self.base + n for n in chosen(name, kind)]
        self.guess, self.y = guess.copy(), y
        self.residuals, self.solution = np.zeros(len(y)), np.zeros(len(self.places))
        powers = [[int(digit) for digit in term] for term in POWERS[kind].split()]
        self.terms = np.stack([x[0] ** i * x[1] ** j * x[2] ** k for i, j, k in powers], axis=1)

    def quotient(self):
        coefficients = self.guess[self.base : self.base + 2 * TERMS]
        return self.terms @ coefficients[:TERMS], self.terms @ coefficients[TERMS:]

    def values(self, b):
        self.solution = b.copy()
        self.guess[self.places] = b
        with np.errstate(all="ignore"):
            numerator, denominator = self.quotient()
            self.residuals = self.y - numerator / denominator
        return self.residuals

    def slopes(self, b):
        with np.errstate(all="ignore"):
            numerator, denominator = self.quotient()
            above, below = -1.0 / denominator, numerator / (denominator * denominator)
            columns = []
            for place in self.places:
                part, term = divmod(place - self.base, TERMS)
                columns.append((below if part else above) * self.terms[:, term])
        if self.kind == "B" and self.name == "RPCNZT":
            columns = [*columns[1:], np.zeros(len(self.y))]
        if self.kind == "B" and self.name == "RPCNZ2":
            columns = [columns[1], above * self.terms[:, 5]]
        return np.stack(columns, axis=1)
