package io.github.vit4j.image;

import java.io.ByteArrayOutputStream;

/**
 * What stands before a JPEG's first scan, and the file without its application segments.
 *
 * <p>The pixels do not depend on those segments once the colour model is known, but half of all odd
 * files are odd in them (cut-off EXIF, colour profiles of the wrong kind), and Java's reader gives
 * up on such files although the picture is fine.
 */
record JpegHeader(
    int width, int height, int components, ColourModel colours, int orientation, byte[] stripped) {

  /** How the components are to be understood, after libjpeg's default rules. */
  enum ColourModel {
    GREY,
    RGB,
    YCBCR,
    CMYK,
    YCCK
  }

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;

  /** libjpeg-turbo's own advice: a scan costs time however few bytes it has. */
  private static final int MAX_SCANS = 500;

  /** A bit at least for each block of 8 x 8, of which two may make up 16 x 8 pixels. */
  private static final long MAX_PIXELS_PER_BYTE = 8 * 128;

  static JpegHeader parse(ImageBytes file) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length());
    kept.write(0xff);
    kept.write(SOI);
    boolean jfif = false;
    int adobe = -1;
    int orientation = 0;
    int frame = -1;
    int at = 2;
    while (true) {
      // anything between segments is skipped, as libjpeg does with a warning
      while (file.u8(at) != 0xff) {
        at++;
      }
      int segment = at;
      while (file.u8(at) == 0xff) {
        at++;
      }
      int marker = file.u8(at++);
      if (marker == EOI) {
        throw file.broken("it holds no image data");
      }
      if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= SOI)) {
        continue;
      }
      if (marker == SOS) {
        if (frame < 0) {
          throw file.broken("its image data comes before its frame header");
        }
        checkScans(file, segment);
        kept.write(file.data(), segment, file.length() - segment);
        int components = file.u8(frame + 5);
        return new JpegHeader(
            file.u16(frame + 3),
            file.u16(frame + 1),
            components,
            colourModel(file, frame, components, jfif, adobe),
            orientation,
            kept.toByteArray());
      }
      int length = file.u16(at);
      int body = at + 2;
      if (length < 2) {
        throw file.broken("a segment has the length %d".formatted(length));
      }
      if (at + length > file.length()) {
        throw file.truncated();
      }
      if (marker == APP0 && file.has(body, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP14 && length >= 14 && file.has(body, "Adobe")) {
        adobe = file.u8(body + 11);
      } else if (marker == APP1 && orientation == 0 && file.has(body, "Exif\0")) {
        orientation = Orientation.parse(file, body, length - 2);
      } else if (isFrame(marker)) {
        checkFrame(file, marker, body, length);
        frame = body;
      }
      if ((marker < APP0 || marker > APP15) && marker != COM) {
        kept.write(0xff);
        kept.write(marker);
        kept.write(file.data(), at, length);
      }
      at += length;
    }
  }

  private static boolean isFrame(int marker) {
    // C4, C8 and CC are tables and a reserved code among the frame markers
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static void checkFrame(ImageBytes file, int marker, int body, int length) {
    if (marker == 0xc9 || marker == 0xca) {
      throw file.unsupported("JPEG with arithmetic coding");
    }
    if (marker > 0xc2) {
      throw file.unsupported("lossless or hierarchical JPEG");
    }
    int components = file.u8(body + 5);
    if (length < 8 + 3 * components) {
      throw file.broken("its frame header is too short");
    }
    if (file.u8(body) != 8) {
      throw file.unsupported("JPEG with %d bits a channel".formatted(file.u8(body)));
    }
    if (components != 1 && components != 3 && components != 4) {
      throw file.unsupported("JPEG with %d channels".formatted(components));
    }
    file.checkSize(file.u16(body + 3), file.u16(body + 1));
    if ((long) file.u16(body + 3) * file.u16(body + 1) > file.length() * MAX_PIXELS_PER_BYTE) {
      throw file.truncated();
    }
  }

  /**
   * Java's reader makes up the missing rest of a file that was cut off, and says so only in words;
   * the end marker that such a file lacks can be looked for beforehand.
   */
  private static void checkScans(ImageBytes file, int from) {
    int scans = 0;
    boolean ended = false;
    byte[] data = file.data();
    for (int i = from; i + 1 < data.length; i++) {
      if (data[i] == (byte) 0xff) {
        ended |= data[i + 1] == (byte) EOI;
        if (data[i + 1] == (byte) SOS && ++scans > MAX_SCANS) {
          throw file.broken("it has more than %d scans".formatted(MAX_SCANS));
        }
      }
    }
    if (!ended) {
      throw file.truncated();
    }
  }

  private static ColourModel colourModel(
      ImageBytes file, int frame, int components, boolean jfif, int adobe) {
    if (components == 1) {
      return ColourModel.GREY;
    }
    if (components == 4) {
      return adobe == -1 || adobe == 0 ? ColourModel.CMYK : ColourModel.YCCK;
    }
    if (jfif) {
      return ColourModel.YCBCR;
    }
    if (adobe >= 0) {
      return adobe == 0 ? ColourModel.RGB : ColourModel.YCBCR;
    }
    boolean namedRgb =
        file.u8(frame + 6) == 'R' && file.u8(frame + 9) == 'G' && file.u8(frame + 12) == 'B';
    return namedRgb ? ColourModel.RGB : ColourModel.YCBCR;
  }
}
