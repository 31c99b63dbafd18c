package io.github.vit4j.image;

import com.google.gson.annotations.SerializedName;
import io.github.vit4j.error.BadInputException;
import java.util.Locale;

/** How the evaluation transform brings an image of any shape to the model's input size. */
public enum CropMode {
  /** Scale with the aspect kept until the short side fits, then cut out the centre. */
  @SerializedName("center")
  CENTER,
  /** Scale each side on its own, then cut out the centre; with a crop ratio of 1 nothing is cut. */
  @SerializedName("squash")
  SQUASH;

  /**
   * @param name as timm's configurations write it: {@code center} or {@code squash}; case does not
   *     matter
   * @return the mode
   * @throws BadInputException if there is none of that name
   */
  public static CropMode named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "center" -> CENTER;
      case "squash" -> SQUASH;
      default ->
          throw new BadInputException(
              "There is no crop mode '%s': use center or squash.".formatted(name));
    };
  }
}
