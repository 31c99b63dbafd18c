package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Models by name. */
public final class ViTZoo {

  /**
   * The model that ships inside this library and needs no download: CIFAR-10's ten classes at 32
   * pixels, 3 blocks of 2 parallel branches, hMLP stem.
   */
  public static final String EMBEDDED = "vit_nano_patch4_32_3x2_hmlp.cifar10";

  private static final List<String> SAMPLE_CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
  private static final int SAMPLES_PER_CLASS = 2;

  private ViTZoo() {}

  /** {@return the names that {@link #load} knows} */
  public static List<String> names() {
    return List.of(EMBEDDED);
  }

  /**
   * {@return a trained model by name, on the CPU; the caller closes it}
   *
   * @param name one of {@link #names()}
   * @throws BadInputException if there is no such model
   */
  public static ViTModel load(String name) {
    if (!names().contains(name)) {
      throw new BadInputException(
          "there is no model called '%s'; known are %s, and ViTModel.open(path) opens files"
              .formatted(name, names()));
    }
    try {
      Path copy = Files.createTempFile("vit4j", ".safetensors");
      try (InputStream resource = resource(name + ".safetensors")) {
        Files.copy(resource, copy, StandardCopyOption.REPLACE_EXISTING);
        return ViTModel.open(copy);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the model " + name, e);
    }
  }

  /**
   * {@return the sample images: the first two test images of each of CIFAR-10's classes (Krizhevsky
   * 2009), 32 x 32 pixels}
   */
  public static List<Sample> samples() {
    ImageDecoder decoder = new ImageDecoder();
    List<Sample> samples = new ArrayList<>();
    for (String category : SAMPLE_CLASSES) {
      for (int i = 1; i <= SAMPLES_PER_CLASS; i++) {
        String name = String.format(Locale.ROOT, "%s-%d", category, i);
        try (InputStream resource = resource("samples/" + name + ".jpg")) {
          samples.add(new Sample(name, decoder.decode(resource.readAllBytes(), name)));
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read the sample " + name, e);
        }
      }
    }
    return samples;
  }

  private static InputStream resource(String name) {
    InputStream stream = ViTZoo.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("the resource " + name + " is missing from this jar");
    }
    return stream;
  }
}
