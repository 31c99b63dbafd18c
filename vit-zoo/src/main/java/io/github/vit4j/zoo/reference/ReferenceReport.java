package io.github.vit4j.zoo.reference;

import java.nio.file.Path;
import java.util.List;

/**
 * How far a model is from its reference.
 *
 * @param folder the reference
 * @param rows one a quantity that was compared
 */
public record ReferenceReport(Path folder, List<Row> rows) {

  /** Copies the rows. */
  public ReferenceReport {
    rows = List.copyOf(rows);
  }

  /**
   * One quantity.
   *
   * @param name what was compared, such as {@code block.3} or {@code grad.pos_embed}
   * @param error the largest difference over the largest magnitude in the reference
   * @param tolerance the largest error that is still right
   */
  public record Row(String name, double error, double tolerance) {

    /** {@return whether the error is within the tolerance; a NaN is not} */
    public boolean holds() {
      return error <= tolerance;
    }
  }

  /** {@return whether every quantity is within its tolerance} */
  public boolean holds() {
    return rows.stream().allMatch(Row::holds);
  }
}
