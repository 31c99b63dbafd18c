package io.github.vit4j.examples.command;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the commands write things. */
public final class Texts {

  private Texts() {}

  /**
   * {@return a share as a percentage with one digit, of even width}
   *
   * @param share 0 to 1
   */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
  }

  /**
   * {@return a number with commas}
   *
   * @param number to write
   */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * {@return a number of things, as in "1 image" and "2 images"}
   *
   * @param number how many
   * @param noun what one of them is called
   */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /**
   * {@return a text cut in the middle, since both ends of a path tell more}
   *
   * @param text to cut
   * @param width in characters
   */
  public static String fit(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int tail = (width - 3) / 2;
    return text.substring(0, width - 3 - tail) + "..." + text.substring(text.length() - tail);
  }

  /**
   * {@return a text filled up with spaces}
   *
   * @param text to fill up
   * @param width in characters
   */
  public static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /**
   * {@return a text in lines that break at spaces only, so that addresses stay whole}
   *
   * @param text of one paragraph
   * @param width of a line in characters; a longer word has a longer line
   */
  public static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /**
   * {@return the length of the longest text}
   *
   * @param texts to measure
   * @param most what is returned at most
   */
  public static int widest(List<String> texts, int most) {
    return Math.min(most, texts.stream().mapToInt(String::length).max().orElse(0));
  }

  /**
   * {@return JSON for programs: plain ASCII, so that it survives whatever the terminal is set to}
   *
   * @param value a record, list or map
   */
  public static String json(Object value) {
    String json =
        new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeSpecialFloatingPointValues()
            .create()
            .toJson(value);
    StringBuilder ascii = new StringBuilder(json.length());
    for (char c : json.toCharArray()) {
      if (c < 127) {
        ascii.append(c);
      } else {
        ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return ascii.toString();
  }
}
