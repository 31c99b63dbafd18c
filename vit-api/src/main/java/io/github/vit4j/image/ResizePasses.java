package io.github.vit4j.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The two passes of {@link Resize}, arranged so that Java's compiler makes vector instructions of
 * the inner loops: every loop adds whole arrays of {@code int}, each times one weight, from index
 * 0. An offset into the array, bytes, or min and max would each keep it from doing so.
 *
 * <p>The vertical pass has such arrays by nature, the rows. For the horizontal pass the columns of
 * a strip of rows are copied, so that the samples which share a weight lie side by side; only as
 * many as one window needs are kept.
 *
 * <p>Rows are narrowed and flattened in bands, so that a source of millions of rows needs no more
 * memory than one of thousands. Sums of {@code int} come out the same in whatever parts they are
 * added up.
 */
final class ResizePasses {

  private static final int HALF = 1 << (Resize.PRECISION_BITS - 1);

  /** Rows at a time: enough for long vectors, few enough that they stay in the cache. */
  private static final int STRIP_ROWS = 64;

  /** Samples in a band: 16 MiB, more than a photograph's rows become for any usual model. */
  private static final int BAND_SAMPLES = 1 << 22;

  private static final VarHandle FOUR_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private ResizePasses() {}

  /** How many rows a band has at most. */
  static int bandRows(int partWidth) {
    return Math.max(STRIP_ROWS, BAND_SAMPLES / 3 / partWidth);
  }

  /**
   * Both passes, or the vertical one alone.
   *
   * @param x where the part begins, if columns are not resized
   * @param partWidth of the result
   * @param columns null if columns are not resized
   * @param bandRows rows that are narrowed before they are flattened
   */
  static RgbImage inBands(
      RgbImage image,
      int x,
      int partWidth,
      @Nullable ResizeWeights columns,
      ResizeWeights rows,
      int bandRows) {
    int[][] out = new int[rows.count()][3 * partWidth];
    for (int first = rows.first(); first < rows.end(); first += bandRows) {
      int rowCount = Math.min(bandRows, rows.end() - first);
      flatten(
          columns == null
              ? unchanged(image, x, partWidth, first, rowCount)
              : horizontal(image, first, rowCount, columns),
          first,
          rows,
          out);
    }
    return image(out);
  }

  /** Adds a band to the sums of those targets that read any of it. */
  private static void flatten(int[][] band, int firstRow, ResizeWeights rows, int[][] out) {
    int end = firstRow + band.length;
    for (int row = 0; row < out.length; row++) {
      int start = rows.start(row);
      int targetEnd = start + rows.length(row);
      if (start >= end || targetEnd <= firstRow) {
        continue;
      }
      if (start >= firstRow) {
        Arrays.fill(out[row], HALF);
      }
      weigh(band, firstRow, rows, row, out[row]);
      if (targetEnd <= end) {
        clip(out[row]);
      }
    }
  }

  /**
   * Narrows some rows.
   *
   * @return one array a row, three samples 0 to 255 a pixel
   */
  static int[][] horizontal(RgbImage image, int firstRow, int rowCount, ResizeWeights columns) {
    int width = columns.count();
    int[][] out = new int[rowCount][3 * width];
    int firstColumn = columns.first();
    int stripRows = Math.min(STRIP_ROWS, rowCount);
    int[][] window = new int[columns.taps()][3 * stripRows];
    int[][] lines = new int[columns.end() - firstColumn][];
    int[] sums = new int[3 * stripRows];
    for (int row = 0; row < rowCount; row += stripRows) {
      int rows = Math.min(stripRows, rowCount - row);
      int turned = 0;
      for (int column = 0; column < width; column++) {
        int end = columns.start(column) + columns.length(column) - firstColumn;
        for (; turned < end; turned++) {
          lines[turned] = window[turned % window.length];
          turn(image, firstColumn + turned, firstRow + row, rows, lines[turned]);
        }
        Arrays.fill(sums, HALF);
        weigh(lines, firstColumn, columns, column, sums);
        clip(sums);
        for (int i = 0; i < rows; i++) {
          int[] to = out[row + i];
          to[3 * column] = sums[3 * i];
          to[3 * column + 1] = sums[3 * i + 1];
          to[3 * column + 2] = sums[3 * i + 2];
        }
      }
    }
    return out;
  }

  /** Copies some rows of a column. */
  private static void turn(RgbImage image, int column, int firstRow, int rows, int[] to) {
    byte[] source = image.pixels();
    int stride = 3 * image.width();
    int from = firstRow * stride + 3 * column;
    // one read takes a pixel and a byte after it, which the very last pixel does not have
    boolean end = from + (rows - 1) * stride + Integer.BYTES > source.length;
    int whole = end ? rows - 1 : rows;
    for (int row = 0; row < whole; row++, from += stride) {
      int pixel = (int) FOUR_BYTES.get(source, from);
      to[3 * row] = pixel & 0xff;
      to[3 * row + 1] = pixel >> 8 & 0xff;
      to[3 * row + 2] = pixel >> 16 & 0xff;
    }
    if (end) {
      to[3 * whole] = source[from] & 0xff;
      to[3 * whole + 1] = source[from + 1] & 0xff;
      to[3 * whole + 2] = source[from + 2] & 0xff;
    }
  }

  /** Adds up those of the lines that lie in the window of one target, each times its weight. */
  private static void weigh(
      int[][] lines, int firstLine, ResizeWeights targets, int target, int[] sums) {
    int[] weights = targets.weights();
    int before = Math.max(0, firstLine - targets.start(target));
    int at = targets.start(target) + before - firstLine;
    int tap = targets.offset(target) + before;
    int end = tap + Math.min(targets.length(target) - before, lines.length - at);
    // several lines at a time, so that the sums are loaded and stored less often
    for (; tap + 4 <= end; tap += 4, at += 4) {
      add(lines[at], weights[tap], lines[at + 1], weights[tap + 1], sums);
      add(lines[at + 2], weights[tap + 2], lines[at + 3], weights[tap + 3], sums);
    }
    for (; tap < end; tap++, at++) {
      add(lines[at], weights[tap], sums);
    }
  }

  private static void add(int[] line, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += line[i] * weight;
    }
  }

  private static void add(int[] a, int weightOfA, int[] b, int weightOfB, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * weightOfA + b[i] * weightOfB;
    }
  }

  /** To 0 to 255, by shifts and masks alone. */
  private static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      int value = sums[i] >> Resize.PRECISION_BITS;
      int positive = value & ~(value >> 31);
      sums[i] = (positive | (255 - positive) >> 31) & 0xff;
    }
  }

  /** The samples of a part as they are, one array a row. */
  static int[][] unchanged(RgbImage image, int x, int width, int firstRow, int rowCount) {
    byte[] source = image.pixels();
    int[][] rows = new int[rowCount][3 * width];
    for (int row = 0; row < rowCount; row++) {
      int from = 3 * ((firstRow + row) * image.width() + x);
      int[] to = rows[row];
      for (int i = 0; i < to.length; i++) {
        to[i] = source[from + i] & 0xff;
      }
    }
    return rows;
  }

  /** Rows of samples 0 to 255 as an image. */
  static RgbImage image(int[][] rows) {
    int stride = rows[0].length;
    byte[] out = new byte[Math.multiplyExact(stride, rows.length)];
    for (int row = 0; row < rows.length; row++) {
      int[] from = rows[row];
      int to = row * stride;
      for (int i = 0; i < stride; i++) {
        out[to + i] = (byte) from[i];
      }
    }
    return RgbImage.of(stride / 3, rows.length, out);
  }
}
