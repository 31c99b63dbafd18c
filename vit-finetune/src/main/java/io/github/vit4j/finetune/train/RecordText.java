package io.github.vit4j.finetune.train;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a choice is, in words that are the same in every process: those of a record, and "custom"
 * for anything else. What a lambda calls itself, and the order of a set, change from one process to
 * the next, also within a record.
 */
final class RecordText {

  private static final String OTHER = "custom";

  private RecordText() {}

  static String of(@Nullable Object thing) {
    if (thing instanceof Record fields) {
      return record(fields);
    }
    if (thing instanceof Collection<?> many) {
      List<String> texts = new ArrayList<>();
      many.forEach(each -> texts.add(of(each)));
      if (many instanceof Set) {
        texts.sort(null);
      }
      return texts.toString();
    }
    boolean plain =
        thing == null
            || thing instanceof Number
            || thing instanceof Boolean
            || thing instanceof String
            || thing instanceof Enum;
    return plain ? String.valueOf(thing) : OTHER;
  }

  private static String record(Record fields) {
    List<String> texts = new ArrayList<>();
    for (RecordComponent component : fields.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true); // the record may be a nested, private one
        texts.add(component.getName() + "=" + of(component.getAccessor().invoke(fields)));
      } catch (ReflectiveOperationException | RuntimeException e) {
        texts.add(component.getName() + "=" + OTHER); // of a module that is closed
      }
    }
    return fields.getClass().getSimpleName() + "[" + String.join(", ", texts) + "]";
  }
}
