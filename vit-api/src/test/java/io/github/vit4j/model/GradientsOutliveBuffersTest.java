package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.Spread;
import io.github.vit4j.compute.AttentionRoute;
import io.github.vit4j.compute.LinearRoute;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the backward pass reads must not lie in a Java buffer that nobody holds any more. DJL's
 * {@code mul(Number)} leaves such a scalar behind: a collection at the wrong moment then multiplies
 * the gradient by garbage, about once in a thousand steps.
 */
class GradientsOutliveBuffersTest {

  private static final Routes ROUTES = new Routes(LinearRoute.ONEDNN, AttentionRoute.FUSED);

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void aCollectionBeforeTheBackwardPassChangesNothing(ViTConfig config) throws Exception {
    assertUndisturbed(config, false);
  }

  @Test
  void norWithLowRankBranches() throws Exception {
    assertUndisturbed(Spread.small().parallel(2).config(), true);
  }

  private static void assertUndisturbed(ViTConfig config, boolean lowRank) throws Exception {
    Map<String, float[]> undisturbed = gradients(config, lowRank, false);
    Map<String, float[]> disturbed = gradients(config, lowRank, true);
    assertThat(disturbed.keySet()).isEqualTo(undisturbed.keySet());
    undisturbed.forEach(
        (path, gradient) -> assertThat(disturbed.get(path)).as(path).isEqualTo(gradient));
  }

  private static Map<String, float[]> gradients(ViTConfig config, boolean lowRank, boolean disturb)
      throws InterruptedException {
    try (NDManager manager = NDManager.newBaseManager()) {
      VisionTransformer vit = new VisionTransformer(config, 0, false, ROUTES);
      vit.initialize(manager);
      if (lowRank) {
        vit.lowRank().add(2, 3, EnumSet.allOf(LowRank.Layer.class));
        vit.trainable().stream()
            .filter(p -> p.role() == Role.ADAPTER)
            .forEach(p -> p.array().set(Images.normal(manager, 7, p.shape()).toFloatArray()));
      }
      NDArray images = Images.of(manager, config, Images.batchForOneDnn(config));
      List<ByteBuffer> garbage = new ArrayList<>();
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray out =
            vit.forward(new ParameterStore(manager, false), new NDList(images), false)
                .singletonOrThrow();
        NDArray loss = out.square().mean();
        if (disturb) {
          garbage.addAll(reuseFreedMemory());
        }
        collector.backward(loss);
      }
      assertThat(garbage.isEmpty()).isNotEqualTo(disturb);
      Map<String, float[]> gradients = new LinkedHashMap<>();
      for (ViTParameter p : vit.namedParameters()) {
        if (p.parameter().requiresGradient() && p.array().hasGradient()) {
          gradients.put(p.path(), p.array().getGradient().toFloatArray());
        }
      }
      return gradients;
    }
  }

  /** Frees what is unreachable and fills memory of all small sizes with large numbers. */
  static List<ByteBuffer> reuseFreedMemory() throws InterruptedException {
    System.gc();
    Thread.sleep(20); // buffers are freed by a thread of their own
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 << (i % 8));
      while (buffer.remaining() >= Float.BYTES) {
        buffer.putInt(0x6f6f6f6f); // 7e28, whatever the byte order
      }
      garbage.add(buffer);
    }
    return garbage;
  }
}
