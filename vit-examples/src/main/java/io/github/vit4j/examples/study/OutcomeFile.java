package io.github.vit4j.examples.study;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record as a JSON file: what a training came to, which is there when the training is over. */
public final class OutcomeFile {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private OutcomeFile() {}

  /**
   * Writes a record, whole or not at all.
   *
   * @param file where to
   * @param outcome of finite numbers and texts
   */
  public static void write(Path file, Object outcome) {
    WholeFile.write(file, (GSON.toJson(outcome) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@return what was written; empty if there is no such file}
   *
   * @param <T> the record
   * @param file where it is
   * @param type of the record
   * @throws BadInputException if the file is broken
   */
  public static <T> Optional<T> read(Path file, Class<T> type) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      T outcome = GSON.fromJson(Files.readString(file), type);
      if (outcome != null) {
        return Optional.of(outcome);
      }
    } catch (IOException | JsonParseException e) {
      throw broken(file, String.valueOf(e.getMessage()), e);
    }
    throw broken(file, "it is empty", null);
  }

  private static BadInputException broken(Path file, String why, @Nullable Exception cause) {
    String message = "%s is broken (%s); delete it and start again".formatted(file, why);
    return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
  }
}
