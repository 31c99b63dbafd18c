package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.SampleTransform;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.UnreadableSample;
import io.github.vit4j.finetune.evaluate.Progress;
import io.github.vit4j.zoo.ViTModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a model over a data set, a few batches of images in memory at a time.
 *
 * @param model gives the features
 * @param batch images at once
 * @param threads that prepare images
 * @param skipUnreadable whether images that cannot be read are left out
 */
record FeatureExtractor(ViTModel model, int batch, int threads, boolean skipUnreadable) {

  Extracted extract(ImageDataset data, Progress progress) {
    List<float[]> rows = new ArrayList<>();
    int steps = 0;
    Set<Integer> skipped;
    try (BatchLoader loader =
        BatchLoader.of(data, SampleTransform.of(model.preprocessing()))
            .batch(batch)
            .threads(threads)
            .epochs(1)
            .skipUnreadable(skipUnreadable)
            .start()) {
      while (loader.hasNext()) {
        try (ImageBatch images = loader.next()) {
          if (images.size() > 0) { // or none of them could be read
            rows.addAll(List.of(model.embed(images.pixels(), images.size())));
          }
        }
        progress.at(++steps == loader.stepsPerEpoch() ? data.size() : steps * batch, data.size());
      }
      skipped =
          loader.unreadable().stream().map(UnreadableSample::index).collect(Collectors.toSet());
    }
    int[] indices =
        IntStream.range(0, data.size()).filter(index -> !skipped.contains(index)).toArray();
    for (int i = 0; i < indices.length; i++) {
      int bad = Features.firstNotFinite(rows.get(i));
      if (bad >= 0) {
        throw new BadInputException(
            "the model gives %s as feature %d of %s; its weights are broken, or its preprocessing does not fit"
                .formatted(rows.get(i)[bad], bad, data.name(indices[i])));
      }
    }
    return new Extracted(rows.toArray(new float[0][]), indices);
  }
}
