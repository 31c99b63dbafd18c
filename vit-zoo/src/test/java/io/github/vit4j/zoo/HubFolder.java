package io.github.vit4j.zoo;

import ai.djl.Device;
import ai.djl.Model;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.hub.HubCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A hub cache as Python leaves it behind, used offline. */
final class HubFolder {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Path root;

  HubFolder(Path root) {
    this.root = root;
  }

  HubCache open() {
    return HubCache.builder().folder(root).offline(true).build();
  }

  /** The folder of a repository's one snapshot. */
  Path snapshot(String repository) throws IOException {
    Path folder = root.resolve("models--" + repository.replace("/", "--"));
    Files.createDirectories(folder.resolve("refs"));
    Files.writeString(folder.resolve("refs/main"), COMMIT);
    return Files.createDirectories(folder.resolve("snapshots").resolve(COMMIT));
  }

  static void save(ViTBuilder builder, Path file) {
    Model model = Model.newInstance("test", Device.cpu(), "PyTorch");
    VisionTransformer vit = builder.build();
    vit.initialize(model.getNDManager());
    model.setBlock(vit);
    EvalTransform transform =
        EvalTransform.ofSize(vit.config().imageHeight(), vit.config().imageWidth());
    try (ViTModel built = ViTModel.of(model, transform, Label.numbered(vit.config().classes()))) {
      built.save(file, TensorType.F32);
    }
  }
}
