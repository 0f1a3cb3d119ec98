"""PTP: an image of a planet as seen from another place. Source: ``vos/p2/prog/ptp`` (Fortran).

Pixel for pixel as the original over made-up kernels.

known: Viking, map projections.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.voyager._reprojection import LARGEST, Eye, Reprojection
from programs.voyager._spiceimage import constants, geometry_of, project, source_of, tools_of
from programs.voyager._viewing import pointing
from vicar.missions.cameras import Camera, UnknownCamera, camera_constants
from vicar.missions.distortion import distortion_of
from vicar.missions.flightgeometry import CRAFT, Geometry, Toolkit
from vicar.missions.flightimage import NO_TIME, VOYAGER, FlightImage
from vicar.missions.kernelfiles import KernelError, configuration
from vicar.missions.provenance import Provenance
from vicar.numerics.fortran import edit

FORTRAN = True
f32 = np.float32
CANCELLED = "***PTP task cancelled"
LABEL_SEARCHED = 24000
AT_ONCE = 1 << 20  # output pixels that are computed together
EPOCH = 18262.125  # days from 1900 to 1950


@dataclass
class View:
    """What is known of an image: its label, camera, geometry, and whether it is in image space."""

    image: FlightImage
    camera: Camera
    geometry: Geometry
    distorted: bool

    @property
    def eye(self) -> Eye:
        distortion = distortion_of(self.image.project, self.image.camera) if self.distorted else None
        return Eye(self.camera, self.geometry.om, self.geometry.rs, distortion)

    @property
    def time(self) -> float:
        """Days since 1950 of the time the kernels were asked for."""
        year, day, hour, minute, second, _ = self.geometry.event
        days = int(365.25 * (year - 1900) - EPOCH + day)
        return days + (hour + (second / 60.0 + minute) / 60.0) / 24.0


def main(task):
    task.message(" PTP Version 29-Dec-2011")
    with task.open("INP") as source:
        if source.format not in ("BYTE", "HALF"):
            task.abend("***Invalid data format", CANCELLED)
        window = task.size_field(source)
        with task.create("OUT", nl=window.nl, ns=window.ns) as result:
            tools = tools_of(task)
            seen = input_view(task, tools, source)
            target = target_name(task, tools, seen.geometry)
            radii, rate = target_shape(task, tools, target)
            shown = reference_view(task, tools, seen, target)
            projection = fixed(task, seen, shown, radii, rate)
            project_image(task, source.read_window(), result, window, projection)
    task.message(" ***PTP task completed")


# ---- what is known of the images -----------------------------------------------------------------------------------


def input_view(task, tools: Toolkit, source) -> View:
    name, _, complete = project(task, source)
    if not complete:
        task.abend("***Invalid input image project ID")
    task.message(f"Input image spacecraft is {name}")
    distorted = in_image_space(task, source, name, "Input")
    image, fault = constants(task, source, name)
    if fault > 1:
        task.abend("***Err reading input image label")
    return view_of(task, tools, image, distorted, "***SPICE err for input image", "***Invalid input image camera S/N")


def reference_view(task, tools: Toolkit, seen: View, target: str) -> View:
    """View of the reference image, or of the time and camera that stand for it."""
    failed = "***Err getting SPICE for ref image", "***Invalid camera S/N for ref image"
    if not task.count("REF"):
        task.message("No reference image provided")
        name = task.string("RMISSION") if task.count("RMISSION") else seen.image.project
        if not task.count("RSCET"):
            task.abend("***RSCET parameter required")
        if not task.count("RCAM"):
            task.abend("***RCAM parameter required")
        event = (*task.integers("RSCET"), *NO_TIME)[:6]
        return view_of(task, tools, FlightImage(name[:5], task.integer("RCAM"), event, target=target), seen.distorted, *failed)
    with task.open(file=task.string("REF")) as source:
        name, _, complete = project(task, source)
        if not complete:
            task.abend("***Invalid ref image project ID")
        task.message(f"Reference image spacecraft is {name}")
        image, fault = constants(task, source, name)
        if fault > 1:
            task.abend("***Err reading ref image label")
        distorted = in_image_space(task, source, name, "Reference")
    return view_of(task, tools, image, distorted, *failed)


def in_image_space(task, source, name: str, which: str) -> bool:
    """Whether the image has the camera's distortion; ends the program for those that it cannot use."""
    if any(property_ == "MAP" for property_, _ in source.label.properties()):
        task.abend("***Map projections are not done here")
    text = source.label.text[:LABEL_SEARCHED]
    distorted = "GEOM" not in text and "FARENC" not in text
    if distorted and name in VOYAGER:
        task.abend(f"{which} image must be geometricaly corrected")
    return distorted


