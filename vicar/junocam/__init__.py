"""JunoCam: from raw framelets to colour pictures and maps without SPICE kernels.

companding   8-bit codes and 12-bit values
camera       lens, filters, framelets; pixels and directions
metadata     what the JSON file, the PDS label and our VICAR label say of a picture
package      zip archives, PNG and PDS files, read with care
calibration  dark, flat field, bad pixels, radiance, I/F
spin         assembly of framelets by the spin of the spacecraft
register     channels laid on each other
ephemeris    Jupiter, the Sun, and where the spacecraft is
navigation   spin axis, rate and phases from the limb
mapping      maps in System III
simulator    a made-up picture from a known map
"""


class JunocamError(Exception):
    """Input that cannot be used; the text is one clear sentence."""
