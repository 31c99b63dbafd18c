package io.github.vit4j.zoo.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Application;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.Sample;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VitModelZooTest {

  private static <O> Criteria<Image, O> criteria(Class<O> output, String artifact) {
    return Criteria.builder()
        .setTypes(Image.class, output)
        .optGroupId("io.github.vit4j")
        .optArtifactId(artifact)
        .build();
  }

  private static Image djlImage(RgbImage image) {
    return ImageFactory.getInstance().fromImage(image.toBufferedImage());
  }

  @Test
  void criteriaFindAModelByItsArtifactId() throws Exception {
    Sample sample = ViTZoo.samples().get(0);
    try (ZooModel<Image, Classifications> model =
            criteria(Classifications.class, ViTZoo.EMBEDDED).loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor();
        ViTModel ours = ViTZoo.load(ViTZoo.EMBEDDED)) {
      Classifications found = predictor.predict(djlImage(sample.image()));
      Classifications expected = ours.classify(sample.image());
      assertThat(found.getClassNames()).isEqualTo(expected.getClassNames());
      assertThat(found.best().getProbability()).isEqualTo(expected.best().getProbability());
    }
  }

  @Test
  void criteriaFindEmbeddingsAtAnotherResolution() throws Exception {
    Criteria<Image, float[]> criteria =
        criteria(float[].class, ViTZoo.EMBEDDED).toBuilder().optArgument("resolution", 48).build();
    Sample sample = ViTZoo.samples().get(3);
    try (ZooModel<Image, float[]> model = criteria.loadModel();
        Predictor<Image, float[]> predictor = model.newPredictor();
        ViTModel ours = ViTModel.named(ViTZoo.EMBEDDED).resolution(48).load()) {
      assertThat(predictor.predict(djlImage(sample.image())))
          .containsExactly(ours.embed(sample.image()));
    }
  }

  /** What it makes of the network's output is its own affair, so it gets the logits. */
  @Test
  void aTranslatorOfOnesOwnSeesTheHead() throws Exception {
    Translator<Image, float[]> logits =
        new Translator<>() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            return new NDList(context.getNDManager().zeros(new Shape(3, 32, 32)));
          }

          @Override
          public float[] processOutput(TranslatorContext context, NDList output) {
            return output.singletonOrThrow().toFloatArray();
          }
        };
    Criteria<Image, float[]> criteria =
        criteria(float[].class, ViTZoo.EMBEDDED).toBuilder().optTranslator(logits).build();
    try (ZooModel<Image, float[]> model = criteria.loadModel();
        Predictor<Image, float[]> predictor = model.newPredictor()) {
      assertThat(predictor.predict(djlImage(ViTZoo.samples().get(0).image()))).hasSize(10);
    }
  }

  @Test
  void listingTouchesNoNetwork() throws Exception {
    Map<Application, List<MRL>> listed = ModelZoo.listModels();
    List<MRL> ours =
        listed.getOrDefault(Application.CV.IMAGE_CLASSIFICATION, List.of()).stream()
            .filter(mrl -> mrl.getGroupId().equals("io.github.vit4j"))
            .toList();
    assertThat(ours).hasSameSizeAs(ViTZoo.names());
    for (MRL mrl : ours) {
      assertThat(mrl.listArtifacts()).hasSize(1);
      assertThat(mrl.getDefaultArtifact().getName()).isEqualTo(mrl.getArtifactId());
    }
  }

  @Test
  void aSearchWithoutArtifactIdDownloadsNothing() {
    Criteria<Image, Classifications> any =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optGroupId("io.github.vit4j")
            .build();
    assertThatThrownBy(any::loadModel).isInstanceOf(ModelNotFoundException.class);
  }

  @Test
  void typesThatItDoesNotSpeakAreRefused() {
    Criteria<String, String> strings =
        Criteria.builder()
            .setTypes(String.class, String.class)
            .optGroupId("io.github.vit4j")
            .optArtifactId(ViTZoo.EMBEDDED)
            .build();
    assertThatThrownBy(strings::loadModel)
        .isInstanceOf(ModelNotFoundException.class)
        .hasRootCauseInstanceOf(ModelNotFoundException.class);
  }
}
