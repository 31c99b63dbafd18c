package io.github.vit4j.finetune.pretrain;

/** Patches that a codebook is made of: a vector of each, and what it looks like. */
final class PatchSample {

  private final float[] vectors;
  private final float[] colours;
  private int vectorsEnd;
  private int coloursEnd;

  PatchSample(int patches, int width, int values) {
    vectors = new float[patches * width];
    colours = new float[patches * values];
  }

  void add(float[] someVectors, float[] someColours) {
    System.arraycopy(someVectors, 0, vectors, vectorsEnd, someVectors.length);
    System.arraycopy(someColours, 0, colours, coloursEnd, someColours.length);
    vectorsEnd += someVectors.length;
    coloursEnd += someColours.length;
  }

  float[] vectors() {
    return vectors;
  }

  float[] colours() {
    return colours;
  }
}
