"""Makes the images in src/test/resources/images/made and the expected results of all test images.

Run from the module's folder with Pillow 9.4 (Debian 12: /usr/bin/python3 with python3-pil):
    /usr/bin/python3 src/test/python/images.py
Java's tests need only its output, which is checked in; nothing here runs in a build.

expected.tsv: path, width, height, CRC-32 of the RGB bytes, upright; or "refused".
"""
import io
import pathlib
import struct
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

IMAGES = pathlib.Path("src/test/resources/images")

# Where Pillow 9.4 is wrong or more narrow than need be, the result is that of another file that
# holds the same picture.
SAME_PICTURE = {
    "odd/bmp__g__pal4rle.bmp": "odd/bmp__g__pal4.bmp",  # odd runs lose a nibble in Pillow
    "odd/bmp__g__rgb32bf.bmp": "odd/bmp__g__rgb24.bmp",  # masks that Pillow does not list
    "odd/bmp__q__rgb32h52.bmp": "odd/bmp__g__rgb24.bmp",  # header size that Pillow does not list
    "odd/bmp__q__pal8oversizepal.bmp": "odd/bmp__g__pal8.bmp",
    "odd/bmp__q__pal8rletrns.bmp": "odd/pal8rletrns.png",  # Pillow 9.4 misreads the delta code
}
REFUSED = {"odd/turbo_testimgari.jpg"}  # arithmetic coding
UNCHECKED = {
    "odd/bmp__b__badrle.bmp",  # broken: any picture will do
    "odd/bmp__q__pal2.bmp",  # decoded though Pillow refuses
    "odd/bmp__q__pal4rletrns.bmp",  # the same, and no picture to compare with
    "odd/bmp__q__rgb16-231.bmp",
    "odd/bmp__q__rgba16-4444.bmp",
    "odd/bmp__q__rgba32abf.bmp",
    "odd/apng__chunk_no_fctl.png",  # Pillow refuses for the animation, which is not used here
    "odd/png_decompression_dos.png",  # the bomb is in a text chunk, which is not read here
    "odd/truncated_end_chunk.png",  # all pixels are there
    "odd/truncated_exif_dpi.jpg",  # all pixels are there
    "odd/unknown_compression_method.png",
}


