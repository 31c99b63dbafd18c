package io.github.vit4j.zoo.names;

import io.github.vit4j.error.Shown;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names from a file, in a message: the first few, and how many more there are. */
final class Listing {

  private static final int MOST = 8;
  private static final int LONGEST_NAME = 120;

  private Listing() {}

  static String of(Collection<String> names) {
    String shown = names.stream().limit(MOST).map(Listing::name).collect(Collectors.joining(", "));
    int more = names.size() - MOST;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  /** A name fit for one line: a file may hold any text, and a terminal obeys control characters. */
  static String name(String name) {
    return Shown.text(name, LONGEST_NAME);
  }
}
