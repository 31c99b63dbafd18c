package io.github.vit4j.finetune.fewshot;

import java.util.Arrays;

/**
 * Classification by the nearest examples: cosine similarities s, of which the k largest vote for
 * their classes with weight exp(s / T). It is the evaluation of DINO (Caron et al. 2021, {@code
 * eval_knn.py}), there with k = 20 and T = 0.07, after Wu et al. 2018.
 */
final class NearestNeighbours {

  static final int DEFAULT_NEIGHBOURS = 20;
  static final double DEFAULT_TEMPERATURE = 0.07;

  private final Features support;
  private final float[][] columns; // (width, examples): the inner loop runs over examples
  private final int neighbours;
  private final double temperature;

  NearestNeighbours(Features support, int neighbours, double temperature) {
    this.support = support;
    this.neighbours = Math.min(neighbours, support.size());
    this.temperature = temperature;
    columns = new float[support.width()][support.size()];
    for (int i = 0; i < support.size(); i++) {
      float[] row = normalized(support.row(i));
      for (int j = 0; j < row.length; j++) {
        columns[j][i] = row[j];
      }
    }
  }

  /** Of length 1; zeros stay zeros, which are equally far from everything. */
  private static float[] normalized(float[] row) {
    double squares = 0;
    for (float value : row) {
      squares += (double) value * value;
    }
    double length = Math.max(Math.sqrt(squares), Double.MIN_NORMAL);
    float[] unit = new float[row.length];
    for (int j = 0; j < row.length; j++) {
      unit[j] = (float) (row[j] / length);
    }
    return unit;
  }

  /** The class of each row; of equals the lower one. */
  int[] predict(Features features) {
    int[] predictions = new int[features.size()];
    float[] similarities = new float[support.size()];
    for (int i = 0; i < predictions.length; i++) {
      Arrays.fill(similarities, 0);
      float[] row = normalized(features.row(i));
      for (int j = 0; j < row.length; j++) {
        float factor = row[j];
        float[] column = columns[j];
        for (int n = 0; n < similarities.length; n++) {
          similarities[n] += factor * column[n];
        }
      }
      predictions[i] = vote(similarities);
    }
    return predictions;
  }

  private int vote(float[] similarities) {
    int[] nearest = nearest(similarities);
    double[] votes = new double[support.classes().size()];
    float most = similarities[nearest[0]]; // the same votes, without overflow
    for (int example : nearest) {
      votes[support.label(example)] += Math.exp((similarities[example] - most) / temperature);
    }
    int best = 0;
    for (int c = 1; c < votes.length; c++) {
      best = votes[c] > votes[best] ? c : best;
    }
    return best;
  }

  /** The k most similar examples, the earlier ones of equals: kept sorted by insertion. */
  private int[] nearest(float[] similarities) {
    int[] nearest = new int[neighbours];
    int found = 0;
    for (int n = 0; n < similarities.length; n++) {
      if (found == neighbours && similarities[n] <= similarities[nearest[found - 1]]) {
        continue;
      }
      int at = found == neighbours ? found - 1 : found++;
      while (at > 0 && similarities[n] > similarities[nearest[at - 1]]) {
        nearest[at] = nearest[at - 1];
        at--;
      }
      nearest[at] = n;
    }
    return nearest;
  }
}
