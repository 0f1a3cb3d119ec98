"""CLUSTERER: k-means clusters of samples of several images. Source: ``vos/p2/prog/clusterer`` (C, 2019-08-22).

The centres begin at random places (``rand`` with the seed 0). In each step every sample goes to the nearest centre and every
centre to the mean of its samples; centres that are without samples after the first step take no more part. Clusters whose
samples all are equal are left out of the result.
What the original prints otherwise goes to the terminal.

known: nothing. accepted: samples that are no numbers go to the first cluster, where the original takes that of the one before.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.cformat import sprintf
from vicar.numerics.random import Rand

RAND_MAX = 2147483647
SMALL = 10e-10
SMALLEST = 2.2250738585072014e-308  # from where the largest values are sought


def main(task):
    task.if_message("CLUSTERER version 2019-08-22")
    with task.open_table() as table:
        places = [table.read(column, "FULL") for column in (1, 2)]
        samples = np.stack([table.read(column, "DOUB") for column in range(3, table.nc + 1)], axis=1)
    if task.integer("NCLUSTERS") < 1:  # the original dies
        task.abend("NCLUSTERS must be positive.")
    clusters = Clusters(samples, task.integer("NCLUSTERS"))
    limit, most = task.double("CONVTHRESH"), task.integer("MAXITER")
    steps, done = 0, False
    while steps == 0 or not done and steps < most:
        moved = clusters.step()
        steps, done = steps + 1, moved < limit
        task.printf(sprintf("iter: %d total changed: %f theshold: %f\n", steps, moved, limit))
        task.progress(steps, most)
    covariance = clusters.covariance()
    valid = (np.abs(covariance) > SMALL).any(axis=(1, 2))
    task.if_message(f"FINAL RESULT total num of clusters: {valid.sum()} converged: {'YES' if done else 'NO'}")
    write_clusters(task, clusters, covariance, np.flatnonzero(valid))
    if task.count("OUT") > 1:
        write_samples(task, clusters, places, np.flatnonzero(valid))


class Clusters:
    """Samples (float64, samples x bands), the centres, and the cluster of each sample."""

    def __init__(self, samples: np.ndarray, count: int):
        self.samples, self.count = samples, count
        bands = samples.shape[1]
        low = np.fmin.reduce(samples, axis=0, initial=np.finfo(float).max)
        high = np.fmax.reduce(samples, axis=0, initial=SMALLEST)
        draw = Rand(0)
        shares = np.array([draw() / RAND_MAX for _ in range(count * bands)]).reshape(count, bands)
        self.means = shares * (low + high)
        self.alive = np.ones(count, bool)
        self.members = np.zeros(len(samples), int)
        self.sizes = np.zeros(count, int)
        self.started = False

    def step(self) -> float:
        """Assign the samples, move the centres; how far these have moved together."""
        self.members = self.nearest()
        self.sizes = np.bincount(self.members, minlength=self.count)
        before, filled = self.means, self.sizes > 0
        self.means = before.copy()
        sums = np.stack([self.summed(values) for values in self.samples.T], axis=1)
        self.means[filled] = sums[filled] / self.sizes[filled].astype(np.float64)[:, None]
        squares = libm.pow(self.means - before, np.full_like(before, 2.0))
        moved = np.sqrt(np.add.accumulate(squares, axis=1)[:, -1])
        if not self.started:
            self.started, self.alive = True, filled
        return float(np.add.accumulate(moved)[-1])

    def nearest(self) -> np.ndarray:
        """Number of the nearest centre that takes part, the first of equally near ones."""
        best, least = np.zeros(len(self.samples), int), np.full(len(self.samples), np.finfo(float).max)
        for number in np.flatnonzero(self.alive).tolist():
            total = np.zeros(len(self.samples))
            for values, mean in zip(self.samples.T, self.means[number], strict=True):
                total += (values - mean) * (values - mean)
            distance = np.sqrt(total)
            nearer = least > distance
            best[nearer], least[nearer] = number, distance[nearer]
        return best

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Sums of values by cluster, in the order of the samples."""
        return np.bincount(self.members, values, self.count)

    def covariance(self) -> np.ndarray:
        """Covariance of each cluster, clusters x bands x bands; zeros where there are no samples."""
        off = self.samples - self.means[self.members]
        bands = off.shape[1]
        sums = np.stack([self.summed(off[:, i] * off[:, j]) for i in range(bands) for j in range(bands)], axis=1)
        with np.errstate(all="ignore"):
            shares = sums / self.sizes.astype(np.float64)[:, None]
        return np.where(self.sizes[:, None] > 0, shares, 0.0).reshape(self.count, bands, bands)


def write_clusters(task, clusters: Clusters, covariance: np.ndarray, chosen: np.ndarray) -> None:
    """A row for each cluster: name, samples, bands, means, lower half of the covariance."""
    bands = clusters.samples.shape[1]
    half = [covariance[chosen, j, k] for j in range(bands) for k in range(j + 1)]
    columns = [clusters.sizes[chosen], np.full(len(chosen), bands), *clusters.means[chosen].T, *half]
    formats = ["A12"] + ["REAL"] * len(columns)
    with task.create_table("OUT", 1, nr=len(chosen), nc=len(formats), formats=formats, org="ROW") as table:
        table.write(1, [f"CLASS {number + 1}" for number in chosen])
        for number, values in enumerate(columns, 2):
            table.write(number, values.astype(np.float64))


def write_samples(task, clusters: Clusters, places, chosen: np.ndarray) -> None:
    """A row for each sample, cluster after cluster: name, line, sample, values."""
    order = np.concatenate([np.flatnonzero(clusters.members == number) for number in chosen]) if len(chosen) else np.zeros(0, int)
    columns = [*places, *clusters.samples.T]
    formats = ["A12"] + ["REAL"] * len(columns)
    with task.create_table("OUT", 2, nr=len(order), nc=len(formats), formats=formats, org="ROW") as table:
        table.write(1, [f"CLASS {number + 1}" for number in clusters.members[order]])
        for number, values in enumerate(columns, 2):
            table.write(number, values[order].astype(np.float64))
