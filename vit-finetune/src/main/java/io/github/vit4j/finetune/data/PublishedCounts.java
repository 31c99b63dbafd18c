package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many images and classes a data set has where it was published, to notice a part that is
 * missing. The counts are those of "Three things everyone should know about ViTs", table 9, save
 * iNaturalist-19, where the paper's 265,240 and 3,003 add up to the publisher's 265,213 and 3,030.
 *
 * @param name of the data set
 * @param train images to learn from
 * @param validation images that are measured on
 * @param classes how many there are
 */
public record PublishedCounts(String name, int train, int validation, int classes) {

  /** ImageNet-1k. */
  public static final PublishedCounts IMAGENET =
      new PublishedCounts("ImageNet", 1_281_167, 50_000, 1000);

  /** ImageNet-V2, each of its variants; there is nothing to train on. */
  public static final PublishedCounts IMAGENET_V2 =
      new PublishedCounts("ImageNet-V2", 0, 10_000, 1000);

  /** iNaturalist 2018. */
  public static final PublishedCounts INATURALIST_2018 =
      new PublishedCounts("iNaturalist-18", 437_513, 24_426, 8142);

  /** iNaturalist 2019. */
  public static final PublishedCounts INATURALIST_2019 =
      new PublishedCounts("iNaturalist-19", 265_213, 3030, 1010);

  /** Flowers-102 with its training and validation images joined, measured on the test images. */
  public static final PublishedCounts FLOWERS_102 =
      new PublishedCounts("Flowers-102", 2040, 6149, 102);

  /** Stanford Cars. */
  public static final PublishedCounts STANFORD_CARS =
      new PublishedCounts("Stanford Cars", 8144, 8041, 196);

  /** CIFAR-10. */
  public static final PublishedCounts CIFAR_10 =
      new PublishedCounts("CIFAR-10", 50_000, 10_000, 10);

  /** CIFAR-100. */
  public static final PublishedCounts CIFAR_100 =
      new PublishedCounts("CIFAR-100", 50_000, 10_000, 100);

  /**
   * {@return what differs, a sentence for each count with both figures; empty if nothing does}
   *
   * @param data what was found
   */
  public List<String> differences(DataSplits data) {
    List<String> differences = new ArrayList<>();
    compare(differences, "training images", data.train().size(), train);
    compare(differences, "validation images", data.validation().size(), validation);
    compare(differences, "classes", data.train().classes().size(), classes);
    return differences;
  }

  /**
   * {@return what differs in the validation images: how many there are, and of how many classes}
   *
   * @param found the validation images
   */
  public List<String> differences(ImageDataset found) {
    List<String> differences = new ArrayList<>();
    compare(differences, "validation images", found.size(), validation);
    long labels = IntStream.range(0, found.size()).map(found::label).distinct().count();
    compare(differences, "classes", Math.toIntExact(labels), classes);
    return differences;
  }

  private void compare(List<String> differences, String what, int found, int published) {
    if (found != published) {
      differences.add(
          String.format(
              Locale.ROOT,
              "%s has %,d %s here, but %,d were published",
              name,
              found,
              what,
              published));
    }
  }

  /**
   * Refuses data that is not what was published.
   *
   * @param data what was found
   * @throws BadInputException naming all figures, if a count differs
   */
  public void require(DataSplits data) {
    refuse(differences(data));
  }

  /**
   * Refuses validation images that are not what was published.
   *
   * @param found the validation images
   * @throws BadInputException naming all figures, if a count differs
   */
  public void require(ImageDataset found) {
    refuse(differences(found));
  }

  private static void refuse(List<String> differences) {
    if (!differences.isEmpty()) {
      throw new BadInputException(
          String.join("; ", differences)
              + "; get the missing files, or do without the strict check");
    }
  }
}
