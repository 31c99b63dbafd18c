package io.github.vit4j.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.zoo.Label;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassLookupTest {

  private static int[] indices(List<Label> classes, String... labels) {
    List<LabelledFile> files =
        Arrays.stream(labels).map(label -> new LabelledFile(Path.of("x.png"), label)).toList();
    return new ClassLookup(classes).indices(new LabelledFiles(files));
  }

  @Test
  void classesMayDifferInCaseAlone() {
    assertThat(indices(Label.named(List.of("A", "B", "a")), "A", "a", "b"))
        .containsExactly(0, 2, 1);
  }

  @Test
  void aNameOfTwoClassesStandsForNeither() {
    List<Label> cranes = List.of(new Label("n1", "crane"), new Label("n2", "Crane"));
    assertThat(indices(cranes, "N2", "crane", "Crane")).containsExactly(1, 0, 1);
    assertThatThrownBy(() -> indices(cranes, "CRANE"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("several");
    List<Label> same = List.of(new Label("n1", "crane"), new Label("n2", "crane"));
    assertThatThrownBy(() -> indices(same, "crane")).isInstanceOf(BadInputException.class);
  }
}
