"""Lines of latitude and west longitude on an exported map, from the MAP property of its label."""

from __future__ import annotations

import numpy as np


def graticule(label, every: int, draw, box: tuple[int, int, int, int], whole: tuple[int, int]) -> bool:
    """Draw lines ``every`` degrees with their numbers; False if the picture is no map. ``box``: left, upper, right and lower
    of the part of the map that is drawn on; ``whole``: width and height of the map."""
    if not label.has("MAP_PROJECTION_TYPE", property="MAP"):
        return False
    kind = str(label.get("MAP_PROJECTION_TYPE", property="MAP"))
    scale, centre, line0, sample0 = (float(label.values(key, property="MAP", format="DOUB")[0]) for key in (
        "MAP_RESOLUTION", "CENTER_LONGITUDE", "LINE_PROJECTION_OFFSET", "SAMPLE_PROJECTION_OFFSET"))
    if kind == "SIMPLE_CYLINDRICAL":
        cylindrical(draw, (box[2] - box[0], box[3] - box[1]), every, scale, centre, line0 - box[1], sample0 - box[0])
    else:
        north = float(label.values("CENTER_LATITUDE", property="MAP", format="DOUB")[0]) > 0
        polar(draw, (whole[0] / 2 - box[0], whole[1] / 2 - box[1]), whole[0] / 2, every, scale, north)
    return True


def shade(draw) -> object:
    return 110 if draw.mode == "L" else (110, 110, 110)


def cylindrical(draw, size, every: int, scale: float, centre: float, line0: float, sample0: float) -> None:
    """Straight lines; the offsets count pixel middles from 1."""
    width, height = size
    for latitude in range(-90, 91, every):
        y = line0 - 1 - latitude * scale
        if 0 <= y < height:
            draw.line([(0, y), (width, y)], fill=shade(draw))
            draw.text((2, y + 1), f"{abs(latitude)}{'N' if latitude > 0 else 'S' if latitude else ''}", fill=shade(draw))
    first = int(np.floor((centre - width / scale) / every)) * every
    for longitude in range(first, int(centre) + every, every):
        x = sample0 - 1 + (centre - longitude) * scale
        if 0 <= x < width:
            draw.line([(x, 0), (x, height)], fill=shade(draw))
            draw.text((x + 2, 1), f"{longitude % 360}W", fill=shade(draw))


def polar(draw, middle: tuple[float, float], half: float, every: int, scale: float, north: bool) -> None:
    """Circles and spokes about the pole."""
    x0, y0 = middle
    for far in range(every, int(half / scale) + 1, every):
        radius = far * scale
        draw.ellipse([x0 - radius, y0 - radius, x0 + radius, y0 + radius], outline=shade(draw))
        draw.text((x0 + 2, y0 - radius + 1), f"{90 - far}{'N' if north else 'S'}", fill=shade(draw))
    for longitude in range(0, 360, 30):
        angle = np.radians(-longitude if north else longitude)
        across, down = np.cos(angle) * half, -np.sin(angle) * half
        draw.line([(x0, y0), (x0 + across, y0 + down)], fill=shade(draw))
        draw.text((x0 + 0.9 * across + 2, y0 + 0.9 * down), f"{longitude}W", fill=shade(draw))
