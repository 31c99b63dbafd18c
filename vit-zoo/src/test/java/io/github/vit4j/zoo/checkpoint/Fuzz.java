package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Seeded damage: whatever it does to a file, reading it ends in values or in a refusal. */
final class Fuzz {

  private static final byte[] TELLING =
      "{}[]\",:0129-.eE\\u \0\177\377".getBytes(StandardCharsets.ISO_8859_1);

  private Fuzz() {}

  /** Damages the first {@code within} bytes. */
  static void mutate(byte[] seed, int within, Path directory, Random random, int rounds)
      throws IOException {
    Path file = directory.resolve("mutant");
    for (int round = 0; round < rounds; round++) {
      byte[] mutant = mutant(seed, within, random);
      Files.write(file, mutant);
      try {
        readAll(file);
      } catch (BadInputException e) {
        if (!String.valueOf(e.getMessage()).contains(file.toString())) {
          throw new AssertionError("round " + round + " does not name the file", e);
        }
      } catch (Throwable e) {
        throw new AssertionError("round " + round + " of " + seed.length + " bytes", e);
      }
    }
  }

  private static void readAll(Path file) {
    try (Checkpoint opened = Checkpoints.open(file)) {
      for (TensorInfo info : opened.tensors()) {
        opened.floats(info.name());
      }
    }
  }

  private static byte[] mutant(byte[] seed, int within, Random random) {
    byte[] mutant = seed.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(Math.min(within, mutant.length));
      switch (random.nextInt(6)) {
        case 0 -> mutant = Arrays.copyOf(mutant, at + 1);
        case 1 -> mutant[at] = (byte) random.nextInt(256);
        case 2 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> mutant[at] = TELLING[random.nextInt(TELLING.length)];
        case 4 ->
            mutant =
                spliced(
                    mutant,
                    random.nextInt(Math.min(within, mutant.length)),
                    at,
                    random.nextInt(64));
        default -> mutant[random.nextInt(Math.min(9, mutant.length))] = (byte) random.nextInt(256);
      }
    }
    return mutant;
  }

  /** Repeats a stretch of the file somewhere else. */
  private static byte[] spliced(byte[] bytes, int from, int to, int length) {
    int count = Math.min(length, bytes.length - from);
    byte[] result = new byte[bytes.length + count];
    System.arraycopy(bytes, 0, result, 0, to);
    System.arraycopy(bytes, from, result, to, count);
    System.arraycopy(bytes, to, result, to + count, bytes.length - to);
    return result;
  }
}
