package io.github.vit4j.zoo;

import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.registry.LabelSet;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Models by name. */
public final class ViTZoo {

  /**
   * The model that ships inside this library and needs no download: CIFAR-10's ten classes at 32
   * pixels, 3 blocks of 2 parallel branches, hMLP stem.
   */
  public static final String EMBEDDED = "vit_nano_patch4_32_4x2_conv.cifar10";

  private static final int SAMPLES_PER_CLASS = 2;

  private ViTZoo() {}

  /** {@return the names of all models that {@link #load} can bring, by family} */
  public static List<String> names() {
    return Registry.standard().entries().stream()
        .filter(ZooEntry::hasWeights)
        .map(ZooEntry::name)
        .toList();
  }

  /**
   * {@return a trained model by name, on the CPU, downloaded at first use; the caller closes it}
   * {@link ViTModel#named} does the same with options.
   *
   * @param name timm's, the authors' file name, or {@link #EMBEDDED}; see {@link Registry#find}
   * @throws BadInputException if there is no such model, or nobody published its weights
   * @throws io.github.vit4j.zoo.hub.HubException if a file cannot be had
   */
  public static ViTModel load(String name) {
    return ViTModel.named(name).load();
  }

  /**
   * {@return a model of the Hugging Face hub, on the CPU, downloaded at first use; the caller
   * closes it} {@link ViTModel#onHub} does the same with options.
   *
   * @param repository owner/name; a branch, tag or commit may follow after {@code @}
   * @throws BadInputException if its files do not describe a Vision Transformer that is built here
   * @throws io.github.vit4j.zoo.hub.HubException if a file cannot be had
   */
  public static ViTModel fromHuggingFace(String repository) {
    return ViTModel.onHub(repository).load();
  }

  /**
   * {@return a model from files, on the CPU; the caller closes it} {@link ViTModel#at} does the
   * same with options.
   *
   * @param path a checkpoint, or a folder that holds one; what it does not say is read from {@code
   *     config.json} and {@code labels.txt} beside it
   * @throws BadInputException if a file is missing, broken, or does not fit the others
   */
  public static ViTModel fromFile(Path path) {
    return ViTModel.open(path);
  }

  /**
   * {@return an untrained model of the registry: its architecture with fresh values from seed 0,
   * which {@link VisionTransformer#initialize} makes}
   *
   * @param name as for {@link #load}; models without published weights too
   * @throws BadInputException if there is no such model
   */
  public static VisionTransformer build(String name) {
    return ViT.of(Registry.standard().require(name).config());
  }

  /**
   * {@return the sample images: the first two test images of each of CIFAR-10's classes (Krizhevsky
   * 2009), 32 x 32 pixels}
   */
  public static List<Sample> samples() {
    ImageDecoder decoder = new ImageDecoder();
    List<Sample> samples = new ArrayList<>();
    for (Label label : ClassNames.of(LabelSet.CIFAR_10)) {
      for (int i = 1; i <= SAMPLES_PER_CLASS; i++) {
        String name = String.format(Locale.ROOT, "%s-%d", label.name(), i);
        try (InputStream resource = EmbeddedFile.open("samples/" + name + ".jpg")) {
          samples.add(new Sample(name, decoder.decode(resource.readAllBytes(), name)));
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read the sample " + name, e);
        }
      }
    }
    return samples;
  }
}
