package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;

/** Strings as protocol 0 spells them, with backslashes. */
final class EscapedText {

  private EscapedText() {}

  /** {@return a string from its {@code repr}: in quotes of either kind, with Python's escapes} */
  static String quoted(String line) {
    String text = line.strip();
    int end = text.length() - 1;
    if (end < 1 || text.charAt(0) != text.charAt(end) || "'\"".indexOf(text.charAt(0)) < 0) {
      throw wrong(line);
    }
    return unescaped(text.substring(1, end), false);
  }

  /** {@return a string whose only escapes are those of code points} */
  static String rawUnicode(String line) {
    return unescaped(line, true);
  }

  private static String unescaped(String text, boolean codePointsOnly) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = at < text.length() ? text.charAt(at++) : 0;
      int digits =
          switch (kind) {
            case 'u' -> 4;
            case 'U' -> 8;
            case 'x' -> codePointsOnly ? 0 : 2;
            default -> 0;
          };
      if (digits > 0) {
        plain.appendCodePoint(codePoint(text, at, digits));
        at += digits;
      } else if (codePointsOnly) {
        plain.append('\\');
        at -= kind == 0 ? 0 : 1;
      } else {
        plain.append(single(kind, text));
      }
    }
    return plain.toString();
  }

  private static char single(char kind, String text) {
    return switch (kind) {
      case '\\', '\'', '"' -> kind;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw wrong(text);
    };
  }

  private static int codePoint(String text, int at, int digits) {
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
        throw wrong(text);
      }
      value = value << 4 | digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw wrong(text);
    }
    return value;
  }

  private static BadInputException wrong(String text) {
    return new BadInputException("holds a string that is none: " + Shown.quoted(text));
  }
}
