package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * iNaturalist 2018 and 2019 (Van Horn et al.) as the publisher lays them out: {@code
 * train2018.json}, {@code val2018.json} and the images under {@code train_val2018}; the same with
 * 2019.
 *
 * <p>Classes are the categories in the order of their ids. A name that several categories share
 * gets its id behind it.
 */
public final class INaturalist {

  /** Where to get the data of 2018, and what the folder then holds. */
  public static final String SOURCE_2018 =
      "download train_val2018.tar.gz (120 GB), train2018.json.tar.gz and val2018.json.tar.gz from"
          + " https://github.com/visipedia/inat_comp/tree/master/2018 and unpack so that ROOT holds"
          + " train_val2018/SUPERCATEGORY/CATEGORY/*.jpg, train2018.json and val2018.json";

  /** Where to get the data of 2019, and what the folder then holds. */
  public static final String SOURCE_2019 =
      "download train_val2019.tar.gz (74 GB), train2019.json.tar.gz and val2019.json.tar.gz from"
          + " https://github.com/visipedia/inat_comp/tree/master/2019 and unpack so that ROOT holds"
          + " train_val2019/SUPERCATEGORY/CATEGORY/*.jpg, train2019.json and val2019.json";

  private INaturalist() {}

  /**
   * {@return the publisher's split into training and validation images}
   *
   * <p>Images that are missing on disk are left out; {@link PublishedCounts} tells.
   *
   * @param root holds the JSON files and the folder of images
   * @param year 2018 or 2019
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static DataSplits of(Path root, int year) {
    String source = source(year);
    Path train = DataFile.find("train" + year + ".json", source, List.of(root));
    Path validation = DataFile.find("val" + year + ".json", source, List.of(root));
    CocoAnnotations trainPart = CocoAnnotations.read(train);
    return new DataSplits(
        images(root, train, trainPart, trainPart.categories(), source),
        images(root, validation, CocoAnnotations.read(validation), trainPart.categories(), source));
  }

  /**
   * {@return the validation images alone}
   *
   * @param root holds {@code val2018.json} or {@code val2019.json} and the folder of images
   * @param year 2018 or 2019
   * @throws BadInputException if a file is missing, with where to get it, or broken
   */
  public static FileImages validation(Path root, int year) {
    String source = source(year);
    Path file = DataFile.find("val" + year + ".json", source, List.of(root));
    CocoAnnotations annotations = CocoAnnotations.read(file);
    return images(root, file, annotations, annotations.categories(), source);
  }

  private static String source(int year) {
    if (year != 2018 && year != 2019) {
      throw new BadInputException(
          "iNaturalist of %d is not known; give 2018 or 2019".formatted(year));
    }
    return year == 2018 ? SOURCE_2018 : SOURCE_2019;
  }

  private static FileImages images(
      Path root,
      Path file,
      CocoAnnotations annotations,
      TreeMap<Long, String> categories,
      String source) {
    Map<Long, String> names = names(categories);
    Listed listed = new Listed(file, root);
    annotations
        .images()
        .forEach(
            (id, name) -> {
              Long category = annotations.labels().get(id);
              if (category != null) {
                String label = names.get(category);
                if (label == null) {
                  throw new BadInputException(
                      "%s has images of category %d, which the training images do not have; use files of the same year"
                          .formatted(file, category));
                }
                listed.add(name, label);
              }
            });
    return listed.images(categories.keySet().stream().map(names::get).toList(), source);
  }

  private static Map<Long, String> names(TreeMap<Long, String> categories) {
    Map<String, Integer> uses = new HashMap<>();
    categories.values().forEach(name -> uses.merge(name, 1, Integer::sum));
    Map<Long, String> names = new HashMap<>();
    categories.forEach(
        (id, name) ->
            names.put(id, uses.getOrDefault(name, 1) > 1 ? name + " (" + id + ")" : name));
    return names;
  }
}
