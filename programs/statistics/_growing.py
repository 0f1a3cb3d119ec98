"""Clusters that grow as pixels are sampled, then are weeded, ordered and joined: the numbers behind USTATS.

A cluster has a mean (float32), a running variance and covariance of each band (float64) and a number of pixels (float32). All
of it is updated pixel by pixel, so the order of the pixels and the width of every intermediate result matter.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

TAKEN = 9999  # written over the first band of a pixel that belongs to a cluster
_F = np.float32


class Clusters:
    """``used`` clusters of at most ``most``: ``means`` ``variances`` (most, bands), ``covariances`` (most, bands, bands)."""

    def __init__(self, most: int, bands: int):
        room = max(most, 1)
        self.most, self.used = most, 0
        self.means = np.zeros((room, bands), np.float32)
        self.variances = np.zeros((room, bands))
        self.covariances = np.zeros((room, bands, bands))
        self.points = np.zeros(room, np.float32)

    def sample(self, dn: np.ndarray, step: int, excluded: np.ndarray, bound, neighbours: bool) -> bool:
        """Sample a line, int16 (samples, bands), which is changed; False when there was no room for another cluster."""
        grow = sample_line.best(dn.size * 8)
        found = grow(dn, step, excluded, bound, neighbours, self.most, self.used, self.means, self.variances,
                     self.covariances, self.points)  # fmt: skip
        self.used = abs(found)
        return found >= 0

    def arrays(self):
        return self.points, self.means, self.variances, self.covariances

    def keep(self, rows) -> None:
        """Only these clusters, in this order."""
        rows = np.asarray(rows, int)
        for array in self.arrays():
            array[: len(rows)] = array[rows]
        self.used = len(rows)

    def deviations(self) -> None:
        """From here on ``variances`` holds standard deviations, of single precision."""
        self.variances[: self.used] = np.sqrt(np.abs(self.variances[: self.used].astype(np.float32)))

    def sort(self) -> None:
        """By population, the largest first, equal ones in the order of the original's sort by shrinking gaps."""
        order, count = list(range(self.used)), self.used
        points = self.points
        gap = count // 2
        while gap:
            for first in range(count - gap):
                here = first
                while here >= 0 and not points[order[here]] > points[order[here + gap]]:
                    order[here], order[here + gap] = order[here + gap], order[here]
                    here -= gap
            gap //= 2
        self.keep(order)

    def join(self) -> None:
        """Join clusters whose means are nearer than their deviations in every band; the emptied ones stay, without points."""
        for i in range(self.used - 1):
            while self.points[i] != 0:
                rest = slice(i + 1, self.used)
                reach = self.variances[i] + self.variances[rest] - np.abs(self.means[i] - self.means[rest])
                near = (reach.astype(np.float32) > 0).all(axis=1) & (self.points[rest] != 0)
                if not near.any():
                    break
                self._unite(i, i + 1 + int(near.argmax()))

    def _unite(self, i: int, j: int) -> None:
        """Cluster ``j`` into ``i``. Bands done before show in the products with bands that come after."""
        points, means, deviations, covariances = self.arrays()
        a, b, total = points[i], points[j], points[i] + points[j]
        for k in range(means.shape[1]):
            mean = (a * means[i, k] + b * means[j, k]) / total

            def spread(p, mean=mean, k=k):
                inner = (a - _F(1)) * deviations[i, k] * deviations[i, p] + (b - _F(1)) * deviations[j, k] * deviations[j, p]
                outer = inner + a * means[i, k] * means[i, p] + b * means[j, k] * means[j, p]
                return np.abs(_F((outer - total * mean * mean) / (total - _F(1))))

            covariances[i, k] = [spread(p) for p in range(means.shape[1])]
            deviations[i, k] = np.sqrt(spread(k))
            means[i, k] = mean
        points[i], points[j] = total, _F(0)


@kernel(above=200_000)
def sample_line(dn, step, excluded, bound, neighbours, most, used, means, variances, covariances, points):
    """Every ``step``-th pixel into the nearest cluster within ``bound`` (squared), or into a new one, with its neighbours.

    Gives the number of clusters, negative if a pixel found no room for one more.
    """
    samples, bands = dn.shape
    one = np.float32(1)
    apart = np.zeros(bands, np.float32)
    for start in range(0, samples, step):
        chosen = 0
        for way in range(3):
            place = start + (0 if way == 0 else -1 if way == 1 else 1)
            if way > 0 and not neighbours:
                break
            while 0 <= place < samples:
                barred = False
                for value in excluded:
                    for band in range(bands):
                        if dn[place, band] == value:
                            barred = True
                if barred:
                    break
                first = used == 0
                if way == 0:
                    chosen, best = used, bound
                    for number in range(used):
                        distance = np.float32(0)
                        for band in range(bands):
                            off = np.float32(dn[place, band]) - means[number, band]
                            distance = distance + off * off
                        if not distance > best:
                            chosen, best = number, distance
                    if chosen >= most and not first:
                        return -used
                else:
                    distance = np.float32(0)
                    for band in range(bands):
                        off = np.float32(dn[place, band]) - means[chosen, band]
                        distance = distance + off * off
                    if distance > bound:
                        break
                count = points[chosen]
                for band in range(bands):
                    value = np.float32(dn[place, band])
                    away = np.float32(0)
                    if first:
                        means[chosen, band] = value
                    else:
                        away = value - means[chosen, band]
                        for other in range(bands):
                            apart[other] = value - means[chosen, other]
                    whole = np.float64(count + one)
                    many = np.float64(count)
                    variances[chosen, band] = (np.float64(away * away) + variances[chosen, band] * many) / whole
                    for other in range(bands):
                        product = np.float64(abs(away * apart[other]))
                        covariances[chosen, band, other] = (product + covariances[chosen, band, other] * many) / whole
                    means[chosen, band] = (value + means[chosen, band] * count) / (count + one)
                points[chosen] = count + one
                dn[place, 0] = 9999
                used = max(used, chosen + 1)
                if way == 0:
                    break
                place += -1 if way == 1 else 1
            if way == 0 and barred:
                break
    return used
