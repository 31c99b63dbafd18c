package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The values that wait to be put together, and the marks among them. It and the memo take from one
 * allowance, so that memory stays in proportion to the pickle and below a bound.
 */
final class Stack {

  /** Values pushed and remembered in one pickle; a tensor takes about 30. */
  static final int MOST_VALUES = 1 << 22;

  /** Marks are what nests in Python's own pickles; its pickler gives up at 1000 or so. */
  private static final int MOST_MARKS = 10_000;

  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private int allowance = MOST_VALUES;

  void spend() {
    spend(1);
  }

  void spend(int values) {
    allowance -= values;
    if (allowance < 0) {
      throw new BadInputException(
          "holds more than " + MOST_VALUES + " values, more than any state dictionary needs");
    }
  }

  void push(Object value) {
    spend();
    values.add(value);
  }

  Object pop() {
    requireAboveMark("takes a value");
    return values.remove(values.size() - 1);
  }

  Object top() {
    requireAboveMark("looks at a value");
    return values.get(values.size() - 1);
  }

  /** What lies beneath a mark is out of reach until the mark is gone. */
  private void requireAboveMark(String what) {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (values.size() <= floor) {
      throw new BadInputException(what + " where there is none");
    }
  }

  void mark() {
    if (marks.size() == MOST_MARKS) {
      throw new BadInputException("nests deeper than " + MOST_MARKS + " levels");
    }
    marks.add(values.size());
  }

  /** {@return what was pushed since the last mark, which goes, too} */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw new BadInputException("closes a mark where there is none");
    }
    List<Object> above = values.subList(marks.remove(marks.size() - 1), values.size());
    List<Object> popped = new ArrayList<>(above);
    above.clear();
    return popped;
  }

  /** {@return whether the last thing there is a mark, not a value} */
  boolean endsWithMark() {
    return !marks.isEmpty() && marks.get(marks.size() - 1) == values.size();
  }

  boolean isEmpty() {
    return values.isEmpty() && marks.isEmpty();
  }
}
