package io.github.vit4j.finetune.optim;

import ai.djl.nn.Parameter;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Says for each parameter how fast it learns and how much it decays. Immutable; each verb gives a
 * new one.
 *
 * <pre>{@code
 * ParameterGroups.of(vit.trainable())
 *     .weightDecay(0.05)
 *     .layerDecay(vit, 0.75)
 *     .rate(10, p -> p.role() == Role.HEAD);
 * }</pre>
 *
 * <p>By default nothing decays. {@link #weightDecay(double)} reaches the weights of linear layers
 * and convolutions alone: not biases, norms, LayerScale, tokens, position embeddings or tables of
 * relative positions. That is timm's rule ({@code param_groups_weight_decay} with {@code
 * no_weight_decay}), except that timm also decays the attention pool's latent, and in older
 * releases register tokens, which do not stand in that list.
 */
public final class ParameterGroups {

  private record Setting(double rateScale, double weightDecay) {}

  private final Map<ViTParameter, Setting> settings;

  private ParameterGroups(Map<ViTParameter, Setting> settings) {
    this.settings = settings;
  }

  /**
   * {@return groups in which all parameters learn alike and none decays}
   *
   * @param parameters the parameters, such as {@code vit.trainable()}
   */
  public static ParameterGroups of(List<ViTParameter> parameters) {
    Map<ViTParameter, Setting> settings = new LinkedHashMap<>();
    parameters.forEach(p -> settings.put(p, new Setting(1, 0)));
    return new ParameterGroups(settings);
  }

  /** {@return whether a parameter is the weight of a linear layer or of a convolution} */
  static boolean decays(ViTParameter p) {
    return p.parameter().getType() == Parameter.Type.WEIGHT;
  }

  /**
   * {@return the same with weight decay on the weights of linear layers and convolutions}
   *
   * @param decay how much
   */
  public ParameterGroups weightDecay(double decay) {
    return weightDecay(decay, ParameterGroups::decays);
  }

  /**
   * {@return the same with another weight decay on the head's weights; its bias keeps none}
   *
   * @param decay how much; Scaling Vision Transformers has 3, and .03 on the body
   */
  public ParameterGroups headDecay(double decay) {
    return weightDecay(decay, p -> p.role() == Role.HEAD && decays(p));
  }

  /**
   * {@return the same with weight decay on the parameters that the rule chooses; the others keep
   * theirs}
   *
   * @param decay how much
   * @param where which parameters
   */
  public ParameterGroups weightDecay(double decay, Predicate<ViTParameter> where) {
    return with((p, old) -> where.test(p) ? new Setting(old.rateScale, decay) : old);
  }

  /**
   * {@return the same with another learning rate for the parameters that the rule chooses}
   *
   * @param scale what their rate is multiplied by, on top of what it was multiplied by before
   * @param where which parameters
   */
  public ParameterGroups rate(double scale, Predicate<ViTParameter> where) {
    return rate(p -> where.test(p) ? scale : 1);
  }

  /**
   * Layer-wise learning-rate decay as in BEiT (Bao et al. 2021): of {@code depth + 2} layers, stem
   * and embeddings are layer 0, block {@code i} is layer {@code i + 1}, and all that follows the
   * blocks is the last; a layer's rate is multiplied by {@code decay^(depth + 1 - layer)}, so the
   * head's stays. Other than in BEiT's code, a table of relative positions that all blocks share
   * counts as an embedding, as in timm.
   *
   * @param vit the model that the parameters belong to
   * @param decay 1 for no decay; BEiT fine-tunes with 0.65 (B) and 0.75 (L)
   * @return the same with rates that fall towards the stem
   * @throws BadInputException if a parameter does not belong to the model
   */
  public ParameterGroups layerDecay(VisionTransformer vit, double decay) {
    Map<ViTParameter, Integer> layers = new LinkedHashMap<>();
    boolean inBlocks = false;
    int last = vit.config().depth() + 1;
    for (ViTParameter p : vit.namedParameters()) {
      inBlocks |= p.block() >= 0;
      layers.put(p, p.block() >= 0 ? p.block() + 1 : inBlocks ? last : 0);
    }
    return rate(
        p -> {
          Integer layer = layers.get(p);
          if (layer == null) {
            throw new BadInputException(
                p.path() + " is not of this model; give the model whose parameters are grouped");
          }
          return Math.pow(decay, last - layer);
        });
  }

  private ParameterGroups rate(ToDoubleFunction<ViTParameter> scale) {
    return with((p, old) -> new Setting(old.rateScale * scale.applyAsDouble(p), old.weightDecay));
  }

  private ParameterGroups with(Change change) {
    Map<ViTParameter, Setting> changed = new LinkedHashMap<>();
    settings.forEach((p, old) -> changed.put(p, change.of(p, old)));
    return new ParameterGroups(changed);
  }

  @FunctionalInterface
  private interface Change {
    Setting of(ViTParameter p, Setting old);
  }

  /** {@return the groups: one for each pair of rate scale and decay, in the order of parameters} */
  public List<ParameterGroup> list() {
    Map<Setting, List<ViTParameter>> members = new LinkedHashMap<>();
    settings.forEach((p, s) -> members.computeIfAbsent(s, x -> new ArrayList<>()).add(p));
    List<ParameterGroup> groups = new ArrayList<>();
    members.forEach((s, ps) -> groups.add(new ParameterGroup(ps, s.rateScale, s.weightDecay)));
    return groups;
  }
}
