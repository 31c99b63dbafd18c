package io.github.vit4j.image;

/**
 * Lossy WebP: one VP8 key frame, RFC 6386, equal to libwebp's output.
 *
 * <p>The WebP library at hand ignores filter strengths of segments and repeats chroma samples
 * instead of interpolating, which puts pixels off by up to 140 levels, and it keeps objects for
 * every 4x4 block; hence this one.
 */
final class Vp8Decoder {

  private final ImageBytes file;
  private final int end;
  private final Vp8Header header;
  private final Vp8Bits[] partitions;
  private final Vp8Modes modes;
  private final Vp8Coefficients coefficients;
  private final int columns;
  private final int rows;
  private final Vp8Plane luma;
  private final Vp8Plane u;
  private final Vp8Plane v;
  private final Vp8Header.Filter[] filters;
  private final boolean[] inner;
  private final int[] edge = new int[13];

  private Vp8Decoder(ImageBytes file, int at, int end, int width, int height) {
    this.file = file;
    this.end = end;
    int tag = file.u24le(at);
    if ((tag & 1) != 0 || file.u24le(at + 3) != 0x2a019d) {
      throw file.broken("its VP8 data does not begin with a key frame");
    }
    int first = at + 10;
    int firstEnd = first + (tag >> 5);
    if (firstEnd > end) {
      throw file.truncated();
    }
    Vp8Bits bits = new Vp8Bits(file, first, firstEnd);
    header = new Vp8Header(bits);
    partitions = partitions(firstEnd);
    columns = (width + 15) / 16;
    rows = (height + 15) / 16;
    modes = new Vp8Modes(header, bits, columns);
    coefficients = new Vp8Coefficients(header, columns);
    luma = new Vp8Plane(16 * columns, 16 * rows);
    u = new Vp8Plane(8 * columns, 8 * rows);
    v = new Vp8Plane(8 * columns, 8 * rows);
    filters = new Vp8Header.Filter[columns * rows];
    inner = new boolean[columns * rows];
  }

  /**
   * @param at where the VP8 data begins
   * @param end where its chunk ends, at most the file's length
   */
  static RgbImage decode(ImageBytes file, int at, int end) {
    int width = file.u16le(at + 6) & 0x3fff;
    int height = file.u16le(at + 8) & 0x3fff;
    file.checkSize(width, height);
    Vp8Decoder decoder = new Vp8Decoder(file, at, end, width, height);
    decoder.reconstruct();
    if (decoder.header.filtered) {
      decoder.filter();
    }
    byte[] rgb = Vp8Colours.toRgb(decoder.luma, decoder.u, decoder.v, width, height);
    return RgbImage.of(width, height, rgb);
  }

  private Vp8Bits[] partitions(int at) {
    int count = header.partitions;
    int start = at + 3 * (count - 1);
    Vp8Bits[] bits = new Vp8Bits[count];
    for (int i = 0; i < count; i++) {
      int stop = i < count - 1 ? Math.min(end, start + file.u24le(at + 3 * i)) : end;
      bits[i] = new Vp8Bits(file, start, stop);
      start = stop;
    }
    return bits;
  }

  private void reconstruct() {
    for (int y = 0; y < rows; y++) {
      Vp8Bits tokens = partitions[y % partitions.length];
      modes.beginRow();
      coefficients.beginRow();
      for (int x = 0; x < columns; x++) {
        modes.read(x);
        boolean any = false;
        if (modes.skipped) {
          coefficients.skip(x, modes.perBlock);
        } else {
          any = coefficients.read(tokens, x, header.quantizer(modes.segment), modes.perBlock);
        }
        filters[y * columns + x] = header.filter(modes.segment, modes.perBlock);
        inner[y * columns + x] = any || modes.perBlock;
        luma(x, y);
        chroma(u, 16, x, y);
        chroma(v, 20, x, y);
      }
    }
  }

  private void luma(int x, int y) {
    int at = luma.index(16 * x, 16 * y);
    if (!modes.perBlock) {
      Vp8Prediction.square(luma, at, 16, modes.luma, y > 0, x > 0);
    }
    for (int i = 0; i < 16; i++) {
      int block = at + i / 4 * 4 * luma.stride + i % 4 * 4;
      if (modes.perBlock) {
        upperRight(x, y, i, at, block);
        Vp8Prediction.block(luma, block, modes.blocks[i], edge);
      }
      addResidual(luma, i, block);
    }
  }

  /** In the macroblock's last column all four blocks see the row above the macroblock. */
  private void upperRight(int x, int y, int block, int macroblock, int at) {
    int from = block % 4 == 3 ? macroblock - luma.stride + 16 : at - luma.stride + 4;
    boolean outside = block % 4 == 3 && x == columns - 1 && y > 0;
    for (int i = 0; i < 4; i++) {
      // beyond the frame's right edge the last pixel above goes on
      edge[9 + i] = luma.get(outside ? from - 1 : from + i);
    }
  }

  private void chroma(Vp8Plane plane, int firstBlock, int x, int y) {
    int at = plane.index(8 * x, 8 * y);
    Vp8Prediction.square(plane, at, 8, modes.chroma, y > 0, x > 0);
    for (int i = 0; i < 4; i++) {
      addResidual(plane, firstBlock + i, at + i / 2 * 4 * plane.stride + i % 2 * 4);
    }
  }

  private void addResidual(Vp8Plane plane, int block, int at) {
    int[] values = coefficients.values;
    int any = 0;
    for (int i = 16 * block; i < 16 * block + 16; i++) {
      any |= values[i];
    }
    if (any != 0) {
      Vp8Transform.addDct(values, 16 * block, plane, at);
    }
  }

  private void filter() {
    Vp8LoopFilter lumaFilter = new Vp8LoopFilter(luma);
    Vp8LoopFilter uFilter = new Vp8LoopFilter(u);
    Vp8LoopFilter vFilter = new Vp8LoopFilter(v);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        Vp8Header.Filter filter = filters[y * columns + x];
        boolean inside = inner[y * columns + x];
        if (filter.limit() == 0) {
          continue;
        }
        lumaFilter.macroblock(x, y, 16, filter, inside, header.simpleFilter);
        if (!header.simpleFilter) {
          uFilter.macroblock(x, y, 8, filter, inside, false);
          vFilter.macroblock(x, y, 8, filter, inside, false);
        }
      }
    }
  }
}
