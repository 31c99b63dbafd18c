package io.github.vit4j.examples.study;

import io.github.vit4j.finetune.data.DataSplits;
import java.nio.file.Path;
import java.util.Map;

/** What a study's settings say of its data: wherever it lies, it is the same. */
final class StudiedData {

  private StudiedData() {}

  static Map<String, String> settings(Path place, DataSplits images) {
    return Map.of(
        "data", name(place),
        "data.train", Integer.toString(images.train().size()),
        "data.test", Integer.toString(images.validation().size()));
  }

  /** {@return the last part of a path, as in {@code flowers} for {@code ../flowers/.}} */
  static String name(Path place) {
    return String.valueOf(place.toAbsolutePath().normalize().getFileName());
  }
}
