package io.github.vit4j.zoo;

import io.github.vit4j.zoo.registry.LabelSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The names of the classes that published heads tell apart. */
public final class ClassNames {

  private static final List<String> CIFAR_10 =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private ClassNames() {}

  /**
   * {@return the classes of a set in the order of the logits; ImageNet's have their WordNet id, and
   * all words of the synset as the name}
   *
   * @param set which set
   */
  public static List<Label> of(LabelSet set) {
    return switch (set) {
      case CIFAR_10 -> Label.named(CIFAR_10);
      case IMAGENET_1K -> imageNet('k');
      case IMAGENET_12K -> imageNet('t');
      case IMAGENET_21K -> imageNet('g');
      case IMAGENET_22K -> imageNet('w');
    };
  }

  private static List<Label> imageNet(char set) {
    List<Label> labels = new ArrayList<>();
    try (InputStream stream = ClassNames.class.getResourceAsStream("labels/imagenet.tsv")) {
      if (stream == null) {
        throw new IllegalStateException("the resource imagenet.tsv is missing from this jar");
      }
      String table = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : table.split("\n")) {
        String[] cells = line.split("\t", 3); // id, sets, words
        if (cells[1].indexOf(set) >= 0) {
          labels.add(new Label(cells[0], cells[2]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the names of ImageNet's classes", e);
    }
    return List.copyOf(labels);
  }
}
