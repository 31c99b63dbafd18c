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
import org.jspecify.annotations.Nullable;

/** Finds a model's class by id or name. */
final class ClassLookup {

  private static final int SHOWN = 3;
  private static final int AMBIGUOUS = -1;

  private final List<Label> labels;
  private final Texts ids = new Texts();
  private final Texts names = new Texts();

  ClassLookup(List<Label> labels) {
    this.labels = labels;
    for (int i = 0; i < labels.size(); i++) {
      ids.add(labels.get(i).id(), i);
      names.add(labels.get(i).name(), i);
    }
  }

  /** Classes by a text, in either case unless two classes differ in nothing else, as letters do. */
  private static final class Texts {
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> folded = new HashMap<>();

    void add(String text, int index) {
      // some of ImageNet's names stand for two classes
      exact.merge(text.strip(), index, (a, b) -> AMBIGUOUS);
      folded.merge(key(text), index, (a, b) -> AMBIGUOUS);
    }

    @Nullable Integer find(String text) {
      Integer found = exact.get(text.strip());
      return found == null ? folded.get(key(text)) : found;
    }

    private static String key(String text) {
      return text.strip().toLowerCase(Locale.ROOT);
    }
  }

  private @Nullable Integer find(String text) {
    Integer byId = ids.find(text);
    return byId == null ? names.find(text) : byId;
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
      Integer found = find(file.label());
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
