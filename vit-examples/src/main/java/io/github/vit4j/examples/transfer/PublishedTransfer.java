package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.transfer.PaperTransfer.Row;
import io.github.vit4j.finetune.data.Cifar;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.Flowers102;
import io.github.vit4j.finetune.data.INaturalist;
import io.github.vit4j.finetune.data.PublishedCounts;
import io.github.vit4j.finetune.data.StanfordCars;
import io.github.vit4j.finetune.recipe.Recipe;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is known of each data set that the paper transfers to. */
enum PublishedTransfer {
  CIFAR_10(
      Cifar::ten,
      PublishedCounts.CIFAR_10,
      Cifar.TEN_SOURCE + ". The publisher states no licence.",
      Recipe::deitTransfer,
      new Row(98.9, 99.3, 99.3),
      new Row(98.7, 99.2, 99.2),
      new Row(98.9, 99.3, 99.2)),

  CIFAR_100(
      Cifar::hundred,
      PublishedCounts.CIFAR_100,
      Cifar.HUNDRED_SOURCE + ". The publisher states no licence.",
      Recipe::deitTransfer,
      new Row(90.5, 92.5, 93.2),
      new Row(89.1, 91.8, 92.7),
      new Row(90.1, 92.1, 93.0)),

  FLOWERS_102(
      Flowers102::of,
      PublishedCounts.FLOWERS_102,
      Flowers102.SOURCE + ". The publisher states no licence.",
      Recipe::deitTransfer,
      new Row(96.8, 97.8, 98.3),
      new Row(96.9, 98.5, 98.4),
      new Row(96.1, 97.5, 97.6)),

  STANFORD_CARS(
      StanfordCars::of,
      PublishedCounts.STANFORD_CARS,
      StanfordCars.SOURCE + ". Its terms are offline, too: take it as for research only.",
      Recipe::deitTransfer,
      new Row(89.7, 92.7, 93.8),
      new Row(89.8, 92.8, 93.8),
      new Row(88.3, 88.9, 93.0)),

  INATURALIST_18(
      root -> INaturalist.of(root, 2018),
      PublishedCounts.INATURALIST_2018,
      INaturalist.SOURCE_2018 + ". For non-commercial research and education only.",
      INaturalistRecipe::published,
      new Row(68.0, 74.1, 75.9),
      new Row(60.6, 71.1, 75.3),
      new Row(64.4, 73.3, 75.4)),

  INATURALIST_19(
      root -> INaturalist.of(root, 2019),
      PublishedCounts.INATURALIST_2019,
      INaturalist.SOURCE_2019 + ". For non-commercial research and education only.",
      INaturalistRecipe::published,
      new Row(73.9, 78.2, 79.7),
      new Row(68.7, 75.7, 78.7),
      new Row(72.5, 77.3, 79.3));

  private final Function<Path, DataSplits> reader;
  private final Supplier<Recipe> recipe;

  final PublishedCounts counts;

  /** Where to get the data, what ROOT then holds, and what it may be used for. */
  final String source;

  final PaperTransfer paper;

  PublishedTransfer(
      Function<Path, DataSplits> reader,
      PublishedCounts counts,
      String source,
      Supplier<Recipe> recipe,
      Row full,
      Row attention,
      Row ffn) {
    this.reader = reader;
    this.counts = counts;
    this.source = source;
    this.recipe = recipe;
    this.paper = new PaperTransfer(full, attention, ffn);
  }

  /** Reads the splits that the paper used. */
  DataSplits read(Path root) {
    return reader.apply(root);
  }

  /** How the paper's authors fine-tune on it. */
  Recipe recipe() {
    return recipe.get();
  }
}
