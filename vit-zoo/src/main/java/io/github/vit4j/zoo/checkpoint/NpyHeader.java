package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of one .npy array, versions 1 to 3. Source: numpy.lib.format. It is the text of a
 * Python dictionary; only the few tokens that NumPy writes there are understood.
 *
 * @param type of the elements
 * @param bigEndian whether their bytes have to be turned round
 * @param columnMajor whether the first dimension varies fastest
 * @param shape the sizes
 * @param length of magic and header, bytes
 */
record NpyHeader(
    TensorType type, boolean bigEndian, boolean columnMajor, List<Long> shape, int length) {

  /** NumPy itself refuses more than 10,000 from strangers. */
  private static final int LONGEST = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final Pattern DESCR = Pattern.compile("([<>|=])?([a-zA-Z?])([0-9]{0,3}).*");

  /**
   * Reads magic and header, leaving {@code in} at the first element.
   *
   * @throws BadInputException without the file's name, which the caller knows
   */
  static NpyHeader read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new BadInputException("is not a NumPy array");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw new BadInputException("has the unknown .npy version " + version);
    }
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | (size[i] & 0xFF);
    }
    if (size.length < (version == 1 ? 2 : 4) || length > LONGEST) {
      throw new BadInputException("claims an .npy header of " + length + " bytes");
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw new BadInputException("ends within its .npy header");
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new Literal(new String(text, charset)).header(8 + size.length + text.length);
  }

  /** The dictionary's text, read from the left. */
  private static final class Literal {

    private final String text;
    private int at;

    Literal(String text) {
      this.text = text;
    }

    NpyHeader header(int length) {
      String descr = null;
      Boolean columnMajor = null;
      List<Long> shape = null;
      Set<String> keys = new HashSet<>();
      take('{');
      while (!skip('}')) {
        String key = string();
        if (!keys.add(key)) {
          throw wrong();
        }
        take(':');
        switch (key) {
          case "descr" -> descr = descr();
          case "fortran_order" -> columnMajor = bool();
          case "shape" -> shape = tuple();
          default -> throw wrong();
        }
        if (!skip(',') && peek() != '}') {
          throw wrong();
        }
      }
      if (peek() != 0 || descr == null || columnMajor == null || shape == null) {
        throw wrong();
      }
      Matcher parts = DESCR.matcher(descr);
      if (!parts.matches()) {
        throw unread(descr);
      }
      TensorType type = type(parts.group(2), parts.group(3), descr);
      boolean bigEndian = ">".equals(parts.group(1)) && type.size() > 1;
      return new NpyHeader(type, bigEndian, columnMajor, shape, length);
    }

    private static TensorType type(String kind, String size, String descr) {
      TensorType type =
          switch (kind + size) {
            case "f2" -> TensorType.F16;
            case "f4" -> TensorType.F32;
            case "f8" -> TensorType.F64;
            case "i1" -> TensorType.I8;
            case "i2" -> TensorType.I16;
            case "i4" -> TensorType.I32;
            case "i8" -> TensorType.I64;
            case "u1" -> TensorType.U8;
            case "u2" -> TensorType.U16;
            case "u4" -> TensorType.U32;
            case "u8" -> TensorType.U64;
            case "b1" -> TensorType.BOOL;
            // NumPy has no bfloat16: that of ml_dtypes is stored as two raw bytes
            case "V2" -> TensorType.BF16;
            default -> throw unread(descr);
          };
      if (!descr.endsWith(kind + size)) {
        throw unread(descr);
      }
      return type;
    }

    private static BadInputException unread(String descr) {
      String why =
          descr.contains("O") ? "Python objects, which could run code when read" : "not read here";
      return new BadInputException(
          "has elements of NumPy type "
              + Shown.quoted(descr)
              + ", "
              + why
              + "; convert it to float32");
    }

    private String descr() {
      if (peek() == '[') {
        throw new BadInputException("is a structured array; store each field as its own array");
      }
      return string();
    }

    private String string() {
      char quote = peek();
      if (quote != '\'' && quote != '"') {
        throw wrong();
      }
      int end = text.indexOf(quote, at + 1);
      if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
        throw wrong();
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean bool() {
      peek();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw wrong();
    }

    private List<Long> tuple() {
      List<Long> sizes = new ArrayList<>();
      take('(');
      while (!skip(')')) {
        sizes.add(number());
        if (sizes.size() > TensorInfo.MOST_DIMENSIONS) {
          throw wrong();
        }
        if (!skip(',') && (peek() != ')' || sizes.size() == 1)) {
          throw wrong();
        }
      }
      return sizes;
    }

    private long number() {
      peek();
      int begin = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (begin == at || at - begin > 18) {
        throw wrong();
      }
      long value = Long.parseLong(text.substring(begin, at));
      // Python 2 wrote 3L
      skip('L');
      return value;
    }

    private void take(char expected) {
      if (!skip(expected)) {
        throw wrong();
      }
    }

    private boolean skip(char expected) {
      if (peek() != expected) {
        return false;
      }
      at++;
      return true;
    }

    /** The next character that is no white space, or 0 at the end. */
    private char peek() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private BadInputException wrong() {
      return new BadInputException(
          "has an .npy header that is none, at character "
              + at
              + " of "
              + Shown.quoted(text.stripTrailing()));
    }
  }
}
