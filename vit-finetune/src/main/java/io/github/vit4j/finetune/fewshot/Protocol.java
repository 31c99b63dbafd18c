package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import java.util.ArrayList;
import java.util.List;

/**
 * The evaluation once features are there.
 *
 * @param seeds draws of the training images
 * @param l2 regularisation of the ridge regression
 * @param neighbours how many vote; 0 leaves them out
 * @param temperature of the votes
 */
record Protocol(int seeds, double l2, int neighbours, double temperature) {

  FewShotResult run(
      Shots draws,
      List<Integer> shots,
      Extracted train,
      ImageDataset images,
      Features test,
      List<String> notes) {
    Features features = train.features(images);
    if (features.areConstant()) {
      notes.add(
          "all training images have the very same features, which tell nothing; the accuracy is"
              + " that of guessing one class");
    }
    List<ShotAccuracy> ridge = new ArrayList<>();
    List<ShotAccuracy> nearest = new ArrayList<>();
    for (int k : shots) {
      List<Double> byRidge = new ArrayList<>();
      List<Double> byNeighbours = new ArrayList<>();
      int size = 0;
      for (int seed = 0; seed < (k == FewShot.ALL ? 1 : seeds); seed++) {
        Features support = features.subset(train.places(draws.support(k, seed)));
        size = support.size();
        if (size == 0) {
          throw new BadInputException(
              "none of the %d images a class that were drawn by seed %d can be read; repair them, or use more shots"
                  .formatted(k, seed));
        }
        byRidge.add(test.percentRight(RidgeClassifier.fit(support, l2).predict(test)));
        if (neighbours > 0) {
          NearestNeighbours voters = new NearestNeighbours(support, neighbours, temperature);
          byNeighbours.add(test.percentRight(voters.predict(test)));
        }
      }
      ridge.add(new ShotAccuracy(k, size, byRidge));
      if (neighbours > 0) {
        nearest.add(new ShotAccuracy(k, size, byNeighbours));
      }
    }
    return new FewShotResult(ridge, nearest, features.classes().size(), test.size(), notes);
  }
}
