package io.github.vit4j.finetune.data;

import io.github.vit4j.image.RgbImage;
import java.util.List;

/**
 * Images with their classes, in a fixed order. Many threads may read from one data set.
 *
 * <p>Images are decoded when they are asked for; whatever else is known is known at once.
 */
public interface ImageDataset {

  /** {@return how many images there are, at least 1} */
  int size();

  /** {@return the names of the classes; a label is an index into this list} */
  List<String> classes();

  /**
   * {@return the class of an image}
   *
   * @param index 0 to size - 1
   */
  int label(int index);

  /**
   * {@return what messages call an image: its file, or its place in an archive}
   *
   * @param index 0 to size - 1
   */
  String name(int index);

  /**
   * {@return a number that is another one after the image has been changed, as far as that can be
   * told without decoding it: 0 where nothing but the name is known}
   *
   * <p>Of a file it is made of size and time of change, of an image in memory of its bytes. What
   * was computed from the images is kept under it.
   *
   * @param index 0 to size - 1
   */
  default long stamp(int index) {
    return 0;
  }

  /**
   * {@return an image, decoded}
   *
   * @param index 0 to size - 1
   * @throws io.github.vit4j.error.BadInputException if it cannot be read or is broken; the message
   *     names it
   */
  RgbImage image(int index);

  /**
   * {@return some of the images, in the order given, with all the classes}
   *
   * @param indices at least one of 0 to size - 1; may repeat
   * @throws io.github.vit4j.error.BadInputException if there is none, or one is out of range
   */
  default ImageDataset subset(int... indices) {
    return new SubsetImages(this, indices);
  }

  /**
   * {@return the same with the decoded images kept in memory, up to a limit}
   *
   * @param maxBytes how much may be kept: 3 a pixel; further images are decoded every time
   */
  default ImageDataset cached(long maxBytes) {
    return new CachedImages(this, maxBytes);
  }
}
