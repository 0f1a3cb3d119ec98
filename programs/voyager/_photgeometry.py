"""Geometry of an image by SPICE kernels and the parameters of PHOTFUNC.

Sources: ``vos/p2/prog/photfunc`` (image_geometry, get_mission, os_parms), ``vos/p2/sub/cmsource``.

Values nobody gave are -999 as the original's buffer holds them, the matrix and the vector the bits of two such numbers each.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from programs.voyager._gridtransform import GridTransform
from programs.voyager._spiceimage import CAMERAS, constants, geometry_of, project, source_of, tools_of
from programs.voyager._tiepointgrid import nominal_grid
from programs.voyager._viewing import (
    DEGREES,
    BadTiepoints,
    View,
    latitudinal,
    pointing,
    pointing_by_tiepoints,
    radius_at,
    rectangular,
)
from vicar.ibis.tiepoints import read_tiepoints
from vicar.missions import reseau
from vicar.missions.cameras import Camera, UnknownCamera, camera_constants
from vicar.missions.distortion import Distortion
from vicar.missions.distortion import distortion_of as radial_distortion
from vicar.missions.provenance import Provenance
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

f32 = np.float32
MISSING = f32(-999)
RAD = f32(57.29578)
OBJECT_SEARCHED = 24000
WITH_TABLES = ("VGR-1", "VGR-2", "GLL", "CASSI")
WITHOUT_SPICE = ("WFPC1", "WFPC2", "MAR10", "VIKOR", "MAR-9")
TELESCOPES = {"SIPS": (9753.6, 256.0, 256.0, 51.2), "QUEST": (700.0, 256.0, 256.0, 51.2)}
MOST_TIEPOINTS = 680
RADIAL_DISTORTIONS = ("GLL", "CASSI")
OTHER_DISTORTIONS = ("MAR-9", "MAR10", "VIKOR")  # which the original knows
PROJECTIONS = ("STEREOGR", "LAMBERT", "MERCATOR", "ORTHOGRA", "CYLINDRI", "RECTANGU", "LATLON")


@dataclass
class Geometry:
    """View, sun and distortion of an image.

    latitude, longitude, distance : of the spacecraft, float32 degrees and km; sun : latitude and longitude.
    distortion : of an image-space frame, or None.
    """

    view: View
    latitude: np.float32
    longitude: np.float32
    distance: np.float32
    sun: tuple[float, float]
    distortion: GridTransform | Distortion | None
    known: dict[tuple[int, int], tuple] = field(default_factory=dict)

    def surface(self, lines: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the surface (3, n) at pixels of the image, and whether they are on the target."""
        lines, samples = lines.astype(float), samples.astype(float)
        if isinstance(self.distortion, Distortion):
            lines, samples = (v.astype(float) for v in self.distortion.to_object(lines.astype(f32), samples.astype(f32)))
        elif self.distortion is not None:
            places = [self._undistorted(int(line), int(samp)) for line, samp in zip(lines, samples, strict=True)]
            lines, samples = np.array(places, float).reshape(-1, 2).T
        return self.view.surface(lines, samples)

    def _undistorted(self, line: int, sample: int) -> tuple:
        if (line, sample) not in self.known:
            self.known[line, sample] = self.distortion.to_object(line, sample)
        return self.known[line, sample]


@dataclass
class Start:
    """What is known of the geometry before parameters change it; the distance in km, angles in degrees."""

    om: np.ndarray
    rs: np.ndarray
    place: tuple[np.float32, np.float32, np.float32] = (MISSING,) * 3  # latitude, longitude, distance of the spacecraft
    north: np.float32 = MISSING
    radii: tuple | None = None
    sun: tuple[float, float] = (float(MISSING),) * 2

    @classmethod
    def unknown(cls) -> Start:
        return cls(np.full(18, MISSING).view(np.float64).reshape(3, 3).T.copy(), np.full(6, MISSING).view(np.float64).copy())