def view_of(task, tools: Toolkit, image: FlightImage, distorted: bool, no_kernels: str, no_camera: str) -> View:
    """Camera and geometry, and the line on where the pointing came from."""
    if image.project not in CRAFT:
        task.abend(f"***The mission {image.project} is not known here (only Voyager, Galileo and Cassini are)")
    try:
        camera = camera_constants(image.project, image.camera)
    except UnknownCamera as fault:
        task.abend(str(fault), no_camera)
    known = geometry_of(task, tools, image)
    if known is None:
        task.abend(no_kernels)
    report_pointing(task, known)
    return View(image, camera, known, distorted)


def report_pointing(task, geometry: Geometry) -> None:
    """Who made the pointing (CMSOURCE)."""
    who = Provenance.of_segment(geometry.segment)
    date = f"{who.date[4:6]}/{who.date[6:8]}/{who.date[2:4]}"
    task.message(f"CKNAME={source_of(geometry):<4}  SPKID={geometry.positions:<4.4}  PROGRAM={who.program:<6}  "
                 f"{who.user + who.group:<6}  {who.institute:<4}  {date}")  # fmt: skip


# ---- the target ----------------------------------------------------------------------------------------------------


def target_name(task, tools: Toolkit, geometry: Geometry) -> str:
    try:
        with tools.faults("No name"):
            return tools.spice.bodc2n(geometry.body)[:12]
    except KernelError:
        task.abend("***Invalid target name", CANCELLED)


def target_shape(task, tools: Toolkit, target: str) -> tuple[tuple[float, float, float], float]:
    """Radii and degrees a day by the kernels of Galileo, whatever the mission (INIT_SPICE, PBDATA), or by RADII."""
    try:
        settings = configuration(tools.environment, tools.directory, "GLL")
    except KernelError:
        task.abend("Undefine GLL SPICE environment variables.")
    load_support(task, tools, settings)
    radii = [float(f32(value)) for value in constant(tools, target, "RADII")]
    turn = constant(tools, target, "PM")
    tools.unload()
    period = f32(360.0 / turn[1]) if turn[1] else f32(0)
    rate = 360.0 / float(period) if period else float("inf")
    if not task.defaulted("RADII"):
        radii = [float(task.double("RADII")), 0.0, 0.0]
    return tuple(radii), rate


def load_support(task, tools: Toolkit, settings) -> None:
    """Text kernels, with a line for each that cannot be read."""
    tools.spice.clpool()
    failed = False
    for kind in ("CONSTANTS", "SCLK", "LEAPSECONDS"):
        try:
            with tools.faults(kind):
                tools.spice.ldpool(tools.path(settings.get(kind, "")))
        except KernelError:
            failed = True
        if failed:  # also of those behind it, which are not read there
            task.message(f"***Error loading {kind} kernel")


def constant(tools: Toolkit, target: str, name: str) -> list[float]:
    """Three constants of a body; zeros where no kernel has them."""
    try:
        with tools.faults(name):
            return [float(value) for value in tools.spice.bodvrd(target, name, 3)[1]]
    except KernelError:
        return [0.0, 0.0, 0.0]


