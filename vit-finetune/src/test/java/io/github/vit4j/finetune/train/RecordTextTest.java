package io.github.vit4j.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.LastBlocks;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A run that goes on in another process compares these words. */
class RecordTextTest {

  private record Mine(String what, Set<Integer> numbers, Runnable job) {}

  @Test
  void recordsSayWhatTheyAre() {
    assertThat(RecordText.of(new LoRA(8))).isEqualTo("LoRA[rank=8, alpha=8.0, layers=[QKV]]");
    Set<LowRank.Layer> both = Set.of(LowRank.Layer.PROJ, LowRank.Layer.QKV);
    assertThat(RecordText.of(new LoRA(8, 8, both)))
        .isEqualTo("LoRA[rank=8, alpha=8.0, layers=[PROJ, QKV]]");
    FreezeAllButAttention attention = new FreezeAllButAttention();
    assertThat(RecordText.of(attention)).isEqualTo(attention.toString());
  }

  @Test
  void whatDiffersBetweenProcessesIsLeftOut() {
    FineTuneStrategy positions = p -> p.role() == Role.POS_EMBED;
    assertThat(RecordText.of(positions)).isEqualTo("custom");
    String both = RecordText.of(new LastBlocks(2).or(positions));
    assertThat(both).contains("LastBlocks[").contains("=custom").doesNotContain("Lambda");
    assertThat(RecordText.of(new Mine("a", Set.of(3, 1, 2), () -> {})))
        .isEqualTo("Mine[what=a, numbers=[1, 2, 3], job=custom]");
  }
}
