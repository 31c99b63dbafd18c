package io.github.vit4j.finetune.task;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a task file with options; {@link TaskFile#write} does without. */
public final class TaskWriter {

  private final ViTModel tuned;
  private final BaseDigest base;
  private final Set<Role> always = EnumSet.noneOf(Role.class);
  private @Nullable String name;
  private TensorType floatsAs = TensorType.F32;

  TaskWriter(ViTModel tuned, BaseDigest base) {
    this.tuned = tuned;
    this.base = base;
  }

  /**
   * Names the task.
   *
   * @param name default the file's name without {@code .task.safetensors}
   * @return this
   */
  public TaskWriter name(String name) {
    this.name = name;
    return this;
  }

  /**
   * Writes the weights of these roles, also where they are still the base's.
   *
   * @param roles default none: what differs is written, and nothing else
   * @return this
   */
  public TaskWriter always(Role... roles) {
    always.addAll(List.of(roles));
    return this;
  }

  /**
   * Rounds the weights. {@link TensorType#F16} and {@link TensorType#BF16} halve the file, not the
   * memory, and the task's logits are then not quite those of the tuned model: values keep 11 or 8
   * significant bits.
   *
   * @param type F32, F16 or BF16; default F32, which loses nothing
   * @return this
   */
  public TaskWriter floatsAs(TensorType type) {
    floatsAs = type;
    return this;
  }

  /**
   * Writes the file. It is complete or not there at all, and one that was there stays until the new
   * one is complete.
   *
   * @param file replaced if it exists
   * @throws BadInputException if the tuned model is of another architecture than the base, or a
   *     finite value is too large for the type of choice; or if the file cannot be written
   */
  public void write(Path file) {
    TaskInfo info =
        new TaskInfo(
            name == null ? taskName(file) : name,
            base.name(),
            base.sha256(),
            tuned.network().config(),
            tuned.network().lowRank().unmerged(),
            tuned.preprocessing(),
            tuned.labels(),
            TaskMetadata.libraryVersion());
    SameBackbone.require(base.config(), info.config());
    List<TensorSource> own =
        tuned.network().namedParameters().stream()
            .filter(p -> always.contains(p.role()) || !base.holds(p))
            .map(TaskWriter::source)
            .toList();
    SafeTensors.write(file, TaskMetadata.write(info), own, floatsAs);
  }

  private static TensorSource source(ViTParameter p) {
    return TensorSource.of(p.path(), p.array());
  }

  private static String taskName(Path file) {
    Path last = file.getFileName();
    return last == null ? "" : last.toString().replaceAll("(\\.task)?\\.safetensors$", "");
  }
}
