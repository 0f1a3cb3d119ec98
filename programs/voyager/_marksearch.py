"""RESLOC's search for the reseau marks of a frame. Source: ``vos/p2/prog/resloc``, routine find_res_d and what it calls.

For each mark up to three candidates are kept. They are judged by correlation, darkness and distance from where the mark
should be; the best is taken, and given up if it is not good enough. Marks not found are placed by their neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from programs.voyager import _markwindows as windows
from vicar.missions import reseau
from vicar.numerics import linpack
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

f32 = np.float32
MARKS, CANDIDATES = reseau.MARKS, 3
NONE = windows.NONE
FAR = f32(3)  # pixels; marks farther from where they should be do not count for the mean offset
DARK_STEP = f32(20)
CONTRAST = f32(10)


@dataclass
class Settings:
    """What the user asked for."""

    planet: int
    nlw: int
    nsw: int
    sigma: np.float32
    nver: int
    nhor: int
    rthresh: np.float32
    qthresh: np.float32
    filter: bool = True
    subpixel: bool = True
    fill: bool = True
    debug: bool = False
    print_template: bool = False
    print_statistics: bool = False
    traced: int = 0  # a mark whose search is printed
    rejected: tuple[int, ...] = ()


def _empty() -> np.ndarray:
    return np.full((CANDIDATES, MARKS), NONE)


@dataclass
class Candidates:
    """Measurements of the candidates, float32 (3, 202), -999 where there is none."""

    rho: np.ndarray = field(default_factory=_empty)
    dark: np.ndarray = field(default_factory=_empty)
    border: np.ndarray = field(default_factory=_empty)
    line: np.ndarray = field(default_factory=_empty)
    sample: np.ndarray = field(default_factory=_empty)
    distance: np.ndarray = field(default_factory=_empty)
    darkness: np.ndarray = field(default_factory=_empty)
    nearness: np.ndarray = field(default_factory=_empty)
    quality: np.ndarray = field(default_factory=_empty)


class Search:
    """One search. ``report`` takes messages."""

    def __init__(self, image: np.ndarray, nominal: np.ndarray, settings: Settings, report):
        self.image, self.settings, self.report = image, settings, report
        self.lines, self.samples = nominal[:, 0], nominal[:, 1]
        self.kinds, self.neighbours = reseau.kinds(), reseau.neighbours()
        self.found = Candidates()
        self.camera_dark = np.full(MARKS, NONE)

    def run(self) -> np.ndarray:
        """Places of all marks: float32 (202, 2) of line and sample; -999 where not found and not to be filled."""
        with np.errstate(all="ignore"):
            return self._run()

    def _run(self) -> np.ndarray:
        template = self._prepare()
        half = self.settings.nver // 2, self.settings.nhor // 2
        for mark in range(MARKS):
            self._measure(mark, template, half)
        samples_off, lines_off = self._offsets()
        self._distances(samples_off, lines_off)
        self._dark_of_camera()
        self._judge(f32(half[1]))
        chosen = self._choose()
        pick = np.arange(MARKS)
        best = {name: getattr(self.found, name)[chosen, pick] for name in vars(self.found)}
        if self.settings.print_statistics:
            self._print_statistics(best)
        self._give_up(best)
        if self.settings.fill:
            self._fill(best, samples_off, lines_off)
        return np.stack([best["line"], best["sample"]], axis=1)

    # -- candidates -----------------------------------------------------------------------------------------------------

    def _prepare(self) -> windows.Template:
        s = self.settings
        self.report(edit("('nlw=',i2,' nsw=',i2)", s.nlw, s.nsw))
        for name, size in (("nlw", s.nlw), ("nsw", s.nsw)):
            self._require_odd(name, size)
        self.report(edit("('sig=',f6.2)", s.sigma))
        template = windows.template(s.nlw, s.nsw, s.sigma)
        if s.print_template:
            self.report("reseau shape template A...")
            for row in template.shape.tolist():
                self.report(edit("(11i4)", row))
            self.report(edit("(' meanA=',f6.2,' sigmaA=',f6.2)", template.mean, template.sigma))
        self.report(edit("('search area is ',i2,' x ',i2)", s.nver, s.nhor))
        for name, size in (("nhor", s.nhor), ("nver", s.nver)):
            self._require_odd(name, size)
        return template

    @staticmethod
    def _require_odd(name: str, size: int) -> None:
        if size % 2 == 0:
            raise EvenSize(f"***{name} must be odd")

    def _measure(self, mark: int, template: windows.Template, half: tuple[int, int]) -> None:
        """Find the candidates of a mark and measure them."""
        line, sample = int(self.lines[mark]), int(self.samples[mark])
        kind, traced = self.kinds[mark], mark + 1 == self.settings.traced
        ja, ia = template.half
        window = windows.cut(self.image, line, sample, half[0] + ja, half[1] + ia)
        gap = windows.mark_gaps(window, line, sample, kind, self.settings.planet)
        if self.settings.filter:
            windows.cool_edges(window, line, sample, kind)
        if traced:
            self._print_window(mark, window)
        plain = not gap and kind == reseau.INTERIOR
        correlation = (windows.correlate if plain else windows.correlate_with_gaps)(template, window)
        if traced:
            self._print_correlation(correlation)
        found = self.found
        for number, (row, column) in enumerate(windows.peaks(correlation)):
            rho, dy, dx = correlation[row, column], f32(0), f32(0)
            if rho <= -1:
                found.rho[number, mark] = rho
                continue
            if self.settings.subpixel:
                rho, dy, dx = windows.refine(correlation, row, column)
            dj, di = row - half[0], column - half[1]
            part = window[row : row + 2 * ja + 1, column : column + 2 * ia + 1]
            found.rho[number, mark] = rho
            found.line[number, mark] = f32(line + dj) + dy
            found.sample[number, mark] = f32(sample + di) + dx
            found.dark[number, mark] = windows.darkness(part)
            found.border[number, mark] = windows.border_mean(part)
            if traced:
                self.report(edit(
                    "(i1,': (di,dj)=(',i2,',',i2,') (dx,dy)=(',f5.1,',',f5.1,') rho=',f5.3,' dn=',f5.1,' dedge=',f5.1)",
                    number + 1, di, dj, dx, dy, rho, found.dark[number, mark], found.border[number, mark],
                ))  # fmt: skip
                for values in part.tolist():
                    self.report(edit("(25i4)", values))

    # -- where the marks should be ----------------------------------------------------------------------------------------

    def _offsets(self) -> tuple[np.float32, np.float32]:
        """Mean offset of first candidates from nominal places, in samples and lines; outliers are dropped one by one."""
        line, sample = self.found.line[0], self.found.sample[0]
        used = (line != NONE) & (np.array(self.kinds) == reseau.INTERIOR)
        number = int(used.sum())
        down, across = line - self.lines, sample - self.samples
        if number:
            sum_down = np.add.accumulate(down[used], dtype=f32)[-1]
            sum_across = np.add.accumulate(across[used], dtype=f32)[-1]
        while number:
            e, f = sum_across / f32(number), sum_down / f32(number)
            error = np.where(used, (down - f) ** 2 + (across - e) ** 2, f32(0))
            worst = int(np.argmax(error))
            if np.sqrt(error[worst]) < FAR:
                return e, f
            used[worst] = False
            number -= 1
            sum_down, sum_across = sum_down - down[worst], sum_across - across[worst]
        self.report("Warning: error solving for e and f")
        self.report("Values set to 0")
        return f32(0), f32(0)

    def _distances(self, e: np.float32, f: np.float32) -> None:
        found = self.found
        down, across = found.line - self.lines - f, found.sample - self.samples - e
        found.distance = np.where(found.line != NONE, np.sqrt(down**2 + across**2), NONE)
        mark = self.settings.traced - 1
        if mark < 0:
            return
        self.report(edit(
            "('(lnom,snom)=(',f5.1,',',f5.1,') e=',f5.2,' f=',f5.2)", self.lines[mark], self.samples[mark], e, f
        ))  # fmt: skip
        for number in range(CANDIDATES):
            self.report(edit("(i1,': (l,s)=(', f6.1,',',f6.1,') eps=',f6.1)", number + 1, found.line[number, mark],
                             found.sample[number, mark], found.distance[number, mark]))  # fmt: skip

    # -- how dark the camera is -------------------------------------------------------------------------------------------

    def _dark_of_camera(self) -> None:
        """Value of each mark: its darkest candidate, or what its neighbours suggest if that is much less."""
        dark = np.where(self.found.dark >= 0, self.found.dark, f32(256))
        number = np.argmin(dark, axis=0)
        pick = np.arange(MARKS)
        least = dark[number, pick]
        known = least < 256
        value = np.where(known, least, NONE)
        lines = np.where(known, self.found.line[number, pick], f32(0))
        samples = np.where(known, self.found.sample[number, pick], f32(0))
        for mark in range(MARKS):
            near = [n - 1 for n in self.neighbours[mark] if n and self.kinds[n - 1] == reseau.INTERIOR and value[n - 1] != NONE]
            expected = max(self._expected(mark, near, samples, lines, value), f32(0))
            if self.kinds[mark] != reseau.INTERIOR:
                value[mark] = min(value[mark], expected)
            elif value[mark] - expected > DARK_STEP:
                value[mark] = expected
        self.camera_dark = value

    def _expected(self, mark: int, near: list[int], x, y, z) -> np.float32:
        """Value at a mark from those of its neighbours."""
        if not near:
            return NONE
        if len(near) == 1:
            return z[near[0]]
        if len(near) == 2:
            return f32(0.5) * (z[near[0]] + z[near[1]])
        return self._interpolated(mark, near, x, y, z)

    def _interpolated(self, mark: int, near: list[int], x, y, z) -> np.float32:
        """Affine function through three neighbours, bilinear through the first four if there are more."""
        near = near[:4]
        rows = [np.ones(len(near), f32), x[near], y[near]]
        if len(near) == 4:
            rows.append(x[near] * y[near])
        b, singular = linpack.solve(np.stack(rows, axis=1)[None], z[near][None])
        if singular[0]:
            for text in prnt("HALF", mark + 1, "***simq err at mark."):
                self.report(text)
            return NONE
        b = b[0]
        value = b[0] + b[1] * x[mark] + b[2] * y[mark]
        return value + b[3] * x[mark] * y[mark] if len(near) == 4 else value

    # -- choice -----------------------------------------------------------------------------------------------------------

    def _judge(self, farthest: np.float32) -> None:
        found, dark = self.found, self.camera_dark
        contrast = found.border - dark
        darkness = f32(1) - (found.dark - dark) / contrast
        nearness = f32(1) - found.distance / farthest
        three = (found.rho + darkness + nearness) / f32(3)
        quality = np.where(contrast > CONTRAST, three, (found.rho + nearness) / f32(2))
        valid = found.rho != NONE
        found.darkness, found.nearness, found.quality = (
            np.where(valid, values, NONE) for values in (darkness, nearness, quality)
        )
        mark = self.settings.traced - 1
        for number in range(CANDIDATES if mark >= 0 else 0):
            if valid[number, mark]:
                self._print_judgement(number, mark)

    def _choose(self) -> np.ndarray:
        quality = self.found.quality
        chosen = np.zeros(MARKS, np.int64)
        for number in (1, 2):
            better = quality[number] > quality[chosen, np.arange(MARKS)]
            chosen[better] = number
        if self.settings.debug:
            for mark in np.flatnonzero(chosen):
                self.report(edit("('Mark',i3,' Candidate chosen=',i1)", int(mark) + 1, int(chosen[mark]) + 1))
        return chosen

    def _give_up(self, best: dict[str, np.ndarray]) -> None:
        """Drop marks that the user names, and those that match badly."""
        line, sample = best["line"], best["sample"]
        for mark in self.settings.rejected:
            if 0 < mark <= MARKS:
                line[mark - 1] = sample[mark - 1] = NONE
        for name, measure, limit, title, shown in (
            ("rho", "rho", self.settings.rthresh, "('Rho threshold=',f5.1)", "('Mark',i3,' rho=',f6.3,' is too small')"),
            ("q", "quality", self.settings.qthresh, "('q threshold=',f5.2)", "('Mark',i3,' q=',f7.3,' is too small')"),
        ):
            self.report(edit(title, limit))
            for mark in np.flatnonzero((line != NONE) & (best[measure] < limit)):
                line[mark] = sample[mark] = NONE
                if self.settings.debug:
                    self.report(edit(shown, int(mark) + 1, best[measure][mark]))
        self._check_corners(best)
        self._print_averages(best)

    def _check_corners(self, best: dict[str, np.ndarray]) -> None:
        """A corner mark and the mark beside it that were found at the same place: the farther one is dropped."""
        line, sample, distance = best["line"], best["sample"], best["distance"]
        for one, other, drop, keep in ((1, 13, 1, 13), (12, 23, 12, 23), (190, 179, 179, 190), (201, 189, 189, 201)):
            if line[one - 1] != line[other - 1] or sample[one - 1] != sample[other - 1]:
                continue
            self.report(f"mark {one} same as mark {other}")
            doomed = drop if distance[drop - 1] > distance[keep - 1] else keep
            line[doomed - 1] = sample[doomed - 1] = NONE
            self.report(f"mark {doomed} rejected")

    def _print_averages(self, best: dict[str, np.ndarray]) -> None:
        found = best["line"] != NONE
        number = int(found.sum())
        for name, measure in (("eps", "distance"), ("rho", "rho"), ("q", "quality")):
            mean = np.add.accumulate(best[measure][found], dtype=f32)[-1] / f32(number) if number else NONE
            self.report(edit(f"('average {name}=',f8.3)", mean))
        self.report(edit("(i3,' reseau marks not found')", MARKS - number))

    def _fill(self, best: dict[str, np.ndarray], e: np.float32, f: np.float32) -> None:
        """Place the marks that were not found."""
        line, sample = best["line"], best["sample"]
        found = line != NONE
        for mark in np.flatnonzero(~found).tolist():
            near = [n - 1 for n in self.neighbours[mark] if n and self.kinds[n - 1] == reseau.INTERIOR and found[n - 1]]
            for place, usual, offset in ((line, self.lines, f), (sample, self.samples, e)):
                if len(near) > 2:
                    place[mark] = self._interpolated(mark, near, self.lines, self.samples, place)
                elif not near:
                    place[mark] = usual[mark] + offset
                elif len(near) == 1:
                    place[mark] = usual[mark] + (place[near[0]] - usual[near[0]])
                else:
                    one, two = (place[n] - usual[n] for n in near)
                    place[mark] = usual[mark] + f32(0.5) * (one + two)

    # -- printing -----------------------------------------------------------------------------------------------------------

    def _print_window(self, mark: int, window: np.ndarray) -> None:
        self.report(".page.")
        self.report(edit("('tres=',i3,' B=...')", mark + 1))
        for row in window.tolist():
            self.report(edit("(30i4)", row))

    def _print_correlation(self, correlation: np.ndarray) -> None:
        self.report("Search area 100*rho...")
        for row in correlation:
            shown = np.where(row >= -1, (f32(100) * row).astype(np.int32), -999)
            self.report(edit("(8x,25i4)", shown.tolist()))

    def _print_judgement(self, number: int, mark: int) -> None:
        found = self.found
        if number == 0:
            self.report(edit("('DN contribution of camera: dc=',f7.2)", self.camera_dark[mark]))
        self.report(edit("(i1,' dn=',f7.2,' dedge=',f7.2,' eps=',f7.2)", number + 1, found.dark[number, mark],
                         found.border[number, mark], found.distance[number, mark]))  # fmt: skip
        self.report(edit("(' rho=',f8.3,' g=',f8.3,' h=',f8.3,' q=',f8.3)", found.rho[number, mark],
                         found.darkness[number, mark], found.nearness[number, mark], found.quality[number, mark]))  # fmt: skip

    def _print_statistics(self, best: dict[str, np.ndarray]) -> None:
        for title, values, scale in (
            ("dn...", best["dark"], 1), ("dc...", self.camera_dark, 1), ("dedge...", best["border"], 1),
            ("10*eps...", best["distance"], 10), ("100*rho...", best["rho"], 100), ("100*g...", best["darkness"], 100),
            ("100*h...", best["nearness"], 100), ("100*q...", best["quality"], 100),
        ):  # fmt: skip
            self.report(".page")
            self.report(title)
            for text in grid_of_numbers(values, f32(scale)):
                self.report(text)


class EvenSize(Exception):
    """A window that has no middle; the text is the original's."""


def grid_of_numbers(values: np.ndarray, scale: np.float32) -> list[str]:
    """One whole number a mark, laid out as the marks lie."""

    def shown(mark: int) -> str:
        value = values[mark - 1]
        number = -99 if value == NONE else int(np.float64(scale * value + f32(0.5)))
        return edit("(i6)", number)

    texts, mark = [], 1
    for pair in range(12):
        line = [" "] * 132
        full = pair <= 1 or pair >= 10
        for column in range(12):
            if full or column <= 1 or column >= 10:
                line[6 * column : 6 * column + 6] = shown(mark)
                mark += 1
        if pair == 2:
            line[48:54] = shown(MARKS)
        texts.append("".join(line[1:]).rstrip())
        if pair < 11:
            line = [" "] * 132
            for column in range(11):
                line[6 * column + 3 : 6 * column + 9] = shown(mark)
                mark += 1
            texts.append("".join(line[1:]).rstrip())
    return texts
