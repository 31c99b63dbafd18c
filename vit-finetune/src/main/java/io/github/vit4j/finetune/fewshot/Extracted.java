package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.finetune.data.ImageDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The features of a data set's images.
 *
 * @param rows one vector an image that could be read
 * @param indices of these images in the data set, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Extracted(float[][] rows, int[] indices) {

  /** With the labels of the data set. */
  Features features(ImageDataset data) {
    int[] labels = new int[indices.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = data.label(indices[i]);
    }
    return new Features(rows, labels, data.classes());
  }

  /** Places in {@code rows} of the images of a data set, without those that could not be read. */
  int[] places(int[] wanted) {
    int[] places = new int[wanted.length];
    int count = 0;
    for (int index : wanted) {
      int place = Arrays.binarySearch(indices, index);
      if (place >= 0) {
        places[count++] = place;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** The images that are not among these. */
  List<String> missing(ImageDataset data) {
    List<String> missing = new ArrayList<>();
    for (int i = 0, at = 0; i < data.size(); i++) {
      if (at < indices.length && indices[at] == i) {
        at++;
      } else {
        missing.add(data.name(i));
      }
    }
    return missing;
  }
}
