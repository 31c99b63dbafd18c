package io.github.vit4j.zoo.checkpoint.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Python's {@code list}, {@code tuple}, {@code set} or {@code frozenset}. Two are equal only if
 * they are the same, since comparing what is in them could go arbitrarily deep.
 */
public final class Sequence {

  private final List<Object> items;

  Sequence(List<Object> items) {
    this.items = items;
  }

  /** {@return a list that nothing is in} */
  static Sequence empty() {
    return new Sequence(new ArrayList<>(0));
  }

  void add(Object item) {
    items.add(item);
  }

  /** {@return what is in it, in order; a view} */
  public List<Object> items() {
    return Collections.unmodifiableList(items);
  }

  /** {@return how many items there are} */
  public int size() {
    return items.size();
  }
}
