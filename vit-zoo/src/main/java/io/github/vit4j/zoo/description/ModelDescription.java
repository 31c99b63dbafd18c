package io.github.vit4j.zoo.description;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a {@code config.json} says of a model, whichever library wrote it.
 *
 * <p>Three forms are told apart by their keys: Hugging Face transformers' ({@code model_type}),
 * with {@code preprocessor_config.json} beside it; timm's on the hub ({@code architecture}, a
 * name); and an architecture that is spelt out in timm's words ({@code img_size}, {@code
 * patch_size}, {@code embed_dim}, {@code depth}, {@code num_heads}, ...).
 *
 * @param config the architecture
 * @param family what the weights' names are called, as {@code NameConverter.family} says; a file's
 *     own names may differ, since other libraries' loaders rename
 * @param preprocessing how images are prepared; the library's defaults where the files do not say.
 *     Its size may differ from the architecture's where the library resamples positions by itself
 * @param classes the names of the classes in the order of the logits; empty where none are given
 */
public record ModelDescription(
    ViTConfig config, String family, EvalTransform preprocessing, List<String> classes) {

  /** A list of 21,000 classes, both ways round, takes about 2 MB. */
  private static final long LARGEST_FILE = 1 << 24;

  /** Copies the list of classes. */
  public ModelDescription {
    classes = List.copyOf(classes);
  }

  /**
   * Reads a file, without knowing architectures by name.
   *
   * @param file JSON of at most 16 MiB
   * @return what it describes
   * @throws BadInputException as {@link #read(Path, Function)} does
   */
  public static ModelDescription read(Path file) {
    return read(file, name -> Optional.empty());
  }

  /**
   * Reads a file, and {@code preprocessor_config.json} beside it if it is there.
   *
   * @param file JSON of at most 16 MiB
   * @param architectures finds the configuration of an architecture by timm's name for it, such as
   *     {@code vit_small_patch16_224}
   * @return what it describes
   * @throws BadInputException if it cannot be read, is of no known form, has values that are not
   *     understood, or describes an impossible model or one that is no Vision Transformer
   */
  public static ModelDescription read(
      Path file, Function<String, Optional<ViTConfig>> architectures) {
    JsonKeys keys = keys(file);
    return described(keys, () -> PreprocessorFile.beside(file), architectures);
  }

  /**
   * Reads JSON text, without any file beside it.
   *
   * @param json an object
   * @param where where it comes from, for messages
   * @return what it describes
   * @throws BadInputException as {@link #read(Path, Function)} does
   */
  public static ModelDescription parse(String json, String where) {
    return described(keys(json, where), Optional::empty, name -> Optional.empty());
  }

  private static ModelDescription described(
      JsonKeys keys,
      Supplier<Optional<JsonKeys>> preprocessor,
      Function<String, Optional<ViTConfig>> architectures) {
    try {
      // first, since transformers' wrapper of timm's models writes both
      if (keys.has("architecture")) {
        return TimmHubConfig.read(keys, architectures);
      }
      if (keys.has("model_type")) {
        return TransformersConfig.read(keys, preprocessor.get());
      }
      return TimmConfig.read(keys);
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage());
      throw keys.isNamedIn(message) ? e : new BadInputException(keys.where() + ": " + message, e);
    }
  }

  static JsonKeys keys(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException(file + " is too large for a configuration; 16 MiB is the most");
      }
      return keys(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonKeys keys(String json, String where) {
    JsonElement tree;
    try {
      tree = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new BadInputException(where + " is not JSON: " + e.getMessage(), e);
    }
    if (!(tree instanceof JsonObject object)) {
      throw new BadInputException(where + " is not a JSON object");
    }
    return new JsonKeys(object, where);
  }
}
