package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.finetune.augment.SampleTransform;
import io.github.vit4j.image.EvalTransform;
import org.junit.jupiter.api.Test;

class ImageBatchTest {

  private final EvalTransform preprocessing = EvalTransform.ofSize(8, 16);
  private final MadeImages data = new MadeImages(5);

  private BatchLoaderSettings settings() {
    return BatchLoader.of(data, SampleTransform.of(preprocessing)).batch(2);
  }

  @Test
  void arraysAreTheBatchsMemory() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchLoader loader = settings().start();
        ImageBatch batch = loader.next()) {
      NDArray pixels = batch.pixels(manager);
      NDArray targets = batch.targets(manager);

      assertThat(pixels.getShape()).isEqualTo(new Shape(2, 3, 8, 16));
      assertThat(pixels.get(1).toFloatArray()).isEqualTo(preprocessing.apply(data.image(1)));
      assertThat(targets.getShape()).isEqualTo(new Shape(2, 5));
      assertThat(targets.toFloatArray()).containsExactly(1, 0, 0, 0, 0, 0, 1, 0, 0, 0);
      batch.pixels().put(0, 42);
      assertThat(pixels.getFloat(0, 0, 0, 0)).isEqualTo(42);
    }
  }

  @Test
  void arraysAreClosedWithTheBatch() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchLoader loader = settings().start()) {
      NDArray pixels;
      try (ImageBatch batch = loader.next();
          NDManager scope = manager.newSubManager()) {
        pixels = batch.pixels(manager);
        batch.targets(scope); // closed by its manager before
      }
      assertThatThrownBy(pixels::toFloatArray).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aSmallLastBatchHasASmallArray() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchLoader loader = settings().epochs(1).start()) {
      loader.seek(0, 2);
      try (ImageBatch batch = loader.next()) {
        assertThat(batch.pixels(manager).getShape()).isEqualTo(new Shape(1, 3, 8, 16));
        assertThat(batch.targets(manager).toFloatArray()).containsExactly(0, 0, 0, 0, 1);
      }
    }
  }
}