def image_geometry(task, source, table_name: int | None) -> Geometry:
    """All of it, with the original's messages; ``table_name`` is the number of the input that holds tiepoints."""
    if any(name == "MAP" for name, _ in source.label.properties()) or any(task.keyword(word) for word in PROJECTIONS):
        task.abend("***Map projections are not done here")
    name, camera = mission(task, source)
    start = Start.unknown()
    if not task.defaulted("SOLAR"):
        start.sun = tuple(float(angle) for angle in task.reals("SOLAR"))
    if name in WITH_TABLES and not task.keyword("NOSPICE"):
        start = from_kernels(task, source)
    distortion = distortion_of(task, source, table_name, name, camera)
    radii, meridian = target(task, start)
    lens = camera_parameters(task, source, name, camera)
    place, rs = spacecraft(task, start)
    om = start.om
    if not task.defaulted("OMMATRIX"):
        om = task.reals("OMMATRIX").astype(float).reshape(3, 3).T
    om, rs = farenc_mode(task, om, rs, lens, place, start.north, distortion)
    om, rs = tiepoint_mode(task, om, rs, lens, place, radii, distortion)
    view = View(lens, om, rs, radii)
    report(task, view, camera, place, meridian)
    return Geometry(view, *place, start.sun, distortion)


def mission(task, source) -> tuple[str, int]:
    """Mission and camera serial number, from the label and the parameters."""
    name, camera, complete = project(task, source)
    if not complete:
        name, camera = "NONE", 0
    if not task.defaulted("CAMERA"):
        camera = task.integer("CAMERA")
    if not task.defaulted("MISSION") and task.count("MISSION"):
        name = task.string("MISSION")[:5]
    task.message(f"Flight mission={name:<5}")
    if name in WITH_TABLES + WITHOUT_SPICE and camera == 0:
        task.abend("Unknown camera serial number", "See CAMERA parameter")
    return name, camera


def from_kernels(task, source) -> Start:
    """What kernels know of the image: of its label's mission and camera, whatever MISSION and CAMERA say."""
    name, _, _ = project(task, source)
    image, _ = constants(task, source, name)
    found = geometry_of(task, tools_of(task), image, Provenance())
    if found is None:
        task.abend(*prnt("FULL", 0 if image.camera in CAMERAS[name] else -1, "GETSPICE2: bad indicator."))
    made = Provenance.of_segment(found.segment)
    task.message(f"CKNAME={source_of(found):<4}  SPKID={made.positions}  PROGRAM={made.program}  {made.user}{made.group}  "
                 f"{made.institute}  {made.date[4:6]}/{made.date[6:8]}/{made.date[2:4]}")
    north = f32(f32(found.north) + f32(90))
    return Start(found.om, found.rs, (f32(found.latitude), f32(found.longitude), f32(found.distance)),
                 north - f32(360) if north > 360 else north, found.radii, found.sun)


def distortion_of(task, source, table_number: int | None, name: str, camera: int) -> GridTransform | Distortion | None:
    """Distortion of a frame in image space, None in object space."""
    text = source.label.text[:OBJECT_SEARCHED]
    in_object_space = "GEOM" in text or "FARENC" in text
    if task.keyword("OBJECT"):
        in_object_space = True
    if task.keyword("IMAGE") or task.keyword("DISTOR"):
        in_object_space = False
    if in_object_space:
        task.message("Input image is in Object Space")
        if table_number:
            task.message("Geometric distortion file not needed")
        return None
    task.message("Input image is in Image Space")
    if name in RADIAL_DISTORTIONS:
        task.message("Geometric distortion param file used" if table_number else "Nominal geometric distortion params used")
        return radial_distortion(name, camera)
    failed = "NO GEOMETRIC CORRECTION DATA FOR IMAGE SPACE"
    if table_number:
        task.message("Geometric distortion param file used")
        with task.open_table("INP", table_number) as table:
            points = read_tiepoints(table, MOST_TIEPOINTS)
        if (points.nah + 1) * (points.nav + 1) > MOST_TIEPOINTS:
            task.abend("GETGEOM: Geoma file too large", *prnt("FULL", 1, "GETGEOM: bad indicator=."), failed)
        return GridTransform(points.points.reshape(points.nav + 1, points.nah + 1, 4))
    task.message("Nominal geometric distortion params used")
    if name in OTHER_DISTORTIONS:
        task.abend(f"***The nominal distortion of {name} is not known here (only Voyager's, Galileo's and Cassini's are)")
    if not name.startswith("VGR"):
        task.abend("GETGEOM: Unknown flight project", *prnt("FULL", 1, "GETGEOM: bad indicator."), failed)
    if not 4 <= camera <= 7:
        task.abend("GETGEOM: Improper VGR camera #", *prnt("FULL", 1, "GETGEOM: bad indicator."), failed)
    return GridTransform(nominal_grid(camera, reseau.nominal(camera), task.message))


