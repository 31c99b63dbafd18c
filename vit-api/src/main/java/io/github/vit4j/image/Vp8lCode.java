package io.github.vit4j.image;

/** A prefix code of lossless WebP: canonical, complete, of at most 15 bits, or of a single word. */
final class Vp8lCode {

  private static final int LONGEST = 15;
  private static final int TABLE_BITS = 8;
  private static final int LENGTHS = 19;
  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** Symbols by length, and by value where lengths are equal. */
  private final int[] symbols;

  private final int[] counts = new int[LONGEST + 1];

  /** Symbol times 16 and length by the next bits, for the short words; 0 begins a long one. */
  private final int[] table;

  private final int tableBits;

  private Vp8lCode(ImageBytes file, int[] lengths) {
    int used = 0;
    int longest = 0;
    for (int length : lengths) {
      if (length > 0) {
        counts[length]++;
        used++;
        longest = Math.max(longest, length);
      }
    }
    symbols = new int[used];
    int[] next = new int[LONGEST + 2];
    long share = 0;
    for (int length = 1; length <= LONGEST; length++) {
      next[length + 1] = next[length] + counts[length];
      share += (long) counts[length] << LONGEST - length;
    }
    // a single symbol takes no bits, whatever length it was given
    if (used == 0 || used > 1 && share != 1 << LONGEST) {
      throw file.broken("one of its prefix codes is not complete");
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        symbols[next[lengths[symbol]]++] = symbol;
      }
    }
    tableBits = used == 1 ? 0 : Math.min(TABLE_BITS, longest);
    table = used == 1 ? new int[0] : shortWords();
  }

  private int[] shortWords() {
    int[] words = new int[1 << tableBits];
    int code = 0;
    int index = 0;
    for (int length = 1; length <= tableBits; length++) {
      for (int i = 0; i < counts[length]; i++, code++, index++) {
        int reversed = Integer.reverse(code) >>> 32 - length; // a word's first bit comes first
        for (int at = reversed; at < words.length; at += 1 << length) {
          words[at] = symbols[index] << 4 | length;
        }
      }
      code <<= 1;
    }
    return words;
  }

  int read(Vp8lBits bits) {
    if (symbols.length == 1) {
      return symbols[0];
    }
    int word = table[bits.peek(tableBits)];
    if (word != 0) {
      bits.skip(word & 15);
      return word >> 4;
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code |= bits.number(1);
      int offset = code - first;
      if (offset < counts[length]) {
        return symbols[index + offset];
      }
      index += counts[length];
      first = first + counts[length] << 1;
      code <<= 1;
    }
    throw new IllegalStateException("a complete code has a word for any bits");
  }

  /**
   * @param alphabet how many symbols there are
   */
  static Vp8lCode parse(ImageBytes file, Vp8lBits bits, int alphabet) {
    int[] lengths = new int[alphabet];
    if (bits.flag()) {
      boolean two = bits.flag();
      set(file, lengths, bits.number(bits.flag() ? 8 : 1));
      if (two) {
        set(file, lengths, bits.number(8));
      }
    } else {
      readLengths(file, bits, lengths);
    }
    return new Vp8lCode(file, lengths);
  }

  private static void set(ImageBytes file, int[] lengths, int symbol) {
    if (symbol >= lengths.length) {
      throw file.broken("one of its prefix codes has a symbol that does not exist");
    }
    lengths[symbol] = 1;
  }

  /** Lengths are themselves written in a prefix code, with words that repeat them. */
  private static void readLengths(ImageBytes file, Vp8lBits bits, int[] lengths) {
    int[] ofLengths = new int[LENGTHS];
    int given = 4 + bits.number(4);
    for (int i = 0; i < given; i++) {
      ofLengths[LENGTH_ORDER[i]] = bits.number(3);
    }
    Vp8lCode code = new Vp8lCode(file, ofLengths);
    int words = bits.flag() ? 2 + bits.number(2 + 2 * bits.number(3)) : lengths.length;
    if (words > lengths.length) {
      throw file.broken("one of its prefix codes has too many symbols");
    }
    int last = 8;
    for (int symbol = 0; symbol < lengths.length && words > 0; words--) {
      int word = code.read(bits);
      if (word < 16) {
        lengths[symbol++] = word;
        last = word == 0 ? last : word;
        continue;
      }
      int repeated = word == 16 ? last : 0;
      int times =
          switch (word) {
            case 16 -> 3 + bits.number(2);
            case 17 -> 3 + bits.number(3);
            default -> 11 + bits.number(7);
          };
      if (times > lengths.length - symbol) {
        throw file.broken("one of its prefix codes has too many symbols");
      }
      for (int i = 0; i < times; i++) {
        lengths[symbol++] = repeated;
      }
    }
  }
}
