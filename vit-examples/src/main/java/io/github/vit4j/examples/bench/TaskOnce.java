package io.github.vit4j.examples.bench;

import io.github.vit4j.finetune.task.SharedBackbone;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Opens tasks or whole models in a fresh process, and classifies an image with each of them. */
final class TaskOnce {

  private TaskOnce() {}

  /**
   * Prints the peak of this process's memory in bytes.
   *
   * @param arguments {@code shared BASE TASK...} or {@code whole MODEL...}
   * @throws Exception if the system does not tell
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.measure(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws IOException {
    List<Path> files = Arrays.stream(arguments).skip(1).map(Path::of).toList();
    if (arguments[0].equals("shared")) {
      shared(files.get(0), files.subList(1, files.size()));
    } else {
      whole(files);
    }
    System.out.println(ChildJvm.peakResident());
  }

  private static void shared(Path base, List<Path> tasks) {
    try (SharedBackbone shared = SharedBackbone.owning(ViTModel.open(base))) {
      tasks.forEach(file -> classify(shared.task(file.toString(), file)));
    }
  }

  private static void whole(List<Path> files) {
    List<ViTModel> models = new ArrayList<>();
    for (Path file : files) {
      ViTModel model = ViTModel.open(file);
      models.add(model);
      classify(model);
    }
    models.forEach(ViTModel::close);
  }

  private static void classify(ViTModel model) {
    int side = model.preprocessing().height();
    model.classify(RgbImage.of(side, side, new byte[3 * side * side]));
  }
}
