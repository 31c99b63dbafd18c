package io.github.vit4j.examples.cli;

import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Locale;

/** How the commands write things. */
final class Texts {

  private Texts() {}

  static String percent(double share) {
    return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** "1 image", "2 images". */
  static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** Cut in the middle, since both ends of a path tell more. */
  static String fit(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int tail = (width - 3) / 2;
    return text.substring(0, width - 3 - tail) + "..." + text.substring(text.length() - tail);
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  static int widest(List<String> texts, int most) {
    return Math.min(most, texts.stream().mapToInt(String::length).max().orElse(0));
  }

  /** For programs: plain ASCII, so that it survives whatever the terminal is set to. */
  static String json(Object value) {
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
