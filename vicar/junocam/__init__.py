"""JunoCam: from raw framelets to colour pictures and maps without SPICE kernels.

companding   8-bit codes and 12-bit values
camera       lens, filters, framelets; pixels and directions
metadata     what the JSON file, the PDS label and our VICAR label say of a picture
package      zip archives, PNG and PDS files, read with care
calibration  dark, flat field, radiance, I/F
cleaning     warm pixels, dust, bad pixels, hits
stray        stray light of methane pictures
flatness     what the flat field leaves between first and last rows
spin         assembly of framelets by the spin of the spacecraft
register     shifts of clouds between channels
colour       channels laid on each other
drift        parallax of close pictures
saturation   saturated pixels in colour pictures
seams        whether borders of framelets show
kernels      attitude and path from SPICE, where given
ephemeris    Jupiter, the Sun, and where the spacecraft is
limb         edge of the disc
attitude     fit of spin axis, rate and phases
shading      how a picture is turned, from its light
navigation   the steps from pictures to an attitude
mapping      maps in System III
simulator    a made-up picture from a known map
"""


class JunocamError(Exception):
    """Input that cannot be used; the text is one clear sentence."""
