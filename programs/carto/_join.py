"""What GTAPPEND and GTMSS share: joining images along lines or samples after a check of their maps.

accepted: samples of a window behind the last one of an image are zero; the original writes what its memory holds.
"""

from __future__ import annotations

from collections.abc import Callable

from programs.carto._window import window
from vicar import geotiff

GIVE_SIZES = "Can't use size parms with GeoTIFF"


class Join:
    """One joining run. ``axis`` is 0 for images below each other, 1 for images side by side; ``say`` prints."""

    def __init__(self, task, axis: int, say: Callable[[str], None]):
        self.task, self.axis, self.say = task, axis, say
        self.field = window(task)
        self.overlap = task.keyword("OVERLAP1")
        self.number = task.count("INP")

    def check_maps(self) -> None:
        """The labels' mappings must agree and continue each other."""
        task = self.task
        label = geotiff.read_label(task)
        if not label.text:
            return
        if self.field != (1, 1, 0, 0):
            task.abend(GIVE_SIZES)
        text = label.upper
        mapping = geotiff.read_mapping(text, label.nl, label.ns)
        if mapping is None:
            task.abend("Failed to get mapping from GeoTIFF label, first input")
        if not task.keyword("MAPCK"):
            return
        offset = float((label.nl, label.ns)[self.axis]) - self.overlap
        for seam in range(1, self.number):
            other = geotiff.read_label(task, "INP", seam + 1)
            self._check_seam(seam, text, mapping, other, offset)
            offset = offset + (other.nl, other.ns)[self.axis] - self.overlap
        self.say("All mapping discrepancies within tolerance")

    def _check_seam(self, seam: int, text: str, mapping: geotiff.Mapping, other: geotiff.GeoLabel, offset: float) -> None:
        task, tolerance = self.task, self.task.double("TOLER")
        if not other.text:
            task.abend("Failed to get mapping from GeoTIFF label, i-th input")
        text2 = other.upper
        if not (geotiff.is_rectangular(task, text) and geotiff.is_rectangular(task, text2)):
            task.abend("GTMSS is restricted to rectangular mappings when GeoTIFF")
        mapping2 = geotiff.read_mapping(text2, other.nl, other.ns)
        if mapping2 is None:
            task.abend("Failed to get mapping from GeoTIFF label, i-th input")
        if not geotiff.same_map(task, text, text2):
            task.abend("Mappings not compatible")
        scale, scale2 = geotiff.scales(task, text), geotiff.scales(task, text2)
        if geotiff.rotation(task, text) != geotiff.rotation(task, text2) or scale[0] != scale2[0]:
            task.abend("Different rotations for two inputs, use GTROTATE")
        for one, two in zip(scale[1:], scale2[1:]):
            if abs(one - two) > tolerance * abs(one):
                task.abend("Different scales for two inputs, use GTSIZE")
        r, inverse = mapping2.forward, mapping.inverse
        if self.axis == 0:
            east, north = (r[n] * (1.0 - offset) + r[n + 1] + r[n + 2] for n in (0, 3))
            place = inverse[0] * east + inverse[1] * north + inverse[2]
        else:
            east, north = (r[n] + r[n + 1] * (1.0 - offset) + r[n + 2] for n in (0, 3))
            place = inverse[3] * east + inverse[4] * north + inverse[5]
        self.say("Mapping discrepancy at seam %d = %15.12f" % (seam, place - 1.0))
        if abs(place - 1.0) > tolerance:
            task.abend("Mapping across seam exceeds tolerance parameter")

    def open_inputs(self, truncated: str) -> list[tuple]:
        """All inputs with lines and samples of each; ``truncated`` frames the sentence about windows that are too large."""
        task, (sl, ss, nl, ns) = self.task, self.field
        inputs = []
        for n in range(1, self.number + 1):
            image = task.open("INP", n)
            lines, samples = image.nl, image.ns
            if self.overlap and n < self.number:
                lines, samples = (lines - 1, samples) if self.axis == 0 else (lines, samples - 1)
            samples = self._limited("samples", ns, samples - ss + 1, samples, n, truncated)
            lines = self._limited("lines", nl, lines - sl + 1, lines, n, truncated)
            inputs.append((image, lines, samples))
            first = inputs[0]
            if self.axis == 0 and samples != first[2]:
                task.abend("Images must have same NS")
            if self.axis == 1 and lines != first[1]:
                task.abend("Images must have same NL")
            if image.pix_size != first[0].pix_size:
                task.abend("Images must have same pixel size")
        return inputs

    def _limited(self, what: str, wanted: int, room: int, whole: int, number: int, frame: str) -> int:
        if wanted > room:
            self.say(frame + f"Output {what} truncated to match input size, input {number}" + frame)
        return min(wanted, room) if wanted else whole
