package io.github.vit4j.finetune.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of one run. While it is open, no other process or thread can open it. */
final class RunFolder implements AutoCloseable {

  static final String BEST = "best.safetensors";
  static final String LAST = "last.safetensors";
  static final String TASK = "task.safetensors";
  static final String METRICS = "metrics.csv";
  static final String EVENTS = "events";

  private static final String RUN = "run.json";
  private static final String LOCK = "run.lock";
  private static final int KEPT = 2;
  private static final Pattern STATE = Pattern.compile("state-\\d{9,}\\.safetensors");
  private static final Pattern LEFT_OVER = Pattern.compile(".*\\.[0-9a-f-]{36}\\.part");

  /** What run.json holds. Gson leaves out what is not there. */
  record Run(
      int format,
      @Nullable Map<String, String> settings,
      @Nullable Map<String, String> options,
      @Nullable Map<String, String> machine) {}

  private static final int FORMAT = 1;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path root;
  private RunLock lock;
  private byte[] run = new byte[0];

  private RunFolder(Path root, RunLock lock) {
    this.root = root;
    this.lock = lock;
  }

  static RunFolder open(Path root) {
    refuseForeign(root);
    try {
      Files.createDirectories(root);
      RunLock lock = RunLock.of(root.resolve(LOCK));
      try {
        RunFolder folder = new RunFolder(root, lock);
        folder.clean();
        return folder;
      } catch (RuntimeException | IOException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new BadInputException("cannot use the run folder " + root + ": " + e, e);
    }
  }

  private static void refuseForeign(Path root) {
    if (!Files.exists(root) || Files.exists(root.resolve(RUN))) {
      return;
    }
    if (!Files.isDirectory(root)) {
      throw new BadInputException(root + " is a file; name a folder for the run");
    }
    for (Path file : list(root)) {
      String name = file.getFileName().toString();
      if (!name.equals(LOCK) && !name.equals(RunLog.NAME) && !LEFT_OVER.matcher(name).matches()) {
        throw new BadInputException(
            "%s holds other files, such as %s, but no run; name an empty or a new folder"
                .formatted(root, name));
      }
    }
  }

  /** Files that a killed process had not completed. */
  private void clean() throws IOException {
    for (Path file : list(root)) {
      if (LEFT_OVER.matcher(file.getFileName().toString()).matches()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new BadInputException("cannot list " + folder + ": " + e, e);
    }
  }

  Path root() {
    return root;
  }

  Path file(String name) {
    return root.resolve(name);
  }

  /** What an earlier process began here. */
  Optional<Run> earlier() {
    return Optional.ofNullable(described(root));
  }

  /** What a folder says of the run in it; null if it holds none. */
  static @Nullable Run described(Path root) {
    Path file = root.resolve(RUN);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Run found = GSON.fromJson(Files.readString(file), Run.class);
      if (found != null && found.format == FORMAT && found.settings != null) {
        return found;
      }
    } catch (IOException | JsonParseException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    }
    throw new BadInputException(
        file + " is not of this version's form; begin anew in another folder");
  }

  void describe(Settings settings, Settings options, Settings machine) {
    Run now = new Run(FORMAT, settings.values(), options.values(), machine.values());
    run = (GSON.toJson(now) + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file(RUN), run);
  }

  /**
   * Makes the folder again if somebody has deleted it.
   *
   * @return whether it had to
   * @throws BadInputException if that is impossible, or another process has begun a run there
   */
  boolean restore() {
    if (Files.exists(file(RUN)) && lock.isHeld()) {
      return false;
    }
    try {
      Files.createDirectories(root);
      lock = lock.again(); // a lock on a file that was deleted keeps nobody out
    } catch (IOException e) {
      throw new BadInputException(
          root + " was deleted, and cannot be made again: " + e.getMessage(), e);
    }
    WholeFile.write(file(RUN), run);
    return true;
  }

  Path state(long step) {
    return file("state-%09d.safetensors".formatted(step));
  }

  /** The checkpoints, the newest first. */
  List<Path> states() {
    return states(root);
  }

  /** The checkpoints of any run, the newest first; none if there is no such folder. */
  static List<Path> states(Path root) {
    List<Path> states = new ArrayList<>();
    for (Path file : list(root)) {
      if (STATE.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file)) {
        states.add(file);
      }
    }
    states.sort(
        Comparator.comparing((Path p) -> p.toString().length())
            .thenComparing(Path::toString)
            .reversed());
    return states;
  }

  void dropOldStates() {
    List<Path> states = states();
    for (Path old : states.subList(Math.min(KEPT, states.size()), states.size())) {
      try {
        Files.deleteIfExists(old);
      } catch (IOException e) {
        throw new BadInputException("cannot delete the old checkpoint " + old + ": " + e, e);
      }
    }
  }

  /** A checkpoint of an epoch's end that stays. */
  Path kept(int epoch) {
    return file("kept-epoch-%06d.safetensors".formatted(epoch));
  }

  /** Gives a checkpoint another name under which it stays. */
  void keep(Path state, int epoch) {
    Path kept = kept(epoch);
    try {
      Files.deleteIfExists(kept);
      try {
        Files.createLink(kept, state); // the same file under two names
      } catch (UnsupportedOperationException | IOException e) {
        WholeFile.write(kept, out -> Files.copy(state, Channels.newOutputStream(out)));
      }
    } catch (IOException e) {
      throw new BadInputException("cannot keep the checkpoint " + state + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new BadInputException("cannot let go of " + root + ": " + e, e);
    }
  }
}
