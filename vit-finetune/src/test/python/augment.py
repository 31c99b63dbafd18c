"""Makes src/test/resources/augment: small images, and what Pillow makes of them.

Run from the module's folder with Pillow 9.4 (Debian 12: /usr/bin/python3 with python3-pil):
    /usr/bin/python3 src/test/python/augment.py
Java's tests need only its output, which is checked in; nothing here runs in a build.

expected.tsv: image, operation, arguments, CRC-32 of the RGB bytes of the result.
"""
import pathlib
import sys
import zlib

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

OUT = pathlib.Path("src/test/resources/augment")
FILL = (124, 116, 104)
DUMP = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None  # whole results, to look at


def images():
    random = np.random.default_rng(0)
    y, x = np.mgrid[0:45, 0:61]
    scene = np.stack(
        [
            127 + 90 * np.sin(x / 7.0) * np.cos(y / 9.0),
            200 - 3 * y + 20 * ((x // 10 + y // 6) % 2),
            60 + 40 * np.cos((x + 2 * y) / 11.0),
        ],
        -1,
    )
    yield "scene", np.clip(scene, 0, 255)
    yield "noise", random.integers(0, 256, (29, 37, 3))
    yield "dim", 90 + random.integers(0, 40, (16, 16, 3)) * np.array([1, 2, 0.5])
    yield "flat", np.full((4, 5, 3), (200, 30, 90))
    yield "dot", np.full((1, 1, 3), (7, 250, 128))
    yield "line", random.integers(0, 256, (2, 23, 3))


def hue(image, factor):
    """torchvision.transforms.functional.adjust_hue on a Pillow image."""
    h, s, v = image.convert("HSV").split()
    turned = np.array(h, dtype=np.int64) + int(factor * 255)
    h = Image.fromarray((turned & 255).astype(np.uint8), "L")
    return Image.merge("HSV", (h, s, v)).convert("RGB")


def affine(image, a, b, c, d, e, f, filter):
    return image.transform(
        image.size, Image.AFFINE, (a, b, c, d, e, f), resample=filter, fillcolor=FILL
    )


def solarize_add(image, add):
    return image.point([min(255, i + add) if i < 128 else i for i in range(256)] * 3)


def pad_reflect(image, margin):
    array = np.pad(np.asarray(image), ((margin, margin), (margin, margin), (0, 0)), "reflect")
    return Image.fromarray(array)


def cases(image):
    yield "invert", (), ImageOps.invert(image)
    for threshold in (0, 26, 110, 128, 256):
        yield "solarize", (threshold,), ImageOps.solarize(image, threshold)
    for add in (0, 55, 110):
        yield "solarizeAdd", (add,), solarize_add(image, add)
    for bits in range(5):
        yield "posterize", (bits,), ImageOps.posterize(image, bits)
    yield "autoContrast", (), ImageOps.autocontrast(image)
    yield "equalize", (), ImageOps.equalize(image)
    yield "grey", (), image.convert("L").convert("RGB")
    yield "flip", (), image.transpose(Image.FLIP_LEFT_RIGHT)
    for factor in (0.0, 0.1, 0.37, 0.7, 1.0, 1.3, 1.45, 1.9):
        yield "brightness", (factor,), ImageEnhance.Brightness(image).enhance(factor)
        yield "contrast", (factor,), ImageEnhance.Contrast(image).enhance(factor)
        yield "saturation", (factor,), ImageEnhance.Color(image).enhance(factor)
        yield "sharpness", (factor,), ImageEnhance.Sharpness(image).enhance(factor)
    for factor in (-0.5, -0.1, 0.0, 0.03, 0.25, 0.5):
        yield "hue", (factor,), hue(image, factor)
    for sigma in (0.0, 0.1, 0.5, 1.0, 1.37, 2.0, 5.5):
        yield "blur", (sigma,), image.filter(ImageFilter.GaussianBlur(sigma))
    for name, filter in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)):
        for f in (-0.3, -0.0477, 0.13, 0.3):
            yield "shearX", (f, name), affine(image, 1, f, 0, 0, 1, 0, filter)
            yield "shearY", (f, name), affine(image, 1, 0, 0, f, 1, 0, filter)
        for part in (-0.45, -0.31, 0.1, 0.405):
            w, h = image.size
            yield "translateX", (part, name), affine(image, 1, 0, part * w, 0, 1, 0, filter)
            yield "translateY", (part, name), affine(image, 1, 0, 0, 0, 1, part * h, filter)
        for degrees in (-30.0, -7.3, 0.0, 12.25, 30.0):
            yield "rotate", (degrees, name), image.rotate(
                degrees, resample=filter, fillcolor=FILL
            )
    if min(image.size) > 4:
        yield "padReflect", (4,), pad_reflect(image, 4)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, array in images():
        image = Image.fromarray(array.astype(np.uint8), "RGB")
        image.save(OUT / f"{name}.png", optimize=True)
        for operation, arguments, result in cases(image):
            assert result.mode == "RGB"
            data = result.tobytes()
            text = " ".join(str(a) for a in arguments)
            lines.append(f"{name}\t{operation}\t{text}\t{zlib.crc32(data):08x}")
            if DUMP:
                DUMP.mkdir(exist_ok=True)
                (DUMP / f"{name}_{operation}_{text.replace(' ', '_')}").write_bytes(data)
    (OUT / "expected.tsv").write_text("\n".join(lines) + "\n")


main()
