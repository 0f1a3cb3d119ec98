"""Characters of five by seven dots, as programs write labels into images. Source: ``vos/p2/sub/text``."""

from __future__ import annotations

import numpy as np

LINES, SAMPLES = 7, 5
WIDTH = SAMPLES + 1  # with the blank sample before a character

# Dots of the 64 characters: seven lines of two hexadecimal digits. Letters, six signs, space, then from ! to @.
_DOTS = (
    "040a11111f1111 1e09090e09091e 0e11101010110e 1e09090909091e 1f10101c10101f 1f10101c101010 0f10101311110f 1111111f111111 "
    "1f04040404041f 0101010101110e 11121418141211 1010101010101f 111b1515111111 11191513111111 1f11111111111f 1e11111e101010 "
    "0e11111115120d 1e11111e141211 0e11080402110e 1f040404040404 1111111111110e 1111110a0a0404 11111111151b11 11110a040a1111 "
    "11110a04040404 1f01020408101f 040e1414140e04 00040404040400 000f1212120c00 0004040a111f00 0000000000001f 00000000000000 "
    "04040404040004 0a0a0a00000000 0a0a1b001b0a0a 040f140e051e04 19190204081313 0814140815120d 04040400000000 02040808080402 "
    "08040202020408 00150e1f0e1500 0004041f040400 0000000c0c0408 0000001f000000 00000000000c0c 00010204081000 0e11111111110e "
    "040c140404041f 0e11010e10101f 0e11010601110e 02060a121f0202 1f101e0101110e 0608101e11110e 1f010204080808 0e11110e11110e "
    "0e11110f01020c 000c0c000c0c00 0c0c000c0c0408 02040810080402 00001f001f0000 10080402040810 0c120204040004 0e11010d15150e"
)
_FONT = np.unpackbits(np.array([list(bytes.fromhex(word)) for word in _DOTS.split()], np.uint8)[:, :, None], axis=2)[:, :, 3:]


def dots(text: str, size: int = 1) -> np.ndarray:
    """``text`` as 0 and 1, uint8 (7 * size, 6 * size * characters)."""
    codes = np.frombuffer(text.encode("latin-1"), np.uint8).astype(int) & 127
    places = np.where(codes <= 64, codes - 1, np.where(codes <= 96, codes - 65, codes - 97))
    cells = np.zeros((LINES, len(codes), WIDTH), np.uint8)
    cells[:, :, 1:] = _FONT[places].transpose(1, 0, 2)
    return cells.reshape(LINES, -1).repeat(size, axis=0).repeat(size, axis=1)
