"""JNCIMPORT (our own): JunoCam pictures as the gallery or the PDS deliver them, into VICAR images.

The image keeps the raw codes (BYTE; linear RDR values HALF), framelets stacked as delivered; the metadata go into the
label property JUNOCAM. Formats: ``vicar/junocam/package.py``.
"""

from __future__ import annotations

import numpy as np

from programs.junocam._common import output_names, program
from vicar.junocam.metadata import remarks, to_label
from vicar.junocam.package import products_in


@program
def main(task) -> None:
    """Run JNCIMPORT."""
    extra = [task.path(name) for name in task.strings("META")]
    products = []
    for number, name in enumerate(task.strings("INP")):
        found, notes = products_in(task.path(name), extra)
        task.messages(*(f"JNCIMPORT: {note}" for note in notes))
        products += found
        task.progress(number + 1, task.count("INP"))
    task.primary(None)
    names = output_names(task, [f"{product.meta.product_id}.raw" for product in products])
    for instance, (name, product) in enumerate(zip(names, products), 1):  # one picture in memory at a time
        meta, pixels = product.meta, product.read()
        kind = "BYTE" if pixels.dtype == np.uint8 else "HALF"
        image = task.create("OUT", instance, file=name, nl=pixels.shape[0], ns=pixels.shape[1], format=kind, u_format=kind)
        to_label(image.label, meta)
        image.write_window(pixels.astype(np.uint8 if kind == "BYTE" else np.int16))
        task.message(f"JNCIMPORT: {name}: {meta.product_id}, {meta.frames} frames of {'+'.join(meta.filters)}, "
                     f"TDI {meta.tdi}, {meta.start_time}")
        task.messages(*(f"JNCIMPORT: {meta.product_id}: {remark}" for remark in remarks(meta)))