def target(task, start: Start) -> tuple[tuple[float, float, float], float]:
    """Radii of the target, km, and the meridian of the longest. Without kernels only RADII tells."""
    radii = start.radii or (MISSING if task.defaulted("TARGET") else f32(0),) * 3
    if not task.defaulted("RADII"):
        radii = task.reals("RADII")
    return tuple(float(f32(radius)) for radius in radii), 0.0


def camera_parameters(task, source, project: str, camera: int) -> Camera:
    values = dict(focal=MISSING, line=f32(source.nl / f32(2)), sample=f32(source.ns / f32(2)), scale=MISSING)
    if project in WITH_TABLES + WITHOUT_SPICE:
        try:
            values = vars(camera_constants(project, camera)).copy()
        except UnknownCamera as fault:
            task.messages(str(fault), *prnt("FULL", 1, "GETCAMCON: bad ind=."))
    for name, telescope in TELESCOPES.items():
        if name == "SIPS" and task.keyword("SIPS"):
            values = dict(zip(("focal", "line", "sample", "scale"), map(f32, telescope), strict=True))
    for parameter, name in (("FOCL", "focal"), ("FOCAL", "focal"), ("LAXIS", "line"), ("SAXIS", "sample"), ("PSCALE", "scale")):
        if not task.defaulted(parameter) and task.count(parameter):
            values[name] = task.real(parameter)
    if values["focal"] < 1:
        task.abend("FOCAL parameter not specified.")
    if values["scale"] < 1:
        task.abend("PSCALE parameter not specified.")
    return Camera(**values)


def spacecraft(task, start: Start) -> tuple[tuple[np.float32, np.float32, np.float32], np.ndarray]:
    """Latitude, longitude and distance of the spacecraft, and its place."""
    (latitude, longitude, distance), rs = start.place, start.rs
    if not task.defaulted("RSVECTOR"):
        x, y, z = task.reals("RSVECTOR")
        rs = np.array([x, y, z], float)
        distance = np.sqrt(x * x + y * y + z * z)
        latitude = RAD * libm.asin(z / distance)
        longitude = RAD * -libm.atan2(y, x)
    changed = False
    if not task.defaulted("SPACE"):
        (latitude, longitude, distance), changed = task.reals("SPACE"), True
    if not task.defaulted("RMAGNITU"):
        distance, changed = task.real("RMAGNITU"), True
    if not task.defaulted("SLATITUD"):
        latitude, changed = task.real("SLATITUD"), True
    if not task.defaulted("SLONGITU"):
        longitude, changed = task.real("SLONGITU"), True
    if changed:
        lat, lon = latitude / RAD, longitude / RAD
        rs = np.array([distance * libm.cos(lat) * libm.cos(lon), -distance * libm.cos(lat) * libm.sin(lon),
                       distance * libm.sin(lat)], float)
    return (latitude, longitude, distance), rs


