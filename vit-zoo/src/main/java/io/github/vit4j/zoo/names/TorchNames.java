package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A family whose tensors are ours under other names: everything that comes from PyTorch. */
abstract class TorchNames implements NameConverter {

  /** {@return the name of a parameter of the encoder, or null if the family has none} */
  abstract @Nullable String inBlock(Place place, ViTConfig config);

  /** {@return the name of a parameter outside the encoder, or null if the family has none} */
  abstract @Nullable String outside(String path);

  /** {@return why the family may lack names for a model, and what to do} */
  abstract String remedy(ViTConfig config);

  /** {@return whether files of this family may hold this, though no parameter needs it} */
  abstract boolean harmless(String tensor);

  /** {@return the parameters that the family has no names for} */
  final List<String> nameless(VisionTransformer model) {
    List<String> nameless = new ArrayList<>();
    for (ViTParameter parameter : model.namedParameters()) {
      if (name(parameter, model.config()) == null) {
        nameless.add(parameter.path());
      }
    }
    return nameless;
  }

  @Override
  public final TensorMap map(VisionTransformer model) {
    ViTConfig config = model.config();
    List<String> nameless = nameless(model);
    if (!nameless.isEmpty()) {
      throw new BadInputException(
          "%s names have none for %s of this model's parameters, such as %s; %s"
              .formatted(family(), nameless.size(), nameless.get(0), remedy(config)));
    }
    return TensorMap.of(
        model,
        parameter ->
            List.of(
                Piece.whole(
                    String.valueOf(name(parameter, config)),
                    Layout.same(parameter.shape().getShape()))),
        tensor -> harmless(tensor) || (config.classes() == 0 && Heads.isPartOf(tensor)));
  }

  private @Nullable String name(ViTParameter parameter, ViTConfig config) {
    Place place = Place.of(parameter.path());
    if (place == null) {
      return outside(parameter.path());
    }
    String name = inBlock(place, config);
    return name == null ? null : "blocks." + place.block() + "." + name;
  }
}
