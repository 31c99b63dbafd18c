package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.List;

/** A family that may lack names for some parameters, and says so for all of them at once. */
abstract class PieceNames implements NameConverter {

  /** {@return what makes a parameter in a file, or nothing if the family has no name for it} */
  abstract List<Piece> pieces(ViTParameter parameter, ViTConfig config);

  /** {@return why the family may lack names for a model, and what to do} */
  abstract String remedy(ViTConfig config);

  /** {@return whether files of this family may hold this, though no parameter needs it} */
  abstract boolean harmless(String tensor, ViTConfig config);

  /** {@return whether files of this family leave a parameter out because it is zero in them} */
  boolean zeroInFiles(String path) {
    return false;
  }

  /** {@return the parameters that the family has no names for} */
  final List<String> nameless(VisionTransformer model) {
    return nameless(model, parameter -> pieces(parameter, model.config()));
  }

  private static List<String> nameless(VisionTransformer model, TensorMap.Pieces pieces) {
    List<String> nameless = new ArrayList<>();
    for (ViTParameter parameter : model.namedParameters()) {
      if (pieces.of(parameter).isEmpty()) {
        nameless.add(parameter.path());
      }
    }
    return nameless;
  }

  @Override
  public final TensorMap map(VisionTransformer model) {
    return map(model, parameter -> pieces(parameter, model.config()));
  }

  @Override
  public final TensorMap mapForReading(VisionTransformer model) {
    return map(
        model,
        parameter -> {
          List<Piece> named = pieces(parameter, model.config());
          return named.isEmpty() && zeroInFiles(parameter.path())
              ? List.of(Piece.zeros(Layout.same(parameter.shape().getShape())))
              : named;
        });
  }

  private TensorMap map(VisionTransformer model, TensorMap.Pieces pieces) {
    ViTConfig config = model.config();
    List<String> nameless = nameless(model, pieces);
    if (!nameless.isEmpty()) {
      throw new BadInputException(
          "%s names have none for %s of this model's parameters, such as %s; %s"
              .formatted(family(), nameless.size(), nameless.get(0), remedy(config)));
    }
    return TensorMap.of(model, pieces, tensor -> harmless(tensor, config));
  }
}
