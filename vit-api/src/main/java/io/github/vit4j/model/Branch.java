package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.config.ViTConfig;
import org.jspecify.annotations.Nullable;

/**
 * One residual branch without its residual: {@code dropPath(ls(f(norm(x))))}, with {@code f} an
 * attention or a feed-forward network. Each branch has its own norm, LayerScale and draw of
 * stochastic depth.
 */
final class Branch extends Part {

  private final int index;
  private final LayerNorm norm;
  private final Part f;
  private final @Nullable LayerScale ls;
  private final float dropPath;

  Branch(ViTConfig config, int block, int index, String name, Part f) {
    this.index = index;
    this.f = f;
    dropPath = (float) config.dropPathAt(block);
    norm = part("norm", new LayerNorm(Role.NORM, config.width(), config.normEps()));
    part(name, f);
    Double init = config.layerScale();
    ls = init == null ? null : part("ls", new LayerScale(config.width(), init));
  }

  @Override
  int branchIndex() {
    return index;
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    return Scope.run(
        x,
        in -> {
          NDArray y = f.apply(pass, norm.apply(pass, in));
          NDArray scaled = ls == null ? y : ls.apply(pass, y);
          return Dropout.path(pass, scaled, dropPath);
        });
  }
}
