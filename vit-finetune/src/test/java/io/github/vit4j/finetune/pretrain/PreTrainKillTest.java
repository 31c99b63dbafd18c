package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.finetune.train.KilledProcess;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments, and pre-training comes out the same, bit for bit. */
class PreTrainKillTest {

  @TempDir Path folder;

  @Test
  void killedAtRandomMomentsItComesToTheSameBits() throws Exception {
    KilledProcess run = new KilledProcess(KilledPreTraining.class, folder.resolve("killed"));
    run.killAtRandomMoments(5);

    Path whole = folder.resolve("whole");
    try (ViTModel model = KilledPreTraining.model()) {
      KilledPreTraining.trainer(model, whole).fit().close();
    }

    run.endsLike(
        whole, List.of("last.safetensors", "pretrained.safetensors", "pictures/epoch-0008.png"));
  }
}
