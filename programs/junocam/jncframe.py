"""JNCFRAME (our own): framelets of one filter out of a picture, and what they are like: levels, overlaps, seams."""

from __future__ import annotations

import numpy as np

from programs.junocam._common import program, read_picture
from vicar.junocam import JunocamError
from vicar.junocam.camera import ROWS
from vicar.junocam.metadata import PROPERTY
from vicar.junocam.spin import grid_for, present_frames, split


@program
def main(task) -> None:
    """Run JNCFRAME."""
    image, meta, pixels = read_picture(task, task.string("INP"))
    name = (task.string("FILTER") or meta.filters[0]).upper()
    if name not in meta.filters:
        raise JunocamError(f"{meta.product_id} has no framelets of {name}, only {', '.join(meta.filters)}")
    wanted = task.integers("FRAMES") or list(range(1, meta.frames + 1))
    if not all(1 <= k <= meta.frames for k in wanted):
        raise JunocamError(f"FRAMES must lie in 1 to {meta.frames}")
    framelets = split(pixels, meta)[name]
    chosen = framelets[[k - 1 for k in wanted]]
    result = task.create("OUT", nl=chosen.shape[0] * chosen.shape[1], ns=chosen.shape[2])
    result.label.delete("FILTERS", property=PROPERTY)
    result.label.add("FILTERS", [name], property=PROPERTY)
    result.label.delete("FRAMES", property=PROPERTY)
    result.label.add("FRAMES", len(wanted), property=PROPERTY)
    result.write_window(chosen.reshape(-1, chosen.shape[2]))
    listing(task, meta, framelets, wanted)


def listing(task, meta, framelets: np.ndarray, wanted: list[int]) -> None:
    """One line a framelet."""
    grid = grid_for(meta)
    overlap = (ROWS - grid.lines_per_frame) // meta.summing
    there = present_frames(framelets)
    task.message(f"JNCFRAME: {grid.lines_per_frame} rows a frame, {overlap} rows overlap")
    task.message(" frame    seconds     least      mean      most  step to the next")
    for k in wanted:
        values = framelets[k - 1].astype(np.float32)
        step = ""
        if k < meta.frames and there[k - 1] and there[k]:
            # rows at the end of one framelet see what rows at the start of the next one see
            ours, theirs = values[-overlap:], framelets[k][:overlap].astype(np.float32)
            step = f"{float(theirs.mean() - ours.mean()):10.2f}"
        note = step if there[k - 1] else "   lost"
        task.message(f"{k:6d} {meta.frame_time(k - 1):10.3f} {values.min():9.1f} {values.mean():9.1f} {values.max():9.1f}{note}")
