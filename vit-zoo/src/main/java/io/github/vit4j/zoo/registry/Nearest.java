package io.github.vit4j.zoo.registry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant by a name that does not exist. */
final class Nearest {

  private static final int MOST = 3;

  private Nearest() {}

  /** {@return up to three of the names, the nearest first; none if all are far away} */
  static List<String> to(String name, Collection<String> names) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int far = Math.max(2, wanted.length() / 3);
    return names.stream()
        .filter(known -> distance(wanted, known.toLowerCase(Locale.ROOT)) <= far)
        .sorted(Comparator.comparingInt(known -> distance(wanted, known.toLowerCase(Locale.ROOT))))
        .limit(MOST)
        .toList();
  }

  /** Letters to insert, drop or exchange, where what follows a whole given name costs nothing. */
  private static int distance(String wanted, String known) {
    int[] row = new int[known.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int exchanged = diagonal + (wanted.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchanged, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    int least = row[known.length()];
    for (int j = wanted.length(); j < row.length; j++) {
      least = Math.min(least, row[j] + 1);
    }
    return least;
  }
}
