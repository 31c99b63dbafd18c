package io.github.vit4j.image;

import java.util.zip.CRC32;

/**
 * PNG to RGB: chunks are walked and inflated here rather than by ImageIO, whose reader holds the
 * image twice, gives up on broken ancillary chunks, and offers no pixels free of its colour models.
 */
final class PngDecoder {

  static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

  private static final int MAX_DEFLATE_RATIO = 1032;

  private final ImageBytes file;
  private int header = -1;
  private int palette = -1;
  private int paletteLength;
  private long dataLength;
  private int firstData = -1;
  private int exifOrientation;
  private int xmpOrientation;

  private PngDecoder(ImageBytes file) {
    this.file = file;
  }

  static RgbImage decode(ImageBytes file) {
    PngDecoder decoder = new PngDecoder(file);
    decoder.walkChunks();
    return decoder.pixels();
  }

  private void walkChunks() {
    int at = SIGNATURE.length();
    // a file cut after its image data is complete is still a whole picture
    while (at + 8 <= file.length()) {
      long length = file.u32(at);
      int body = at + 8;
      if (header < 0 && !file.has(at + 4, "IHDR")) {
        throw file.broken("it does not begin with an IHDR chunk");
      }
      if (file.has(at + 4, "IEND")) {
        return;
      }
      if (file.has(at + 4, "IDAT")) {
        firstData = firstData < 0 ? at : firstData;
        dataLength += Math.min(length, file.length() - body);
      }
      if (body + length + 4 > file.length()) {
        if (firstData < 0) {
          throw file.truncated();
        }
        return;
      }
      readChunk(at, body, (int) length);
      at = (int) (body + length + 4);
    }
  }

  private void readChunk(int at, int body, int length) {
    if (header < 0) {
      if (length < 13) {
        throw file.broken("its IHDR chunk is too short");
      }
      checkCrc(at, length);
      header = body;
      file.checkSize(file.u32(body), file.u32(body + 4));
    } else if (file.has(at + 4, "PLTE")) {
      checkCrc(at, length);
      palette = body;
      paletteLength = Math.min(256, length / 3);
    } else if (file.has(at + 4, "eXIf")) {
      exifOrientation = Orientation.parse(file, body, length);
    } else if (file.has(at + 4, "iTXt") && file.has(body, "XML:com.adobe.xmp\0")) {
      xmpOrientation = Orientation.parseXmp(file, body, length);
    }
  }

  private void checkCrc(int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(file.data(), at + 4, length + 4);
    if (crc.getValue() != file.u32(at + 8 + length)) {
      throw file.broken("the checksum of a header chunk is wrong");
    }
  }

  private RgbImage pixels() {
    if (header < 0) {
      throw file.truncated();
    }
    if (firstData < 0) {
      throw file.broken("it holds no image data");
    }
    PngLayout layout = PngLayout.parse(file, header);
    // rows cannot come out of fewer bytes than deflate's best ratio allows
    if (layout.rawBytes() / MAX_DEFLATE_RATIO > dataLength) {
      throw file.truncated();
    }
    byte[] rgb = new byte[3 * layout.width() * layout.height()];
    try (PngRows rows = new PngRows(file, firstData)) {
      PngPixels pixels = new PngPixels(file, layout, palette, paletteLength, rgb);
      for (PngLayout.Pass pass : layout.passes()) {
        rows.begin(layout.rowBytes(pass.width()), layout.bytesPerPixel());
        for (int y = 0; y < pass.height(); y++) {
          pixels.put(rows.next(), pass, y);
        }
      }
    }
    int orientation = exifOrientation > 0 ? exifOrientation : xmpOrientation;
    return Orientation.apply(RgbImage.of(layout.width(), layout.height(), rgb), orientation);
  }
}
