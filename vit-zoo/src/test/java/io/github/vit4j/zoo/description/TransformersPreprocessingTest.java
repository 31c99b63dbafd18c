package io.github.vit4j.zoo.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.CropMode;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformersPreprocessingTest {

  private static final Path MADE = Path.of("src/test/resources/fixtures_authors/preprocessing");

  @TempDir Path folder;

  private EvalTransform beside(String type, String preprocessor) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor);
    return read(type);
  }

  private EvalTransform read(String type) throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{\"model_type\": \"" + type + "\", \"patch_size\": 16}");
    return ModelDescription.read(config).preprocessing();
  }

  /** What transformers' own processors made of an image, and the files that they saved. */
  @ParameterizedTest
  @ValueSource(strings = {"vit", "deit", "beit", "clip", "dinov2", "siglip"})
  void pixelsAreTransformers(String name) throws IOException {
    Path made = MADE.resolve(name);
    EvalTransform ours = beside(name, Files.readString(made.resolve("preprocessor_config.json")));

    float[] pixels = ours.apply(new ImageDecoder().decode(MADE.resolve("image.png")));

    try (Checkpoint theirs = SafeTensors.open(made.resolve("pixels.safetensors"))) {
      assertThat(theirs.info("pixel_values").shape())
          .containsExactly(1L, 3L, (long) ours.height(), (long) ours.width());
      assertThat(pixels).containsExactly(theirs.floats("pixel_values"), within(1e-5f));
    }
  }

  /** As files on the hub have it, the first four written by feature extractors of 2021 and 2022. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          vit    | {"size": 224, "do_resize": true}                                            | 224 | 1     | SQUASH       | BILINEAR
          clip   | {"feature_extractor_type": "CLIPFeatureExtractor", "crop_size": 224, "do_center_crop": true, "resample": 3, "size": 224} | 224 | 1 | CENTER_FLOOR | BICUBIC
          deit   | {"feature_extractor_type": "DeiTFeatureExtractor", "crop_size": 224, "do_center_crop": true, "resample": 3, "size": 256} | 224 | 0.875 | SQUASH | BICUBIC
          beit   | {"feature_extractor_type": "BeitFeatureExtractor", "crop_size": 224, "do_center_crop": false, "resample": 2, "size": 384} | 384 | 1 | SQUASH | BILINEAR
          dinov2 | {"image_processor_type": "BitImageProcessor", "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "resample": 3, "size": {"shortest_edge": 256}} | 224 | 0.875 | CENTER_FLOOR | BICUBIC
          siglip | {"image_processor_type": "SiglipImageProcessor", "resample": 3, "size": {"height": 384, "width": 384}} | 384 | 1 | SQUASH | BICUBIC
          vit    | {"image_processor_type": "ViTImageProcessorFast", "crop_size": null, "do_center_crop": null, "size": {"height": 384, "width": 384}, "resample": 2} | 384 | 1 | SQUASH | BILINEAR
          vit    | {"image_processor_type": "CLIPImageProcessor", "crop_size": {"height": 336, "width": 336}, "size": {"shortest_edge": 336}} | 336 | 1 | CENTER_FLOOR | BICUBIC
          """)
  void everyFormOfSize(
      String type, String file, int size, double ratio, CropMode mode, Resampling filter)
      throws IOException {
    EvalTransform transform = beside(type, file);

    assertThat(List.of(transform.height(), transform.width())).containsExactly(size, size);
    assertThat(transform.cropRatio()).isEqualTo(ratio);
    assertThat(transform.cropMode()).isEqualTo(mode);
    assertThat(transform.interpolation()).isEqualTo(filter);
  }

  @Test
  void meansAreTheFiles() throws IOException {
    EvalTransform transform =
        beside("vit", "{\"image_mean\": [0.1, 0.2, 0.3], \"image_std\": [1, 2, 3]}");
    assertThat(transform.mean()).containsExactly(.1, .2, .3);
    assertThat(transform.std()).containsExactly(1.0, 2.0, 3.0);
    EvalTransform none = beside("vit", "{\"do_normalize\": false}");
    assertThat(none.mean()).containsExactly(0.0, 0.0, 0.0);
    assertThat(none.std()).containsExactly(1.0, 1.0, 1.0);
  }

  @Test
  void theNewerPlaceIsNested() throws IOException {
    Files.writeString(
        folder.resolve("processor_config.json"),
        "{\"processor_class\": \"CLIPProcessor\", \"image_processor\": {\"size\": 96}}");
    assertThat(read("vit").height()).isEqualTo(96);
  }

  /** Dividing the crop by the ratio must give the size, whatever floating point makes of it. */
  @Test
  void noSizeLosesAPixel() throws IOException {
    for (int size = 224; size < 640; size++) {
      EvalTransform transform =
          beside("clip", "{\"crop_size\": 224, \"size\": {\"shortest_edge\": %d}}".formatted(size));
      assertThat((int) Math.floor(224 / transform.cropRatio())).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"size": {"longest_edge": 224}}                                | 'size' has [longest_edge]; it must be a number
          {"size": {"shortest_edge": 224}}                               | 'do_center_crop' is false: images of all shapes
          {"size": 0}                                                    | 'size' has a side of 0 pixels
          {"size": 1e9}                                                  | 'size' has a side of 1000000000 pixels
          {"size": 256, "do_center_crop": true, "crop_size": {"height": 224, "width": 192}} | both sides need one ratio
          {"resample": 5}                                                | 'resample' is 5; known are
          {"do_resize": false}                                           | 'do_resize' is false
          {"do_rescale": false}                                          | 'do_rescale' is false
          {"rescale_factor": 0.00784313725490196}                        | it must be 1/255
          {"do_pad": true}                                               | 'do_pad' is true
          {"crop_pct": 0.9}                                              | 'crop_pct' is not supported
          {"image_mean": [0.5]}                                          | 'image_mean' is [0.5]; it must be a list of 3 numbers
          """)
  void aStepThatIsNotTakenIsNamed(String file, String message) {
    assertThatThrownBy(() -> beside("vit", file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(message);
  }
}
