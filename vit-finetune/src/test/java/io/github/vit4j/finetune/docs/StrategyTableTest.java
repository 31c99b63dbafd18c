package io.github.vit4j.finetune.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.finetune.strategy.BiasOnly;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.FreezeAllButFeedForward;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.finetune.strategy.LastBlocks;
import io.github.vit4j.finetune.strategy.LinearProbe;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.finetune.strategy.NormOnly;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The numbers of docs/fine-tuning.md, computed: ViT-Ti, S and B/16 at 224 pixels, 100 classes. */
class StrategyTableTest {

  @Test
  void theDocumentHasTheseNumbers() throws IOException {
    Map<String, FineTuneStrategy> strategies = new LinkedHashMap<>();
    strategies.put("FullFineTuning()", new FullFineTuning());
    strategies.put("FreezeAllButFeedForward()", new FreezeAllButFeedForward());
    strategies.put("FreezeAllButAttention()", new FreezeAllButAttention());
    strategies.put("LastBlocks(2)", new LastBlocks(2));
    strategies.put("LoRA(8)", new LoRA(8));
    strategies.put("BiasOnly()", new BiasOnly());
    strategies.put("NormOnly()", new NormOnly());
    strategies.put("LinearProbe()", new LinearProbe());
    String document = Files.readString(Path.of("../docs/fine-tuning.md"));

    strategies.forEach(
        (name, strategy) -> assertThat(document).contains(name + "` | " + shares(strategy)));
  }

  private static String shares(FineTuneStrategy strategy) {
    StringBuilder cells = new StringBuilder();
    for (ViTBuilder builder :
        List.of(ViT.builder().tiny(), ViT.builder().small(), ViT.builder().base())) {
      VisionTransformer vit = builder.classes(100).build();
      long all = vit.summary().parameters();
      strategy.applyTo(vit);
      long trained = vit.trainable().stream().mapToLong(ViTParameter::size).sum();
      cells.append(
          String.format(Locale.ROOT, "%.2f M, %.1f %% | ", trained / 1e6, 100.0 * trained / all));
    }
    return cells.toString();
  }
}
