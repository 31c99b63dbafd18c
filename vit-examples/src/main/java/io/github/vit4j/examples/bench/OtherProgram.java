package io.github.vit4j.examples.bench;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that measures the same case in its own way. In its command {@code {model}}, {@code
 * {size}}, {@code {batch}}, {@code {precision}}, {@code {work}}, {@code {threads}} and {@code
 * {seconds}} stand for the case; the last word that it prints is the images a second.
 */
final class OtherProgram {

  private OtherProgram() {}

  static double imagesPerSecond(String command, BenchCase wanted, int threads, double seconds)
      throws IOException {
    List<String> words = new ArrayList<>();
    for (String word : command.strip().split("\\s+")) {
      words.add(
          word.replace("{model}", wanted.model().name())
              .replace("{size}", Integer.toString(wanted.size()))
              .replace("{batch}", Integer.toString(wanted.batch()))
              .replace("{precision}", wanted.precision().name())
              .replace("{work}", wanted.work().name())
              .replace("{threads}", Integer.toString(threads))
              .replace("{seconds}", Double.toString(seconds)));
    }
    Process child;
    try {
      child = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new BadInputException("the command of --beside does not start: " + e.getMessage(), e);
    }
    String output;
    try (InputStream from = child.getInputStream()) {
      output = new String(from.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    String last = output.substring(output.lastIndexOf(' ') + 1).strip();
    last = last.substring(last.lastIndexOf('\n') + 1);
    try {
      return Double.parseDouble(last);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "the command of --beside must print images a second as its last word, but printed '%s'"
              .formatted(last),
          e);
    }
  }
}
