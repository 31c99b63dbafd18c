package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds positions to the patch tokens and puts the learned tokens before them: class, distillation,
 * registers, patches.
 *
 * <p>Where the class token has a position it is prepended first and the sum runs over both;
 * registers never have one.
 */
final class TokenEmbedding extends Part {

  private final @Nullable Parameter clsToken;
  private final @Nullable Parameter distToken;
  private final @Nullable Parameter regToken;
  private final @Nullable Parameter posEmbed;
  private final boolean clsPosition;
  private final float dropout;

  TokenEmbedding(ViTConfig config) {
    long d = config.width();
    clsPosition = config.classTokenPosition();
    dropout = (float) config.dropout();
    clsToken = config.classToken() ? token("cls_token", 1, d) : null;
    distToken = config.distillationToken() ? token("dist_token", 1, d) : null;
    regToken = config.registerTokens() > 0 ? token("reg_token", config.registerTokens(), d) : null;
    posEmbed = positions(config);
  }

  private Parameter token(String name, long count, long width) {
    Init init = new Init.TruncatedNormal(Init.STD);
    return weight(name, Parameter.Type.OTHER, Role.TOKEN, init, 1, count, width);
  }

  private @Nullable Parameter positions(ViTConfig config) {
    if (config.positionEmbedding() == PositionEmbedding.NONE) {
      return null;
    }
    boolean fixed = config.positionEmbedding() == PositionEmbedding.SIN_COS;
    Init init =
        fixed
            ? new Init.Given(() -> SinCosPositions.of(config))
            : new Init.TruncatedNormal(Init.STD);
    long count = config.prefixPositions() + config.patches();
    Parameter positions =
        weight("pos_embed", Parameter.Type.OTHER, Role.POS_EMBED, init, 1, count, config.width());
    if (fixed) {
      positions.freeze(true);
    }
    return positions;
  }

  @Override
  NDArray apply(Pass pass, NDArray patches) {
    List<Parameter> withPosition = new ArrayList<>();
    List<Parameter> without = new ArrayList<>();
    for (Parameter token : new @Nullable Parameter[] {clsToken, distToken}) {
      if (token != null) {
        (clsPosition ? withPosition : without).add(token);
      }
    }
    if (regToken != null) {
      without.add(regToken);
    }
    NDArray x = patches;
    if (posEmbed == null) {
      withPosition.addAll(without);
      return dropped(pass, prepend(pass, withPosition, x));
    }
    if (clsPosition && regToken != null) {
      // registers stand between the class token and the patches, but have no position
      NDArray positions = pass.view(posEmbed, x);
      long prefix = withPosition.size();
      NDList all = new NDList();
      for (int i = 0; i < withPosition.size(); i++) {
        all.add(expand(pass, withPosition.get(i), x).add(positions.get(":, {}:{}", i, i + 1)));
      }
      all.add(expand(pass, regToken, x));
      all.add(x.add(positions.get(":, {}:", prefix)));
      return dropped(pass, all.get(0).getNDArrayInternal().concat(all.subNDList(1), 1));
    }
    x = prepend(pass, withPosition, x).add(pass.get(posEmbed, x)); // (B, N, D) + (1, N, D)
    return dropped(pass, prepend(pass, without, x));
  }

  private static NDArray prepend(Pass pass, List<Parameter> tokens, NDArray x) {
    if (tokens.isEmpty()) {
      return x;
    }
    NDList all = new NDList();
    for (Parameter token : tokens) {
      all.add(expand(pass, token, x));
    }
    all.add(x);
    return all.get(0).getNDArrayInternal().concat(all.subNDList(1), 1); // -> (B, prefix + N, D)
  }

  private static NDArray expand(Pass pass, Parameter token, NDArray x) {
    NDArray view = pass.view(token, x);
    Shape shape = view.getShape();
    return view.broadcast(
        x.getShape().get(0), shape.get(1), shape.get(2)); // (1, n, D) -> (B, n, D)
  }

  private NDArray dropped(Pass pass, NDArray x) {
    return Dropout.apply(pass, x, dropout);
  }
}