def farenc_mode(task, om, rs, camera: Camera, place, north, distortion) -> tuple[np.ndarray, np.ndarray]:
    """Pointing by the subspacecraft point and the north angle, if given."""
    point, wanted = (MISSING, MISSING), task.keyword("FARENC")
    if not task.defaulted("ISSCPT"):
        given = task.reals("ISSCPT")
        point, wanted = (distortion.to_object(*given) if distortion else tuple(given)), True
    for name in ("OSSCPT", "SSCPT"):
        if not task.defaulted(name):
            point, wanted = tuple(task.reals(name)), True
    if wanted:
        task.message("FARENC mode specified")
        north = north if task.defaulted("NORANGLE") else task.real("NORANGLE")
        if north == MISSING:
            task.abend("NORANGLE parameter not specified")
        om, rs = pointing(camera, [float(v) for v in point], float(place[0]), float(place[1]), float(north), float(place[2]))
    return om, rs


def tiepoint_mode(task, om, rs, camera: Camera, place, radii, distortion) -> tuple[np.ndarray, np.ndarray]:
    """Pointing by tiepoints, if given. In image space the original takes every fourth only to object space."""
    if task.defaulted("TIEPOINT"):
        return om, rs
    values = task.reals("TIEPOINT")
    number = len(values) // 4
    points = values[: 4 * number].reshape(-1, 4).copy()
    task.messages("TIEPOINTS mode specified:", *prnt("FULL", number, "0NUMBER OF TIEPOINTS =."),
                  *prnt("REAL", values[: 4 * number], " TIEPOINTS     =         ."))
    if distortion is not None:
        for point in points[::4]:
            point[:2] = distortion.to_object(*point[:2])
    failed, determinant = 0, None
    try:
        om, rs, determinant = pointing_by_tiepoints(camera, points, place, (radii[0], radii[2]))
    except BadTiepoints as fault:
        failed, determinant = fault.number, fault.determinant
    if determinant is not None:
        task.message("*** RAW (TRANSFORMATION) DETERMINANT = " + edit("(F5.2)", determinant))
    if failed:
        task.abend(*prnt("FULL", failed, "0TIEPOINT MODE ERROR,IND=."))
    return om, rs


def report(task, view: View, camera: int, place, meridian: float) -> None:
    """What is known of the view."""
    latitude, longitude, distance = place
    centre = rectangular(radius_at(float(latitude), float(longitude), view.radii, meridian), -float(longitude) / DEGREES,
                         float(latitude) / DEGREES)
    target_at = view.project(centre)
    if target_at is None:
        task.abend("Err in geometry of input image")
    north = DEGREES * float(libm.atan2(view.om[1, 2], view.om[0, 2])) + 90.0
    north = north - 360.0 if north > 360.0 else north
    lens = view.camera
    ra, rb, rc = view.radii
    task.messages(
        edit("('Camera=',I2,'  Focal length=',F8.2,' mm  Picture scale=',f7.4,' pixels/mm')", camera, lens.focal, lens.scale),
        edit("('Optical axis intercept (line,samp)=(',f7.1,',',f7.1,')')", lens.line, lens.sample),
        edit("('Long eq radius=',f7.1,' Short eq radius=',f7.1,' Polar radius=',f7.1)", f32(ra), f32(rb), f32(rc)),
        edit("('Spacecraft range=',f10.0,' (lat,lon)=(',f7.3,',',f7.3,')')", distance, latitude, longitude),
        edit("('North angle=',f6.2,' deg clockwise from up')", f32(north)),
        edit("('Target center (line,samp)=(',f12.2,',',f12.2,')')", f32(target_at[0]), f32(target_at[1])),
        "OM matrix:",
        *(edit("(f12.8,f12.8,f12.8)", *row) for row in view.om.tolist()),
        "RS vector:",
        edit("(f14.1,f14.1,f14.1)", *view.rs.tolist()),
    )


def degrees_of(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and west longitude as the original prints them: the first four bytes of the eight, taken for a number."""
    longitude, latitude = latitudinal(points)
    return tuple(values.view(f32)[::2] for values in (latitude * DEGREES, 360.0 - longitude * DEGREES))
