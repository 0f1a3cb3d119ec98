"""SHADOW: brightens shadows. Source: ``vos/p2/prog/shadow`` (C++, 2019-08-06).

The image is taken for a product of illumination and reflectance (retinex). Illumination is the image blurred, less so
where it has edges; it is brightened by a gamma (its own for every pixel, unless one is given), its histogram is evened
out, and the product is made again. All in double precision, sums in the original's order. Of several bands the last one
is used.

accepted: images without contrast, without positive values or with values that are no numbers are refused, as the original dies of
them; values behind the largest whole one count as that.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.cformat import sprintf
from vicar.numerics.rounding import anint, truncate

PI = 3.14159265
NEIGHBOURS = 2  # values of the histogram whose mean is taken


def main(task):
    task.if_message("SHADOW version 2019-08-06")
    task.message(f"Image: {task.string('INP')}\n")
    with task.open("INP", u_format="DOUB") as source:
        if not source.nl:  # the original dies
            task.abend("The image has no lines.")
        image = np.stack([source.read(line, band=source.nb) for line in range(1, source.nl + 1)])
    sigma, size = task.double("SIGMA"), task.integer("KSIZE")
    if size < 1:  # the original dies
        task.abend("KSIZE must be positive.")
    weights = kernel(size, sigma)
    task.message(sprintf("Create gaussian %d x %d kernel with stand deviation equals %f.", size, size, sigma))
    with np.errstate(all="ignore"):
        illumination = estimate(image, weights)
        task.message("Decomposed illumination image from the input image using gaussian kernel.")
        reflectance = np.where(illumination != 0, image / illumination, 0.0)
        task.message("Decomposed reflectance image from the input image.")
        write_plane(task, "OUT_REFLECT", reflectance, "DOUB")
        task.message("Illumination image gamma brightness correction.")
        bright = brightened(task, normalized(illumination))
        task.message("Illumination image contrast enhancement.")
        top = float(image.max())
        if not (top >= 1 and np.isfinite(bright).all() and np.isfinite(top)):
            task.abend("The image has no contrast, or values SHADOW cannot work with.")
        final = evened(anint(bright * top), top)
    write_plane(task, "OUT_ILLUM", final, "DOUB")
    task.message("Combine illumination image and reflectance image.")
    write_plane(task, "OUT", truncate(reflectance * final, np.int16), "HALF")
    task.message("Write output.")


def write_plane(task, name: str, values: np.ndarray, form: str) -> None:
    """An output of one band, if it is wanted."""
    if task.count(name):
        nl, ns = values.shape
        with task.create(name, nl=nl, ns=ns, nb=1, org="BSQ", format=form, u_format=form) as result:
            result.write_window(values)


def kernel(size: int, sigma: float) -> np.ndarray:
    """Gaussian weights with the sum 1; of an even size the last line and sample are cut off."""
    half = size // 2
    spread = 2.0 * sigma * sigma
    places = np.arange(-half, half + 1)
    distance = np.sqrt((places[:, None] ** 2 + places**2).astype(np.float64))
    with np.errstate(all="ignore"):
        values = libm.exp(-(distance * distance) / spread) / (PI * spread)
        return values[:size, :size] / np.add.accumulate(values.ravel())[-1]


def convolved(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sums of a window around each pixel; what lies outside of the image is left out."""
    size = len(weights)
    nl, ns = image.shape
    padded = np.pad(image, size)
    total = np.zeros((nl, ns))
    for down in range(size):
        for across in range(size):
            y, x = size + down - size // 2, size + across - size // 2
            total += padded[y : y + nl, x : x + ns] * weights[size - 1 - down, size - 1 - across]
    return total


def normalized(values: np.ndarray) -> np.ndarray:
    """Values between 0 (the least) and 1 (the largest)."""
    low, high = np.fmin.reduce(values, None), np.fmax.reduce(values, None)
    return (values - low) / (high - low)


def estimate(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Illumination: the blurred image, and the image itself where it differs most from that."""
    blurred = convolved(image, weights)
    share = normalized(convolved(np.abs(image - blurred), weights))
    return share * image + (1 - share) * blurred


def brightened(task, illumination: np.ndarray) -> np.ndarray:
    """Gamma correction of values from 0 to 1."""
    if task.count("GAMMA"):
        task.message("The program enters global gamma brightness correction mode.")
        gamma = np.full_like(illumination, task.double("GAMMA"))
    else:
        task.message("The program enters adaptive gamma brightness correction mode.")
        alpha = 1 + illumination
        gamma = (illumination + alpha) / (1 + alpha)
    return libm.pow(illumination, gamma)


def evened(values: np.ndarray, top: float) -> np.ndarray:
    """Whole values mapped so that their histogram, limited and mixed with an even one, adds up evenly."""
    count = int(top) + 1
    places = np.clip(truncate(values, np.int64), 0, count - 1)
    shares = np.bincount(places.ravel(), minlength=count) / float(values.size)
    even = 1.0 / top
    smooth = shares.copy()
    smooth[:-1] = (0.0 + shares[:-1] + shares[1:]) / NEIGHBOURS
    excess = np.add.accumulate(np.concatenate([[0.0], even - np.where(smooth < even, smooth, even)]))[-1]
    mixed = excess * shares + (1 - excess) * even
    return np.floor(top * np.add.accumulate(mixed) + 0.5)[places]
