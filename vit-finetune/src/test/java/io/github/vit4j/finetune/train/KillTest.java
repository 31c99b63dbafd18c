package io.github.vit4j.finetune.train;

import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments, and the weights come out the same, bit for bit. */
class KillTest {

  @TempDir Path folder;

  @Test
  void killedAtRandomMomentsItComesToTheSameBits() throws Exception {
    KilledProcess run = new KilledProcess(KilledRun.class, folder.resolve("killed"));
    run.killAtRandomMoments(6);

    Path whole = folder.resolve("whole");
    try (ViTModel model = Tiny.model()) {
      KilledRun.tuner(model, whole).fit().close();
    }

    run.endsLike(whole, List.of(RunFolder.LAST, RunFolder.BEST));
  }
}
