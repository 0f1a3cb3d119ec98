"""Work in plain numpy that more than one row is compared with."""

from __future__ import annotations


def box(image, size: int):
    """Running means by cumulative sums."""
    import numpy as np

    padded = np.pad(image, size // 2, mode="symmetric").astype(np.int32)
    for axis in (0, 1):
        sums = np.cumsum(padded, axis=axis, dtype=np.int64)
        sums = np.insert(sums, 0, 0, axis=axis)
        padded = np.take(sums, range(size, sums.shape[axis]), axis) - np.take(sums, range(sums.shape[axis] - size), axis)
    return (padded / size**2).astype(np.uint8)


def bilinear(image):
    """Linear interpolation at places that run evenly over the image."""
    import numpy as np

    nl, ns = image.shape
    y, x = np.linspace(9.0, nl - 11.0, nl)[:, None], np.linspace(9.0, ns - 11.0, ns)
    i, j = y.astype(int), x.astype(int)
    v, u = (y - i).astype(np.float32), (x - j).astype(np.float32)
    top = image[i, j] * (1 - u) + image[i, j + 1] * u
    low = image[i + 1, j] * (1 - u) + image[i + 1, j + 1] * u
    return (top * (1 - v) + low * v + 0.5).astype(np.uint8)
