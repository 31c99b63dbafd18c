package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A family whose tensors are ours under other names: what is near to timm. */
abstract class TorchNames extends PieceNames {

  /** {@return the name of a parameter of the encoder, or null if the family has none} */
  abstract @Nullable String inBlock(Place place, ViTConfig config);

  /** {@return the name of a parameter outside the encoder, or null if the family has none} */
  abstract @Nullable String outside(String path, ViTConfig config);

  /** {@return whether files of this family may hold this, beside a head that is not wanted} */
  abstract boolean harmless(String tensor);

  /** {@return what every name begins with} */
  String prefix() {
    return "";
  }

  /** {@return what the names of a block's parameters begin with} */
  String block(int index) {
    return "blocks." + index + ".";
  }

  @Override
  final List<Piece> pieces(ViTParameter parameter, ViTConfig config) {
    Place place = Place.of(parameter.path());
    String rest = place == null ? outside(parameter.path(), config) : inBlock(place, config);
    if (rest == null) {
      return List.of();
    }
    String name = prefix() + (place == null ? "" : block(place.block())) + rest;
    return List.of(Piece.whole(name, Layout.same(parameter.shape().getShape())));
  }

  @Override
  final boolean harmless(String tensor, ViTConfig config) {
    boolean head =
        tensor.startsWith(prefix()) && Heads.isPartOf(tensor.substring(prefix().length()));
    return harmless(tensor) || (config.classes() == 0 && head);
  }
}
