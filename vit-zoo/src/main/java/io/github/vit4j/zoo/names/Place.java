package io.github.vit4j.zoo.names;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a parameter of the encoder stands, read from its path.
 *
 * @param block index of the block
 * @param number 1 for an attention branch, 2 for a feed-forward branch, as names number their norms
 * @param branch index of the branch
 * @param rest the path within the branch, such as {@code norm.weight} or {@code mlp.fc1.bias}
 */
record Place(int block, int number, int branch, String rest) {

  private static final Pattern PATH =
      Pattern.compile("blocks\\.(\\d+)\\.(attns|ffns)\\.(\\d+)\\.(.+)");

  /** {@return the place, or null for a path outside the encoder} */
  static @Nullable Place of(String path) {
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      return null;
    }
    return new Place(
        Integer.parseInt(m.group(1)),
        m.group(2).equals("attns") ? 1 : 2,
        Integer.parseInt(m.group(3)),
        m.group(4));
  }
}
