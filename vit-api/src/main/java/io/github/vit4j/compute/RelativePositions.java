package io.github.vit4j.compute;

/** Where BEiT's bias table holds the bias of each pair of tokens. */
public final class RelativePositions {

  private RelativePositions() {}

  /**
   * {@return row of the table for each pair (query, key), class token first, query by query}
   *
   * @param height rows of the patch grid
   * @param width columns of the patch grid
   */
  public static long[] index(int height, int width) {
    int patches = height * width;
    int n = patches + 1;
    long special = (2L * height - 1) * (2L * width - 1);
    long[] index = new long[n * n];
    for (int query = 0; query < patches; query++) {
      for (int key = 0; key < patches; key++) {
        long rows = query / width - key / width + height - 1L;
        long columns = query % width - key % width + width - 1L;
        index[(query + 1) * n + key + 1] = rows * (2L * width - 1) + columns;
      }
    }
    for (int i = 0; i < n; i++) {
      index[i] = special; // class to patch
      index[i * n] = special + 1; // patch to class
    }
    index[0] = special + 2; // class to class
    return index;
  }
}
