package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.error.BadInputException;
import java.util.random.RandomGenerator;

/**
 * Hides patches here and there, each as likely as any other and always the same number of them, as
 * MAE does.
 *
 * @param ratio of the patches, above 0 and below 1; MAE hides 0.75
 */
public record RandomMasking(double ratio) implements Masking {

  /** Checks the ratio. */
  public RandomMasking {
    Masking.requireRatio(ratio);
  }

  @Override
  public void requireFit(int rows, int columns) {
    if (Masking.share(ratio, rows * columns) < 1) {
      throw new BadInputException(
          "a mask ratio of %s hides none of %d x %d patches; give a larger one, or larger images"
              .formatted(ratio, rows, columns));
    }
  }

  @Override
  public boolean[] draw(int rows, int columns, RandomGenerator random) {
    requireFit(rows, columns);
    int patches = rows * columns;
    int wanted = Masking.share(ratio, patches);
    boolean[] hidden = new boolean[patches];
    for (int seen = 0; wanted > 0; seen++) { // selection sampling: Knuth, volume 2, algorithm S
      if ((patches - seen) * random.nextDouble() < wanted) {
        hidden[seen] = true;
        wanted--;
      }
    }
    return hidden;
  }
}
