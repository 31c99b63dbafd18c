package io.github.vit4j.finetune.task;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.zoo.ModelMetadata;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.names.SavedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The metadata of a task file, written and read. */
final class TaskMetadata {

  /** Says that a file is a task, and of which form. */
  private static final String FORM = "vit4j.task";

  /** Whole tensors in place of the base's. */
  private static final String WHOLE_TENSORS = "1";

  /** The same, and low-rank branches beside the base's. */
  private static final String WITH_LOW_RANK = "2";

  private static final String LOW_RANK = "vit4j.task.low_rank";
  private static final String NAME = "vit4j.task.name";
  private static final String BASE = "vit4j.task.base";
  private static final String BASE_SHA256 = "vit4j.task.base.sha256";
  private static final String VERSION = "vit4j.version";

  private TaskMetadata() {}

  static String libraryVersion() {
    String released = TaskMetadata.class.getPackage().getImplementationVersion();
    return released == null ? "development" : released; // classes that lie in no jar
  }

  static Map<String, String> write(TaskInfo info) {
    Map<String, String> metadata =
        new HashMap<>(ModelMetadata.of(info.preprocessing(), info.labels()));
    metadata.put(FORM, info.lowRank().isPresent() ? WITH_LOW_RANK : WHOLE_TENSORS);
    info.lowRank().ifPresent(spec -> metadata.put(LOW_RANK, LowRankText.of(spec)));
    metadata.put(NAME, info.name());
    metadata.put(BASE, info.base());
    metadata.put(BASE_SHA256, info.baseSha256());
    metadata.put(SavedModel.CONFIG, info.config().toJson());
    metadata.put(VERSION, info.version());
    return metadata;
  }

  static TaskInfo read(Checkpoint file) {
    String form = file.metadata().get(FORM);
    if (form == null) {
      throw new BadInputException(
          file.source()
              + " is not a task file; write one with TaskFile.write, or open a whole model with"
              + " ViTModel.open");
    }
    if (!form.equals(WHOLE_TENSORS) && !form.equals(WITH_LOW_RANK)) {
      throw new BadInputException(
          "%s is a task file of form %s, but this version knows forms %s and %s only; use a newer version"
              .formatted(file.source(), Shown.quoted(form), WHOLE_TENSORS, WITH_LOW_RANK));
    }
    String name = text(file, NAME);
    String base = text(file, BASE);
    String sha256 = text(file, BASE_SHA256);
    ViTConfig config = SavedModel.config(file).orElseThrow(() -> lacks(file, SavedModel.CONFIG));
    Optional<LowRank.Spec> lowRank =
        form.equals(WITH_LOW_RANK)
            ? Optional.of(LowRankText.parse(text(file, LOW_RANK), file))
            : Optional.empty();
    EvalTransform preprocessing =
        ModelMetadata.preprocessing(file).orElseThrow(() -> lacks(file, "vit4j.preprocessing"));
    var labels = ModelMetadata.labels(file).orElse(List.of());
    try {
      String version = file.metadata().getOrDefault(VERSION, "unknown");
      return new TaskInfo(name, base, sha256, config, lowRank, preprocessing, labels, version);
    } catch (BadInputException e) {
      throw new BadInputException(file.source() + ": " + e.getMessage(), e);
    }
  }

  private static String text(Checkpoint file, String key) {
    String text = file.metadata().get(key);
    if (text == null) {
      throw lacks(file, key);
    }
    return text;
  }

  private static BadInputException lacks(Checkpoint file, String key) {
    return new BadInputException(
        "%s is a broken task file: its metadata lacks '%s'; write it anew with TaskFile.write"
            .formatted(file.source(), key));
  }
}
