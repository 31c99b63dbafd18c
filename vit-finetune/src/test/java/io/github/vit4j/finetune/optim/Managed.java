package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts what a manager still holds, arrays and managers, at any depth. */
public final class Managed {

  private Managed() {}

  /** {@return how many there are} */
  public static int by(NDManager manager) {
    int count = 0;
    for (Object resource : resources(manager).values()) {
      count += 1 + (resource instanceof NDManager inner ? by(inner) : 0);
    }
    return count;
  }

  /** DJL counts a manager's own arrays but not its managers, where a leak hides best. */
  private static Map<?, ?> resources(NDManager manager) {
    try {
      Field field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      return (Map<?, ?>) field.get(manager);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