def gradient(width, height):
    """A picture without symmetry, so that no rotation looks like another."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / max(1, width - 1)
    green = 255 * y / max(1, height - 1)
    blue = 127 + 120 * np.sin(x / 5.0) * np.cos(y / 3.0)
    return Image.fromarray(np.stack([red, green, blue], -1).astype("uint8"), "RGB")


def exif(orientation):
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def make():
    made = IMAGES / "made"
    made.mkdir(exist_ok=True)
    picture = gradient(37, 26)
    for i in range(10):  # 0 and 9 are out of range
        picture.save(made / f"exif_{i}.jpg", quality=85, exif=b"Exif\0\0" + exif(i))
    picture.save(made / "exif_6.png", exif=exif(6))
    picture.save(made / "exif_8.webp", exif=exif(8), quality=60)
    picture.save(made / "exif_5_lossless.webp", exif=exif(5), lossless=True)
    for subsampling in (0, 1, 2):
        for progressive in (False, True):
            kind = "progressive" if progressive else "baseline"
            picture.save(
                made / f"{kind}_{subsampling}.jpg",
                quality=70, subsampling=subsampling, progressive=progressive)
    picture.convert("L").save(made / "grey.jpg")
    picture.convert("CMYK").save(made / "cmyk.jpg")
    alpha = picture.copy()
    alpha.putalpha(picture.convert("L"))
    for quality in (0, 40, 100):
        picture.save(made / f"lossy_{quality}.webp", quality=quality)
    alpha.save(made / "lossy_alpha.webp", quality=50)
    alpha.save(made / "lossless_alpha.webp", lossless=True, exact=True)
    gradient(64, 48).save(
        made / "animated.webp", save_all=True, append_images=[gradient(48, 64).resize((64, 48))])
    gradient(1, 1).save(made / "one_pixel.webp")
    # the next three were refused by the reader that lossless data went to before
    lossless = dict(lossless=True, quality=100, method=6)
    Image.new("RGB", (49, 22), (200, 30, 40)).save(made / "lossless_flat.webp", **lossless)
    wide = Image.new("RGB", (356, 214), (131, 12, 99))
    wide.save(made / "lossless_repeat.webp", lossless=True, quality=0, method=3)
    random = np.random.RandomState(10)
    colours = random.randint(0, 256, (12, 3)).astype("uint8")
    y, x = np.mgrid[0:36, 0:25]
    indexed = Image.fromarray(colours[(x + y) * 12 // 61])
    indexed.save(made / "lossless_indexed.webp", **lossless)
    squares = np.array(gradient(90, 70))
    squares[10:40, 20:60] = colours[random.randint(0, 12, (30, 40))]
    squares[50:60, 30:80] = random.randint(0, 256, (10, 50, 3))
    Image.fromarray(squares).save(made / "lossless_squares.webp", **lossless)
    for mode in ("1", "L", "LA", "RGB", "RGBA", "P"):
        source = alpha if mode in ("LA", "RGBA") else picture
        source.convert(mode).save(made / f"mode_{mode}.png")
    for colours in (2, 4, 16, 200):
        indexed = picture.quantize(colours)
        indexed.save(made / f"palette_{colours}.png")
        indexed.save(made / f"palette_{colours}.gif", interlace=colours == 16)
        indexed.save(made / f"palette_{colours}.bmp")
    grey16 = (np.asarray(picture.convert("L")).astype("uint16") * 257) ^ 0x55
    Image.fromarray(grey16).save(made / "grey_16.png")
    for depth in (1, 2, 4):
        (made / f"grey_{depth}.png").write_bytes(packed_grey(depth))
    data = (made / "mode_RGB.png").read_bytes()
    (made / "cut.png").write_bytes(data[: len(data) // 2])
    data = (made / "baseline_0.jpg").read_bytes()
    (made / "no_end_marker.jpg").write_bytes(data[:-2])
    data = (made / "lossy_100.webp").read_bytes()
    (made / "cut.webp").write_bytes(data[: len(data) // 2])
    data = (made / "palette_200.gif").read_bytes()
    (made / "cut.gif").write_bytes(data[: 3 * len(data) // 4])


def packed_grey(depth):
    width, height = 13, 5
    rng = np.random.default_rng(depth)
    rows = rng.integers(0, 256, (height, 1 + (width * depth + 7) // 8), dtype="uint8")
    rows[:, 0] = 0
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes())),
        (b"IEND", b""),
    ]
    out = io.BytesIO(b"")
    out.write(b"\x89PNG\r\n\x1a\n")
    for name, body in chunks:
        out.write(struct.pack(">I", len(body)) + name + body)
        out.write(struct.pack(">I", zlib.crc32(name + body)))
    return out.getvalue()


def expected(path):
    try:
        image = Image.open(IMAGES / path)
        is_grey16 = image.format == "PNG" and image.mode == "I"
        image = ImageOps.exif_transpose(image)
        if is_grey16:  # convert("RGB") would clip; the high byte is wanted, as for RGB
            image = Image.fromarray((np.asarray(image) >> 8).astype("uint8"), "L")
        image = image.convert("RGB")
        return f"{image.width}\t{image.height}\t{zlib.crc32(image.tobytes()):08x}"
    except Exception:
        return "refused"


def main():
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    make()
    files = sorted(p for d in ("made", "odd") for p in (IMAGES / d).iterdir())
    with open(IMAGES / "expected.tsv", "w") as out:
        for file in files:
            path = str(file.relative_to(IMAGES))
            if path in UNCHECKED or file.name == "LICENSES.txt":
                continue
            result = "refused" if path in REFUSED else expected(SAME_PICTURE.get(path, path))
            out.write(f"{path}\t{result}\n")


main()
