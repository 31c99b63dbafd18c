package io.github.vit4j.zoo;

import com.google.gson.Gson;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a file that this library wrote says about preprocessing and classes, beside the weights. */
public final class ModelMetadata {

  private static final String PREPROCESSING = "vit4j.preprocessing";
  private static final String LABELS = "vit4j.labels";
  private static final Gson GSON = new Gson();

  private ModelMetadata() {}

  /**
   * {@return the metadata that a file shall carry}
   *
   * @param preprocessing how images are prepared
   * @param labels the classes, in the order of the logits
   */
  public static Map<String, String> of(EvalTransform preprocessing, List<Label> labels) {
    return Map.of(PREPROCESSING, GSON.toJson(preprocessing), LABELS, GSON.toJson(labels));
  }

  /**
   * {@return how images are prepared, or empty if the file does not say}
   *
   * @param file an open file
   * @throws BadInputException if what it says is unusable
   */
  public static Optional<EvalTransform> preprocessing(Checkpoint file) {
    return preprocessing(file.metadata().get(PREPROCESSING), file.source());
  }

  static Optional<EvalTransform> preprocessing(@Nullable String json, Path where) {
    return read(json, where, PREPROCESSING, EvalTransform.class);
  }

  /**
   * {@return the classes in the order of the logits, or empty if the file does not say}
   *
   * @param file an open file
   * @throws BadInputException if what it says is unusable
   */
  public static Optional<List<Label>> labels(Checkpoint file) {
    return labels(file.metadata().get(LABELS), file.source());
  }

  static Optional<List<Label>> labels(@Nullable String json, Path where) {
    try {
      return read(json, where, LABELS, Label[].class).map(List::of);
    } catch (NullPointerException e) {
      throw unusable(where, LABELS, e);
    }
  }

  private static <T> Optional<T> read(
      @Nullable String json, Path where, String key, Class<T> type) {
    if (json == null) {
      return Optional.empty();
    }
    try {
      T value = GSON.fromJson(json, type);
      if (value != null) {
        return Optional.of(value);
      }
    } catch (RuntimeException e) { // Gson wraps what a record's constructor refuses
      throw unusable(where, key, e);
    }
    throw new BadInputException(where + " has empty metadata '" + key + "'");
  }

  private static BadInputException unusable(Path where, String key, Exception e) {
    return new BadInputException(
        where + " has unusable metadata '" + key + "'; write the file anew", e);
  }
}
