package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three things, section 5: with the hMLP stem masking patches before the stem is masking their
 * tokens after it, which is what lets BEiT use it; a convolutional stem leaks into the neighbours.
 */
class PatchIndependenceTest extends WithManager {

  /** 4 x 5 patches of 16 pixels; the masked ones are 6, 7 and 19. */
  private static final Set<Integer> MASKED = Set.of(6, 7, 19);

  private static final int COLUMNS = 5;

  private static List<UnaryOperator<ViTBuilder>> independent() {
    return List.of(
        b -> b.hmlpStem(),
        b -> b.hmlpStem(StemNorm.LAYER_NORM),
        b -> b.hmlpStem(2, 2, 2, 2),
        b -> b.linearStem());
  }

  @ParameterizedTest
  @MethodSource("independent")
  void patchesStayIndependent(UnaryOperator<ViTBuilder> stem) {
    assertThat(changedTokens(stem)).isEqualTo(MASKED);
  }

  @Test
  void theConvolutionalStemLeaks() {
    for (StemNorm norm : StemNorm.values()) {
      Set<Integer> changed = changedTokens(b -> b.convStem(norm));

      // 3x3 convolutions with padding 1 and stride 2 look back, never ahead of their own patch
      assertThat(changed).isEqualTo(Set.of(6, 7, 8, 11, 12, 13, 19));
    }
  }

  private Set<Integer> changedTokens(UnaryOperator<ViTBuilder> stemOf) {
    ViTConfig config =
        stemOf.apply(ViT.builder().width(64).heads(4).imageSize(64, COLUMNS * 16)).config();
    PatchStem stem = PatchStem.of(config);
    stem.collect("", -1, -1, 7, new ArrayList<>());
    NDArray images = Images.of(manager, config, 1);
    stem.initialize(manager, DataType.FLOAT32, images.getShape());
    NDArray masked = images.duplicate();
    for (int patch : MASKED) {
      int y = patch / COLUMNS * 16;
      int x = patch % COLUMNS * 16;
      masked.set(new NDIndex(":, :, {}:{}, {}:{}", y, y + 16, x, x + 16), 0f);
    }

    Pass pass = Pass.of(new ParameterStore(manager, false), false);
    float[] before = stem.apply(pass, images).toFloatArray();
    float[] after = stem.apply(pass, masked).toFloatArray();

    Set<Integer> changed = new TreeSet<>();
    for (int i = 0; i < before.length; i++) {
      if (before[i] != after[i]) {
        changed.add(i / 64);
      }
    }
    assertThat(before).hasSize(20 * 64);
    return changed;
  }
}
