package io.github.vit4j.finetune.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines for people, in the run's folder and in the program's own log. */
final class RunLog {

  static final String NAME = "train.log";

  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final RunFolder folder;
  private final TrainListener listener;
  private final List<String> notes = new ArrayList<>();

  RunLog(RunFolder folder, TrainListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /** Something that happened as it should. */
  void line(String text) {
    LOG.debug("{}", text);
    append(text);
  }

  /** Something that the user should know. */
  void note(String text) {
    LOG.info("{}", text);
    notes.add(text);
    append(text);
    listener.note(text);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  private void append(String text) {
    Path file = folder.file(NAME);
    String line = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + text + "\n";
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("cannot write to {}: {}; it would have said: {}", file, e.toString(), text);
    }
  }
}
