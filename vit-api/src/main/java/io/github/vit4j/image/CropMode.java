package io.github.vit4j.image;

import com.google.gson.annotations.SerializedName;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.util.Locale;

/** How the evaluation transform brings an image of any shape to the model's input size. */
public enum CropMode {
  /** Scale with the aspect kept until the short side fits, then cut out the centre. */
  @SerializedName("center")
  CENTER,
  /**
   * As {@link #CENTER}, but where an odd number of pixels is cut off, the smaller half goes first,
   * as transformers does; torchvision, and so timm, rounds the half to even.
   */
  @SerializedName("center_floor")
  CENTER_FLOOR,
  /** Scale each side on its own, then cut out the centre; with a crop ratio of 1 nothing is cut. */
  @SerializedName("squash")
  SQUASH;

  /**
   * @param name as configurations write it: {@code center}, {@code center_floor} or {@code squash};
   *     case does not matter
   * @return the mode
   * @throws BadInputException if there is none of that name
   */
  public static CropMode named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "center" -> CENTER;
      case "center_floor" -> CENTER_FLOOR;
      case "squash" -> SQUASH;
      default ->
          throw new BadInputException(
              "There is no crop mode %s: use center, center_floor or squash."
                  .formatted(Shown.quoted(name)));
    };
  }

  /** Where the crop begins: at half the surplus, or before the image if it is too small. */
  int offset(int scaled, int target) {
    if (scaled < target) {
      return -((target - scaled) / 2);
    }
    return this == CENTER_FLOOR ? (scaled - target) / 2 : (int) Math.rint((scaled - target) / 2.0);
  }
}