# ---- corrections by parameters -------------------------------------------------------------------------------------


def fixed(task, seen: View, shown: View, radii, rate: float) -> Reprojection:
    """The projection with what the parameters PC, RPC and ROT change (FIX_POINTING)."""
    seen_eye, shown_eye = seen.eye, shown.eye
    centre = moved(task, "PC", seen, seen_eye)
    task.message(edit("(' OS target center=(',F10.2,',',F10.2,')')", *centre))
    other = moved(task, "RPC", shown, shown_eye)
    task.message(edit("(' OS target center for ref image=(',F10.2,',',F10.2,')')", *other))
    if not task.defaulted("ROT"):
        wanted = task.double("ROT")
        turned = (seen.time - shown.time) * (wanted - rate)
        task.message(edit("(' SEDR rotation rate is',F9.4,' degrees/day')", rate))
        task.message(edit("(' New rotation rate is',F9.4,' degrees/day')", wanted))
        before = west(seen.geometry)
        longitude = before + turned
        point_at(seen_eye, centre, longitude, seen.geometry)
        task.message(edit("(' Spacecraft longitude adjusted by',F8.3,' degrees')", longitude - before))
    sky = None
    if task.keyword("INCLUDE"):
        scale = float(seen.camera.scale) / float(shown.camera.scale)
        sky = centre[0] / scale - other[0], centre[1] / scale - other[1], scale
    return Reprojection(seen_eye, shown_eye, radii, sky)


def moved(task, name: str, view: View, eye: Eye) -> tuple[float, float]:
    """Centre of the target; given by a parameter, the camera looks so that it is there."""
    if task.defaulted(name):
        return view.geometry.centre
    line, sample = (float(value) for value in (*task.reals(name), f32(0), f32(0))[:2])
    point_at(eye, (line, sample), west(view.geometry), view.geometry)
    return line, sample


def west(geometry: Geometry) -> float:
    return float(np.fmod(geometry.longitude + 360.0, 360.0))


def point_at(eye: Eye, centre: tuple[float, float], longitude: float, geometry: Geometry) -> None:
    north = float(np.fmod(geometry.north + 90.0, 360.0))
    eye.om, eye.rs = pointing(eye.camera, centre, geometry.latitude, longitude, north, geometry.distance)


# ---- pixels --------------------------------------------------------------------------------------------------------


def project_image(task, pixels: np.ndarray, result, window, projection: Reprojection) -> None:
    """Rows of squares of 32 lines, several at once."""
    dtype = pixels.dtype
    wide = pixels.astype(np.int32)
    rows = max(AT_ONCE // (LARGEST * max(window.ns, 1)), 1)
    everywhere = task.keyword("EXACT")
    for first in range(1, window.nl + 1, LARGEST * rows):
        count = min(rows, -(-(window.nl - first + 1) // LARGEST))
        line, sample = projection.grid(first, count, window.nl, window.ns, everywhere)
        inside = slice(window.nl - first + 1)
        result.write_window(interpolated(wide, line[inside], sample[inside]).astype(dtype), line=first)
        task.progress(first, window.nl)


def interpolated(pixels: np.ndarray, line: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Pixels between their neighbours, cut off to whole numbers; 0 beside the image."""
    nl, ns = pixels.shape
    with np.errstate(invalid="ignore"):
        inside = (line >= 1) & (sample >= 1) & (line < nl) & (sample < ns)
    line, sample = line[inside], sample[inside]
    top, left = line.astype(int), sample.astype(int)
    x, y = sample - left, line - top
    d1, d2 = pixels[top - 1, left - 1], pixels[top - 1, left]
    d3, d4 = pixels[top, left - 1], pixels[top, left]
    values = d1 + (d2 - d1) * x + (d3 - d1) * y + (d1 - d2 - d3 + d4) * x * y
    result = np.zeros(inside.shape, np.int32)
    result[inside] = values.astype(np.int32)
    return result
