package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Features, and what NumPy in float64 made of them by big_vision's protocol. */
final class FewShotFixture implements AutoCloseable {

  static final Path FOLDER = Path.of("src/test/resources/fewshot");

  private final Checkpoint file;

  FewShotFixture(String name) {
    file = SafeTensors.open(FOLDER.resolve(name + ".safetensors"));
  }

  Features support() {
    return features("X", "y");
  }

  Features test() {
    return features("X_test", "y_test");
  }

  float[][] rows(String name) {
    int width = file.info(name).shape().get(1).intValue();
    float[] all = file.floats(name);
    return IntStream.range(0, all.length / width)
        .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
        .toArray(float[][]::new);
  }

  private Features features(String x, String y) {
    int[] labels = Arrays.stream(file.longs(y)).mapToInt(Math::toIntExact).toArray();
    int classes = file.info("W").shape().get(1).intValue();
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    return new Features(rows(x), labels, names);
  }

  @Override
  public void close() {
    file.close();
  }
}
