"""Where an exported map lies, as GeoTIFF fields: east longitudes and planetographic latitudes on Jupiter's ellipsoid."""

from __future__ import annotations

from vicar.tiff.geokeys import ASCII, DOUBLE, SHORT, GeoKeys

PIXEL_SCALE, TIEPOINT = 33550, 33922
MODEL_TYPE, RASTER_TYPE, GEOGRAPHIC_TYPE, CITATION = 1024, 1025, 2048, 2049
DATUM, UNITS, ELLIPSOID, MAJOR, MINOR, PRIME_MERIDIAN, PRIME_LONGITUDE = 2050, 2054, 2056, 2057, 2058, 2051, 2061
USER, GEOGRAPHIC, AREA, DEGREE = 32767, 2, 1, 9102


def fields(label, box: tuple[int, int, int, int], reduce: int) -> list[tuple[int, str, object]]:
    """TIFF fields (number, kind, value) of a cylindrical map whose part ``box`` is exported, each pixel ``reduce`` of the map's;
    nothing for other pictures."""
    if not label.has("MAP_PROJECTION_TYPE", property="MAP") or str(
            label.get("MAP_PROJECTION_TYPE", property="MAP")) != "SIMPLE_CYLINDRICAL":
        return []
    scale, west, line0, sample0, radius, pole = (float(label.values(key, property="MAP", format="DOUB")[0]) for key in (
        "MAP_RESOLUTION", "CENTER_LONGITUDE", "LINE_PROJECTION_OFFSET", "SAMPLE_PROJECTION_OFFSET", "A_AXIS_RADIUS",
        "C_AXIS_RADIUS"))
    left = -west + (box[0] + 0.5 - sample0) / scale  # edges of pixels; east longitude
    top = (line0 - 0.5 - box[1]) / scale
    keys = GeoKeys()
    for key, kind, value in ((MODEL_TYPE, SHORT, GEOGRAPHIC), (RASTER_TYPE, SHORT, AREA), (GEOGRAPHIC_TYPE, SHORT, USER),
                             (CITATION, ASCII, "Jupiter, System III"), (DATUM, SHORT, USER),
                             (PRIME_MERIDIAN, SHORT, USER), (UNITS, SHORT, DEGREE), (ELLIPSOID, SHORT, USER),
                             (MAJOR, DOUBLE, radius * 1000), (MINOR, DOUBLE, pole * 1000), (PRIME_LONGITUDE, DOUBLE, 0.0)):
        keys.set(key, kind, value)
    step = reduce / scale
    corner = [0.0, 0.0, 0.0, left % 360, top, 0.0]
    return [(PIXEL_SCALE, "DOUBLE", [step, step, 0.0]), (TIEPOINT, "DOUBLE", corner), *keys.fields()]
