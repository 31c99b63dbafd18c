package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.error.BadInputException;
import java.util.Map;

/** Arrays by name that another run left, held against those that this run keeps. */
final class SavedState {

  private SavedState() {}

  /**
   * Copies the values of {@code saved} into {@code own}, if names, shapes and types are the same.
   *
   * @throws BadInputException if they are not; nothing is copied then
   */
  static void copy(String what, Map<String, NDArray> saved, Map<String, NDArray> own) {
    for (String name : saved.keySet()) {
      if (!own.containsKey(name)) {
        throw new BadInputException(
            "%s holds %s, which is not kept here; it is of another rule or of a model that trains other parameters"
                .formatted(what, name));
      }
    }
    own.forEach((name, array) -> check(what, name, saved, array));
    own.forEach((name, array) -> overwrite(array, given(what, name, saved)));
  }

  /** Gives an array other values, within the engine; {@code copyTo} goes through a Java buffer. */
  static void overwrite(NDArray array, NDArray values) {
    try (NDArray alias = array.stopGradient()) {
      alias.set(new NDIndex("..."), values);
    }
  }

  private static void check(String what, String name, Map<String, NDArray> saved, NDArray own) {
    NDArray given = given(what, name, saved);
    boolean counter = own.getDataType() == DataType.INT64;
    boolean fits =
        given.getShape().equals(own.getShape()) && given.getDataType() == own.getDataType();
    if (!fits) {
      throw new BadInputException(
          "%s of %s is %s %s, but %s %s is needed; it is of another model, or of momentum of another type"
              .formatted(
                  name,
                  what,
                  given.getDataType(),
                  given.getShape(),
                  own.getDataType(),
                  own.getShape()));
    }
    if (counter && given.getLong() < 0) {
      throw new BadInputException("%s of %s is negative; the file is broken".formatted(name, what));
    }
  }

  private static NDArray given(String what, String name, Map<String, NDArray> saved) {
    NDArray given = saved.get(name);
    if (given == null) {
      throw new BadInputException(
          "%s lacks %s; it is of another rule or of a model that trains other parameters"
              .formatted(what, name));
    }
    return given;
  }
}
