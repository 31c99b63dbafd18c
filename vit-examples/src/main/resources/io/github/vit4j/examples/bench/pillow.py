"""Decodes and resizes as `vit bench-images` does, with Pillow, on one core.

Standard input: the side of the model's input, then one image file a line.
Standard output: CPU nanoseconds an image for decoding, and for resizing and cropping.
"""
import io
import sys
import time

from PIL import Image

lines = sys.stdin.read().splitlines()
side = int(lines[0])
files = []
for name in lines[1:]:
    with open(name, "rb") as f:
        files.append(f.read())
scaled = int(side / 0.875)

best = None
for _ in range(3):
    start = time.process_time_ns()
    images = [Image.open(io.BytesIO(data)).convert("RGB") for data in files]
    decoded = time.process_time_ns()
    for image in images:
        w, h = image.size
        size = (scaled, int(scaled * h / w)) if w <= h else (int(scaled * w / h), scaled)
        x, y = (size[0] - side) // 2, (size[1] - side) // 2
        image.resize(size, Image.BICUBIC).crop((x, y, x + side, y + side))
    end = time.process_time_ns()
    if best is None or end - start < sum(best):
        best = (decoded - start, end - decoded)
print(best[0] // len(files), best[1] // len(files))
