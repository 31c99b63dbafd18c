package io.github.vit4j.zoo.checkpoint.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Python's {@code dict} or {@code OrderedDict}. Two are equal only if they are the same. */
public final class Dictionary {

  /** Made with the first entry: an empty one costs a pickle a single byte. */
  private Map<Object, Object> entries = Map.of();

  /** Makes a dictionary without entries. */
  public Dictionary() {}

  /**
   * Sets an entry, as Python does: a key that is there keeps its place and gets the new value.
   *
   * @param key any value
   * @param value any value
   */
  public void put(Object key, Object value) {
    if (entries.isEmpty()) {
      entries = new LinkedHashMap<>(4);
    }
    entries.put(key, value);
  }

  /** {@return the entries, in order; a view} */
  public Map<Object, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }
}
