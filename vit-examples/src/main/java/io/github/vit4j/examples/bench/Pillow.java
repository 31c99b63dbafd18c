package io.github.vit4j.examples.bench;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Pillow on the same files, in a Python that the user names. */
final class Pillow {

  private Pillow() {}

  /** Processor time in milliseconds an image, for decoding and for resizing. */
  static double[] measure(String python, int size, List<Path> files) throws IOException {
    StringBuilder input = new StringBuilder().append(size).append('\n');
    files.forEach(file -> input.append(file.toAbsolutePath()).append('\n'));
    List<String> command = new ArrayList<>(List.of(python.strip().split("\\s+")));
    command.addAll(List.of("-c", script()));
    Process child;
    try {
      child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (OutputStream to = child.getOutputStream()) {
        to.write(input.toString().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw failed(python, e);
    }
    String[] words =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ");
    if (words.length != 2) {
      throw failed(python, new IOException("no two numbers came back"));
    }
    return new double[] {Long.parseLong(words[0]) / 1e6, Long.parseLong(words[1]) / 1e6};
  }

  private static String script() throws IOException {
    try (InputStream in = Objects.requireNonNull(Pillow.class.getResourceAsStream("pillow.py"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static BadInputException failed(String python, Throwable cause) {
    return new BadInputException(
        "--python %s cannot measure Pillow; name a Python 3 that can import PIL".formatted(python),
        cause);
  }
}
