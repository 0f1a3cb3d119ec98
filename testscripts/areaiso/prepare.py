"""Two made-up shape models on the 5 degree grid, and one that is cut off."""
import math

for name, size in (("phobos", 1.0), ("gaspra", 3.0)):
    lines = ["A", "made", "up", "model"]
    for lon in range(0, 361, 5):
        for lat in range(-90, 91, 5):
            x, y = math.radians(lon), math.radians(lat)
            bump = 0.5 * math.cos(y) * math.cos(x) + 0.2 * math.sin(3 * y) + 0.1 * math.sin(2 * x) * math.cos(y) ** 2
            lines.append(f"{lon:.1f}, {lat:.1f}, {10 + size * bump:.4f}")
    open(f"{name}.model", "w").write("\n".join(lines) + "\n")
open("deimos.model", "w").write("\n".join(lines[:500]) + "\n")
