package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;
import java.util.HashMap;
import java.util.Map;

/** The values that a pickle comes back to; numbers cost nothing, only what is stored does. */
final class Memo {

  private final Map<Long, Object> values = new HashMap<>();
  private final Stack allowance;

  Memo(Stack allowance) {
    this.allowance = allowance;
  }

  void put(Number index, Object value) {
    allowance.spend();
    values.put(key(index), value);
  }

  void append(Object value) {
    put((long) values.size(), value);
  }

  Object get(Number index) {
    Object value = values.get(key(index));
    if (value == null) {
      throw new BadInputException("refers to the memo " + index + ", which was never set");
    }
    return value;
  }

  private static long key(Number index) {
    if (!(index instanceof Long) || index.longValue() < 0) {
      throw new BadInputException("numbers a memo " + index);
    }
    return index.longValue();
  }
}
