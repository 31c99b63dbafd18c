package io.github.vit4j.error;

/** Text from a hostile file made fit for one line of an error message. */
public final class Shown {

  private static final int LONGEST = 120;

  private Shown() {}

  /**
   * Quotes a text without control characters, which a terminal would obey.
   *
   * @param text anything
   * @return the text in single quotes, cut after 120 characters
   */
  public static String quoted(String text) {
    return "'" + text(text, LONGEST) + "'";
  }

  /**
   * Makes a text safe to show without quotes.
   *
   * @param text anything
   * @param longest characters after which it is cut
   * @return the text with control characters written as escapes
   */
  public static String text(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(longest)
        .forEach(
            c -> {
              if (isPrintable(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append(String.format("\\u%04x", c));
              }
            });
    return text.codePointCount(0, text.length()) > longest
        ? shown.append("...").toString()
        : shown.toString();
  }

  /**
   * Whether UTF-8 can say it, which it cannot of half a surrogate pair.
   *
   * @param text anything
   * @return whether all surrogates come in pairs
   */
  public static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  /**
   * Whether a terminal shows a character and does nothing else.
   *
   * @param c a code point
   * @return false for control and format characters, line ends and half surrogates
   */
  public static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
