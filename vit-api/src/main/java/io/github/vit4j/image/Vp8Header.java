package io.github.vit4j.image;

/** The frame header at the start of a key frame's first partition, RFC 6386 section 9. */
final class Vp8Header {

  /** How strongly to smooth a macroblock's edges; a limit of 0 leaves it as it is. */
  record Filter(int limit, int interior, int highVariance) {}

  /** Steps between coefficient levels: DC at 0, AC at 1. */
  record Quantizer(int[] luma, int[] lumaDc, int[] chroma) {}

  private static final int SEGMENTS = 4;

  final boolean simpleFilter;
  final boolean filtered;
  final int partitions;
  final int[] tokenProbabilities = Vp8TokenTables.DEFAULT.clone();

  /** Probability that a macroblock has coefficients; -1 if none is marked as having none. */
  final int skipProbability;

  private final boolean segmented;
  private boolean segmentMap;
  private boolean absolute;
  private final int[] segmentProbabilities = {255, 255, 255};
  private final int[] segmentQuantizers = new int[SEGMENTS];
  private final int[] segmentFilters = new int[SEGMENTS];
  private final Quantizer[] quantizers = new Quantizer[SEGMENTS];
  private final Filter[] filters = new Filter[2 * SEGMENTS];

  Vp8Header(Vp8Bits bits) {
    bits.number(2); // colour space and clamping: both values decode alike
    segmented = bits.flag();
    if (segmented) {
      readSegments(bits);
    }
    simpleFilter = bits.flag();
    int level = bits.number(6);
    filtered = level != 0;
    readFilters(bits, level, bits.number(3));
    partitions = 1 << bits.number(2);
    readQuantizers(bits);
    bits.flag(); // whether later frames keep these probabilities: there are none
    for (int i = 0; i < tokenProbabilities.length; i++) {
      if (bits.bit(Vp8TokenTables.UPDATE[i])) {
        tokenProbabilities[i] = bits.number(8);
      }
    }
    skipProbability = bits.flag() ? bits.number(8) : -1;
  }

  private void readSegments(Vp8Bits bits) {
    segmentMap = bits.flag();
    if (bits.flag()) {
      absolute = bits.flag();
      for (int i = 0; i < SEGMENTS; i++) {
        segmentQuantizers[i] = bits.optionalSigned(7);
      }
      for (int i = 0; i < SEGMENTS; i++) {
        segmentFilters[i] = bits.optionalSigned(6);
      }
    }
    if (segmentMap) {
      for (int i = 0; i < 3; i++) {
        segmentProbabilities[i] = bits.flag() ? bits.number(8) : 255;
      }
    }
  }

  private void readFilters(Vp8Bits bits, int level, int sharpness) {
    int intraDelta = 0;
    int blockModeDelta = 0;
    boolean deltas = bits.flag();
    if (deltas && bits.flag()) {
      for (int i = 0; i < 8; i++) {
        // of four deltas for reference frames and four for modes, key frames use the first of each
        int delta = bits.optionalSigned(6);
        intraDelta = i == 0 ? delta : intraDelta;
        blockModeDelta = i == 4 ? delta : blockModeDelta;
      }
    }
    for (int i = 0; i < SEGMENTS; i++) {
      int base = segmented ? segmentFilters[i] + (absolute ? 0 : level) : level;
      filters[2 * i] = filter(base + intraDelta, sharpness);
      filters[2 * i + 1] = filter(base + intraDelta + blockModeDelta, sharpness);
    }
  }

  private static Filter filter(int unclamped, int sharpness) {
    int level = clamp(unclamped, 63);
    if (level == 0) {
      return new Filter(0, 0, 0);
    }
    int interior = level;
    if (sharpness > 0) {
      interior = Math.min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
    }
    interior = Math.max(interior, 1);
    int highVariance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    return new Filter(2 * level + interior, interior, highVariance);
  }

  private void readQuantizers(Vp8Bits bits) {
    int base = bits.number(7);
    int lumaDc = bits.optionalSigned(4);
    int secondDc = bits.optionalSigned(4);
    int secondAc = bits.optionalSigned(4);
    int chromaDc = bits.optionalSigned(4);
    int chromaAc = bits.optionalSigned(4);
    for (int i = 0; i < SEGMENTS; i++) {
      int q = segmented ? segmentQuantizers[i] + (absolute ? 0 : base) : base;
      quantizers[i] =
          new Quantizer(
              new int[] {dc(q + lumaDc, 127), ac(q)},
              new int[] {2 * dc(q + secondDc, 127), Math.max(8, ac(q + secondAc) * 155 / 100)},
              new int[] {dc(q + chromaDc, 117), ac(q + chromaAc)});
    }
  }

  private static int dc(int index, int most) {
    return Vp8Tables.DC_STEPS[clamp(index, most)];
  }

  private static int ac(int index) {
    return Vp8Tables.AC_STEPS[clamp(index, 127)];
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(most, value));
  }

  int readSegment(Vp8Bits bits) {
    if (!segmentMap) {
      return 0;
    }
    if (bits.bit(segmentProbabilities[0])) {
      return bits.bit(segmentProbabilities[2]) ? 3 : 2;
    }
    return bits.bit(segmentProbabilities[1]) ? 1 : 0;
  }

  Quantizer quantizer(int segment) {
    return quantizers[segment];
  }

  Filter filter(int segment, boolean blockModes) {
    return filters[2 * segment + (blockModes ? 1 : 0)];
  }
}
