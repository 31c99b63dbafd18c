package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.zoo.Label;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Finds a model's class by id or name. */
final class ClassLookup {

  private static final int SHOWN = 3;
  private static final int AMBIGUOUS = -1;

  private final List<Label> labels;
  private final Map<String, Integer> byId = new HashMap<>();
  private final Map<String, Integer> byName = new HashMap<>();

  ClassLookup(List<Label> labels) {
    this.labels = labels;
    for (int i = 0; i < labels.size(); i++) {
      // some of ImageNet's names stand for two classes
      byId.merge(key(labels.get(i).id()), i, (a, b) -> AMBIGUOUS);
      byName.merge(key(labels.get(i).name()), i, (a, b) -> AMBIGUOUS);
    }
  }

  private static String key(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** The class of each image. */
  int[] indices(LabelledFiles data) {
    int[] indices = new int[data.size()];
    TreeSet<String> unknown = new TreeSet<>();
    TreeSet<String> all = new TreeSet<>();
    int images = 0;
    for (int i = 0; i < indices.length; i++) {
      LabelledFile file = data.files().get(i);
      all.add(file.label());
      Integer found = byId.getOrDefault(key(file.label()), byName.get(key(file.label())));
      if (found == null) {
        unknown.add(file.label());
        images++;
      } else if (found == AMBIGUOUS) {
        throw new BadInputException(
            "label '%s' (%s) stands for several of the model's classes; label by id"
                .formatted(file.label(), file.file()));
      } else {
        indices[i] = found;
      }
    }
    if (!unknown.isEmpty()) {
      throw new BadInputException(
          "%d of %d labels (%d of %d images) are none of the model's %d classes: %s; the model knows %s"
              .formatted(
                  unknown.size(),
                  all.size(),
                  images,
                  data.size(),
                  labels.size(),
                  some(List.copyOf(unknown)),
                  some(labels.stream().map(ClassLookup::shown).toList())));
    }
    return indices;
  }

  private static String shown(Label label) {
    return label.id().equals(label.name()) ? label.id() : label.id() + " (" + label.name() + ")";
  }

  private static String some(List<String> texts) {
    String shown = String.join(", ", texts.subList(0, Math.min(SHOWN, texts.size())));
    return texts.size() > SHOWN ? shown + ", ..." : shown;
  }
}
