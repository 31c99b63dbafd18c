package io.github.vit4j.zoo;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.description.ModelDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Configurations and labels that nobody wrote: see docs/security.md. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class TextFuzzTest {

  @TempDir static Path directory;

  @FuzzTest(maxDuration = "2m")
  void config(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("config.json"), content);
    try {
      ModelDescription.read(file).config();
    } catch (BadInputException e) {
      // refused by name
    }
  }

  @FuzzTest(maxDuration = "2m")
  void carriedConfig(byte[] content) {
    try {
      ViTConfig.fromJson(new String(content, StandardCharsets.UTF_8));
    } catch (BadInputException e) {
      // refused by name
    }
  }

  @FuzzTest(maxDuration = "2m")
  void labels(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("labels.txt"), content);
    try {
      Label.read(file);
    } catch (BadInputException e) {
      // refused by name
    }
  }

  @FuzzTest(maxDuration = "2m")
  void carriedLabels(byte[] content) {
    try {
      ModelMetadata.labels(new String(content, StandardCharsets.UTF_8), Path.of("x"));
    } catch (BadInputException e) {
      // refused by name
    }
  }

  @FuzzTest(maxDuration = "2m")
  void carriedPreprocessing(byte[] content) {
    try {
      ModelMetadata.preprocessing(new String(content, StandardCharsets.UTF_8), Path.of("x"));
    } catch (BadInputException e) {
      // refused by name
    }
  }
}
