package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills a batch's memory: row by row in any order, then as a whole. It has no state. */
final class BatchFiller {

  private static final long IMAGE_STREAM = 2;
  private static final long MIXING_STREAM = 3;

  private final BatchLoaderSettings settings;

  BatchFiller(BatchLoaderSettings settings) {
    this.settings = settings;
  }

  Slot newSlot() {
    return new Slot(
        settings.batch(),
        Math.multiplyExact(3 * settings.transform().height(), settings.transform().width()),
        settings.data().classes().size());
  }

  /** One row; what went wrong stays with the slot, because the thread must go on. */
  void load(Slot slot, int row) {
    int index = slot.indices[row];
    ImageDataset data = settings.data();
    try {
      slot.label(row, data.label(index));
      settings
          .transform()
          .apply(
              data.image(index),
              slot.row(row),
              RandomStreams.of(
                  settings.seed(), IMAGE_STREAM, slot.epoch, index, slot.repeats[row]));
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage());
      String name = data.name(index);
      slot.failed(
          row, message.contains(name) ? e : new BadInputException(name + ": " + message, e));
    } catch (Throwable e) {
      slot.failed(row, e);
    }
  }

  /**
   * Mixing and targets, after all rows.
   *
   * @return the images that are left out
   */
  List<UnreadableSample> finish(Slot slot) {
    List<UnreadableSample> skipped = new ArrayList<>();
    try {
      slot.failure = failure(slot, skipped);
      slot.compact();
      if (slot.failure == null) {
        if (slot.size > 0) {
          mix(slot);
        }
        if (settings.remainder() == Remainder.PAD) {
          slot.pad();
        }
      }
    } catch (Throwable e) {
      slot.failure = e;
    }
    return skipped;
  }

  private void mix(Slot slot) {
    FloatBuffer pixels = slot.pixels(slot.size).asFloatBuffer();
    FloatBuffer targets = slot.targets(slot.size).asFloatBuffer();
    settings
        .mixup()
        .apply(
            pixels,
            slot.labels(slot.size),
            targets,
            settings.transform().height(),
            settings.transform().width(),
            slot.classes,
            RandomStreams.of(settings.seed(), MIXING_STREAM, slot.epoch, slot.step));
  }

  /** What the batch ends with: the first problem, unless it may be skipped. */
  private @Nullable Throwable failure(Slot slot, List<UnreadableSample> skipped) {
    for (int row = 0; row < slot.indices.length; row++) {
      Throwable problem = slot.failure(row);
      if (problem == null) {
        continue;
      }
      if (!settings.skipsUnreadable() || !(problem instanceof BadInputException)) {
        return problem;
      }
      int index = slot.indices[row];
      skipped.add(
          new UnreadableSample(
              index, settings.data().name(index), String.valueOf(problem.getMessage())));
    }
    return null;
  }
}
