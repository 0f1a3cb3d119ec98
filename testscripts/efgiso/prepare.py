"""A made-up shape model on the 5 degree grid."""
import math

lines = ["A", "made", "up", "model"]
for lon in range(0, 361, 5):
    for lat in range(-90, 91, 5):
        x, y = math.radians(lon), math.radians(lat)
        r = 10 + 2 * math.cos(y) * math.cos(x) + 0.7 * math.sin(3 * y) + 0.3 * math.sin(2 * x) * math.cos(y) ** 2
        lines.append(f"{lon:.1f}, {lat:.1f}, {r:.4f}")
open("blob.model", "w").write("\n".join(lines) + "\n")
open("phobos.model", "w").write("\n".join(lines) + "\n")
open("gaspra.model", "w").write("\n".join(lines[:500]) + "\n")
open("cut.model", "w").write("\n".join(lines[:500]) + "\n")
lines[100] = "7.0, 3.0, 1.0"
open("odd.model", "w").write("\n".join(lines) + "\n")
open("deimos.model", "w").write("\n".join(lines) + "\n")
