package io.github.vit4j.zoo.hub;

import java.net.URI;
import java.util.Locale;

/** Text from elsewhere made fit for one line of a message. */
final class Shown {

  private static final int LONGEST = 200;

  private Shown() {}

  /** Without control characters, which a terminal would obey, and cut if long. */
  static String text(String text) {
    return io.github.vit4j.error.Shown.text(text, LONGEST);
  }

  /** Scheme, host and path: a signed link's query is as good as a password. */
  static String address(URI address) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return text(
        address.getScheme() + "://" + address.getHost() + port + String.valueOf(path(address)));
  }

  /** Bytes as people count them. */
  static String bytes(long count) {
    if (count < 1000) {
      return count + " bytes";
    }
    double value = count / 1000.0;
    for (String unit : new String[] {"kB", "MB", "GB"}) {
      if (value < 1000) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }

  static boolean isPrintable(int c) {
    return io.github.vit4j.error.Shown.isPrintable(c);
  }

  private static String path(URI address) {
    return address.getRawPath() == null ? "" : address.getRawPath();
  }
}
