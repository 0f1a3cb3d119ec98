"""JNCCAL (our own): decompanding, dark, flat field, bad pixels, radiance or I/F. Numbers: ``vicar/junocam/calibration.py``.

Colour pictures of perijove 44 show 30000 to 50000 hits, those of perijove 43 less than a hundred. They are radiation, not what
the lossy compression makes: single pixels of 8 to 100 values in the dark sky, as many in each place of the blocks of the
compression, twice as many with twice the exposure, more the later a filter is read out; made-up pictures sent through a cosine
transform show 10 times fewer, at any strength (testscripts/unit/junocam/test_hits.py).
"""

from __future__ import annotations

import numpy as np

from programs.junocam._common import input_names, output_names, program, read_picture, renamed, strip_picture
from vicar.junocam.calibration import Settings, calibrate
from vicar.junocam.metadata import PROPERTY, remarks


@program
def main(task) -> None:
    """Run JNCCAL."""
    flat, dark = strip_picture(task, "FLAT"), strip_picture(task, "DARK")
    units = task.string("UNITS", "DN").upper()
    settings = Settings(flat, dark, units, task.string("CLEAN", "YES").upper() == "YES", task.double("LIMIT", 6.0),
                        task.string("STRAY", "SUBTRACT").upper(), task.double("SHARE", 0.2),
                        task.string("EVEN", "YES").upper() == "YES")
    sources = input_names(task, ".raw")
    names = output_names(task, [renamed(name, ".cal") for name in sources])
    for instance, name in enumerate(names, 1):
        source, meta, raw = read_picture(task, sources[instance - 1])
        done = calibrate(raw, meta, settings)
        # whole numbers less a smooth stray light would be rounded the same way throughout a framelet: a seam
        kind = "HALF" if units == "DN" and not done.stray else "REAL"
        image = task.create("OUT", instance, file=name, nl=source.nl, ns=source.ns, format=kind, u_format=kind)
        image.label.add("UNITS", units, property=PROPERTY)
        pixels = np.rint(done.pixels).astype(np.int16) if kind == "HALF" else done.pixels.astype(np.float32)
        image.write_window(pixels)
        report(task, meta, done)
        task.progress(instance, len(names))


def report(task, meta, done) -> None:
    """What was found."""
    levels = ", ".join(f"{name} {level:.2f}" for name, level in done.dark.items())
    task.messages(
        f"JNCCAL: {meta.product_id}: dark {levels}; {done.warm} warm, {done.fixed} bad, {done.dust} dusty places, "
        f"{done.repaired} hits repaired, {done.saturated} saturated pixels",
        *(f"JNCCAL: {meta.product_id}: {name}: stray light up to {most:.1f}"
          + (f", {done.cut} pixels cut out" if done.cut else "") for name, most in done.stray.items()),
        *(f"JNCCAL: {meta.product_id}: {name}: first and last rows made to agree, up to {100 * most:.1f} percent"
          for name, most in done.uneven.items() if most),
        *(f"JNCCAL: {meta.product_id}: {name}: framelets without data: {', '.join(str(k + 1) for k in lost)}"
          for name, lost in done.missing.items()),
        *(f"JNCCAL: {meta.product_id}: {remark}" for remark in remarks(meta)),
    )
