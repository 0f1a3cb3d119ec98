"""PICTURE (our own): images side by side as a PNG, for a quick look. Needs Pillow.

Each image gets its own linear stretch: LOW to HIGH if given, otherwise so that PERCENT of the pixels that are not zero
saturate at either end.
"""

from __future__ import annotations

import numpy as np

from vicar.view.picture import Stretch, percentile_stretch

GAP = 12  # pixels between pictures
CAPTION = 22  # height of the line with the captions


def main(task) -> None:
    """Run PICTURE."""
    try:
        from PIL import Image as Pillow
        from PIL import ImageDraw
    except ImportError:
        task.abend("*** PICTURE needs Pillow: pip install 'vicar-tae[picture]'")
    panels = [panel(task, instance + 1) for instance in range(task.count("INP"))]
    captions = task.strings("CAPTION")
    height = max(p.shape[0] for p in panels) + (CAPTION if captions else 0)
    width = sum(p.shape[1] for p in panels) + GAP * (len(panels) - 1)
    sheet = Pillow.new("L", (width, height), 255)
    pen = ImageDraw.Draw(sheet)
    left = 0
    for index, shown in enumerate(panels):
        sheet.paste(Pillow.fromarray(shown), (left, CAPTION if captions else 0))
        if index < len(captions):
            pen.text((left + 4, 5), captions[index], fill=0)
        left += shown.shape[1] + GAP
    name = task.string("OUT")
    try:
        sheet.save(task.path(name), format="PNG")
    except OSError as error:
        task.abend(f"*** PICTURE cannot write {name}: {error.strerror or error}")
    task.message(f"PICTURE: {name}, {height} lines of {width} samples")


def panel(task, instance: int) -> np.ndarray:
    """One image as uint8, stretched and reduced."""
    with task.open("INP", instance) as image:
        values = image.read_window()
    step = task.integer("REDUCE", 1)
    if step > 1:
        values = averaged(values, step)
    low, high = task.double("LOW"), task.double("HIGH")
    found = percentile_stretch(values, task.double("PERCENT", 0.5))
    return Stretch(found.low if low is None else low, found.high if high is None else high).apply(values)


def averaged(values: np.ndarray, step: int) -> np.ndarray:
    """Means of step by step pixels; what is left over at the edges goes."""
    lines, samples = (n // step * step for n in values.shape)
    blocks = values[:lines, :samples].astype(np.float64).reshape(lines // step, step, samples // step, step)
    return blocks.mean(axis=(1, 3))
