package io.github.vit4j.finetune.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.VisionTransformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who decays, and who learns how fast. Models need no values for that. */
class ParameterGroupsTest {

  private static ParameterGroup at(Map<String, ParameterGroup> groups, String path) {
    return requireNonNull(groups.get(path));
  }

  private static Map<String, ParameterGroup> byPath(ParameterGroups groups) {
    Map<String, ParameterGroup> byPath = new HashMap<>();
    groups.list().forEach(g -> g.parameters().forEach(p -> byPath.put(p.path(), g)));
    return byPath;
  }

  @Test
  void onlyWeightsOfLinearLayersAndConvolutionsDecay() {
    VisionTransformer vit =
        ViT.builder().tiny().hmlpStem().layerScale(1e-4).registerTokens(2).qkNorm().build();

    List<ParameterGroup> groups = ParameterGroups.of(vit.trainable()).weightDecay(.05).list();

    assertThat(groups).hasSize(2);
    for (ParameterGroup group : groups) {
      for (var p : group.parameters()) {
        boolean product = p.path().endsWith(".weight") && p.shape().dimension() > 1;
        assertThat(group.weightDecay()).as(p.path()).isEqualTo(product ? .05 : 0);
        assertThat(group.rateScale()).isEqualTo(1);
      }
    }
    assertThat(groups.stream().mapToInt(g -> g.parameters().size()).sum())
        .isEqualTo(vit.trainable().size());
  }

  /** BEiT: 12 blocks make 14 layers, and layer i has decay^(13 - i). */
  @Test
  void ratesFallTowardsTheStem() {
    VisionTransformer vit = ViT.builder().tiny().preNorm().pooling(Pooling.MAP).build();

    Map<String, ParameterGroup> groups =
        byPath(ParameterGroups.of(vit.trainable()).weightDecay(.1).layerDecay(vit, .65));

    assertThat(at(groups, "head.weight").rateScale()).isEqualTo(1);
    assertThat(at(groups, "norm.weight").rateScale()).isEqualTo(1);
    assertThat(at(groups, "attn_pool.latent").rateScale()).isEqualTo(1);
    assertThat(at(groups, "blocks.11.ffns.0.mlp.fc2.bias").rateScale()).isEqualTo(.65);
    assertThat(at(groups, "blocks.0.attns.0.norm.weight").rateScale())
        .isEqualTo(Math.pow(.65, 12), within(1e-12));
    for (String first : List.of("pos_embed", "patch_embed.proj.weight")) {
      assertThat(at(groups, first).rateScale()).isEqualTo(Math.pow(.65, 13), within(1e-12));
    }
    assertThat(at(groups, "norm_pre.weight").rateScale()).isEqualTo(Math.pow(.65, 13));
    assertThat(at(groups, "head.weight").weightDecay()).isEqualTo(.1);
    assertThat(at(groups, "head.bias").weightDecay()).isZero();
  }

  @Test
  void scalesMultiply() {
    VisionTransformer vit = ViT.builder().tiny().build();

    Map<String, ParameterGroup> groups =
        byPath(
            ParameterGroups.of(vit.trainable())
                .rate(10, p -> p.role() == Role.HEAD)
                .rate(.5, p -> p.block() < 0));

    assertThat(at(groups, "head.weight").rateScale()).isEqualTo(5);
    assertThat(at(groups, "pos_embed").rateScale()).isEqualTo(.5);
    assertThat(at(groups, "blocks.3.attns.0.attn.qkv.weight").rateScale()).isEqualTo(1);
  }

  @Test
  void anotherModelsParametersAreRefused() {
    VisionTransformer vit = ViT.builder().tiny().build();
    VisionTransformer other = ViT.builder().tiny().build();

    assertThatThrownBy(() -> ParameterGroups.of(vit.trainable()).layerDecay(other, .75))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is not of this model");
    assertThatThrownBy(() -> ParameterGroups.of(vit.trainable()).weightDecay(-1).list())
        .isInstanceOf(BadInputException.class);
  }
}
