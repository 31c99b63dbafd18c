package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import java.util.Map;

/**
 * A family with a dictionary: timm's words for the parts of a sequential model on the left, its own
 * on the right. A key is a parameter, or a module whose weight and bias keep these names.
 */
abstract class TranslatedNames extends PieceNames {

  /** {@return what the names of the tower's tensors begin with} */
  abstract String tower();

  /** {@return what the names of a block's tensors begin with, after {@link #tower}} */
  abstract String blocks();

  /** {@return the words for what stands in the tower, but not in a block} */
  abstract Map<String, Word> inTower(ViTConfig config);

  /** {@return the words for what stands in a block} */
  abstract Map<String, Word> inBlock(ViTConfig config);

  /** {@return the words for what stands beside the tower: heads} */
  abstract Map<String, Word> beside(ViTConfig config);

  @Override
  final List<Piece> pieces(ViTParameter parameter, ViTConfig config) {
    long[] shape = parameter.shape().getShape();
    Place place = Place.of(parameter.path());
    if (place != null) {
      String owner = tower() + blocks() + place.block() + ".";
      String path = TimmNames.inSequentialBlock(place);
      return config.parallel() > 1 ? List.of() : translated(inBlock(config), owner, path, shape);
    }
    List<Piece> inside = translated(inTower(config), tower(), parameter.path(), shape);
    return inside.isEmpty() ? translated(beside(config), "", parameter.path(), shape) : inside;
  }

  private static List<Piece> translated(
      Map<String, Word> words, String owner, String path, long[] shape) {
    Word exact = words.get(path);
    if (exact != null) {
      return exact.pieces(owner, "", shape);
    }
    int dot = Math.max(path.lastIndexOf('.'), 0);
    Word module = words.get(path.substring(0, dot));
    return module == null ? List.of() : module.pieces(owner, path.substring(dot), shape);
  }
}
