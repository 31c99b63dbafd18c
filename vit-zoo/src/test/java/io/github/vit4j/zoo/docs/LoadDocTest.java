package io.github.vit4j.zoo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.names.WeightLoader;
import io.github.vit4j.zoo.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The code of docs/load.md compiles, and names a model that exists; its parts run in other tests.
 */
class LoadDocTest {

  @Test
  void thePageShowsThisCode() throws IOException {
    DocSnippets.assertCompiled("load.md", LoadDocTest.class);
    assertThat(Registry.standard().find("deit3_small_patch16_224.fb_in1k")).isPresent();
    assertThat(Registry.standard().find("deit_3_small_224_1k.pth")).isPresent();
  }

  static void load() {
    // docs: load
    try (ViTModel vit = ViTZoo.load("deit3_small_patch16_224.fb_in1k")) {
      System.out.println(vit.classify(Path.of("cat.jpg")).best());
      float[] embedding = vit.embed(Path.of("cat.jpg"));
    }
    // docs: end
  }

  static List<ViTModel> elsewhere() {
    // docs: elsewhere
    ViTModel hub = ViTZoo.fromHuggingFace("google/vit-base-patch16-224"); // or owner/name@revision
    ViTModel own = ViTZoo.fromFile(Path.of("my-model")); // a file, or its folder
    // docs: end
    return List.of(hub, own);
  }

  static List<Classifications> options(List<RgbImage> images) {
    // docs: options
    ViTModel vit =
        ViTModel.named("deit3_small_patch16_224.fb_in1k") // or onHub(...), at(path)
            .resolution(384) // positions are resampled
            .batch(64) // images at once
            .threads(8) // of the engine, for the whole process
            .device(Device.cpu())
            .load();
    List<Classifications> all = vit.classify(images);
    // docs: end
    return all;
  }

  static void criteria(Image image) throws Exception {
    // docs: criteria
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class) // float[].class for embeddings
            .optGroupId("io.github.vit4j")
            .optArtifactId("deit3_small_patch16_224.fb_in1k")
            .build();
    try (ZooModel<Image, Classifications> model = criteria.loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      System.out.println(predictor.predict(image).best());
    }
    // docs: end
  }

  static VisionTransformer weights(NDManager manager) {
    // docs: weights
    VisionTransformer network = ViTZoo.build("deit3_small_patch16_224.fb_in1k"); // no values yet
    Path file = ViTModel.named("deit3_small_patch16_224.fb_in1k").download();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      WeightLoader.load(network, checkpoint, manager);
    }
    // docs: end
    return network;
  }
}
