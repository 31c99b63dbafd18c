package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Labels ImageNet's validation images as the development kit does: line n of a text has the class
 * of image n, by a numbering of its own, which a MATLAB file translates to WordNet ids.
 */
final class ImageNetDevkit {

  private static final Pattern NAME =
      Pattern.compile("ILSVRC2012_val_([0-9]{8})\\.jpe?g", Pattern.CASE_INSENSITIVE);
  private static final long LARGEST_TEXT = 1 << 22;
  private static final String SYNSETS = "synsets";

  /** The files of a year; both years have the same images and numbers. */
  private record Edition(String truth, String meta, String number) {}

  private static final List<Edition> EDITIONS =
      List.of(
          new Edition("ILSVRC2012_validation_ground_truth.txt", "meta.mat", "ILSVRC2012_ID"),
          new Edition(
              "ILSVRC2015_clsloc_validation_ground_truth.txt",
              "meta_clsloc.mat",
              "ILSVRC2015_CLSLOC_ID"));

  private ImageNetDevkit() {}

  /**
   * @param folder holds the images
   * @param root of the data set; the kit lies in it
   * @param source where to get what is missing
   */
  static LabelledFiles label(Path folder, Path root, String source) {
    List<Path> places =
        List.of(
            root,
            root.resolve("ILSVRC2012_devkit_t12/data"),
            root.resolve("devkit/data"),
            root.resolve("data"));
    Edition edition = edition(places);
    Path truth = DataFile.find(edition.truth, source, places);
    Path meta = DataFile.find(edition.meta, source, places);
    Map<Integer, String> ids = wordNetIds(meta, edition.number);
    List<String> lines = lines(truth);
    List<LabelledFile> files = new ArrayList<>();
    for (Path file : ImageFiles.in(folder)) {
      int image = number(file);
      if (image < 1 || image > lines.size()) {
        throw new BadInputException(
            "%s has labels of images 1 to %d, but there is %s; download the kit again"
                .formatted(truth, lines.size(), file));
      }
      String id = ids.get(parse(lines.get(image - 1)));
      if (id == null) {
        throw new BadInputException(
            "%s line %d is '%s', which is no class of %s; download both again"
                .formatted(truth, image, shown(lines.get(image - 1)), meta));
      }
      files.add(new LabelledFile(file, id));
    }
    return new LabelledFiles(files);
  }

  private static Edition edition(List<Path> places) {
    return EDITIONS.stream()
        .filter(e -> places.stream().anyMatch(p -> Files.isRegularFile(p.resolve(e.truth))))
        .findFirst()
        .orElse(EDITIONS.get(0));
  }

  private static int number(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw new BadInputException(
          "%s is not named like ILSVRC2012_val_00000001.JPEG, so its class is not known; use the files as published"
              .formatted(file));
    }
    return Integer.parseInt(name.group(1));
  }

  private static Map<Integer, String> wordNetIds(Path meta, String number) {
    MatlabVariables variables = MatlabVariables.read(meta);
    Map<Integer, String> ids = new HashMap<>();
    for (int i = 0; i < variables.structs(SYNSETS); i++) {
      ids.put(variables.integer(SYNSETS, i, number), variables.text(SYNSETS, i, "WNID"));
    }
    return ids;
  }

  private static int parse(String line) {
    return line.matches("[0-9]{1,6}") ? Integer.parseInt(line) : -1;
  }

  private static String shown(String line) {
    return line.length() > 20 ? line.substring(0, 20) + "..." : line;
  }

  private static List<String> lines(Path truth) {
    try {
      if (Files.size(truth) > LARGEST_TEXT) {
        throw new BadInputException(truth + " is too large for labels of 50,000 images");
      }
      return Files.readAllLines(truth).stream().map(String::strip).toList();
    } catch (MalformedInputException e) {
      throw new BadInputException(truth + " is no text; download it again", e);
    } catch (IOException e) {
      throw new BadInputException("cannot read the labels in " + truth + ": " + e, e);
    }
  }
}
