package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.zoo.registry.LabelSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassNamesTest {

  @ParameterizedTest
  @EnumSource
  void aSetHasAsManyDistinctClassesAsItsHeads(LabelSet set) {
    List<Label> labels = ClassNames.of(set);
    assertThat(labels).hasSize(set.classes());
    assertThat(labels.stream().map(Label::id).distinct()).hasSize(set.classes());
    assertThat(labels).allMatch(label -> !label.name().isBlank());
  }

  /** Well-known indices of the challenge's classes. */
  @Test
  void imageNet1kIsInTheOrderOfTheLogits() {
    List<Label> labels = ClassNames.of(LabelSet.IMAGENET_1K);
    assertThat(labels.get(0)).isEqualTo(new Label("n01440764", "tench, Tinca tinca"));
    assertThat(labels.get(207).name()).isEqualTo("golden retriever");
    assertThat(labels.get(281).name()).startsWith("tabby");
    assertThat(labels.get(388).name()).startsWith("giant panda");
    assertThat(labels.get(985).name()).isEqualTo("daisy");
    assertThat(labels.get(999).name()).startsWith("toilet tissue");
  }
}
