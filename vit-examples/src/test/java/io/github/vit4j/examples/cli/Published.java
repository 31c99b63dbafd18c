package io.github.vit4j.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Published data sets with a few images each, in the publishers' layouts. */
final class Published {

  private Published() {}

  /** Writes the data set of a command into a folder. */
  static Path layout(String command, Path root) throws IOException {
    Files.createDirectories(root);
    switch (command) {
      case "cifar-10" -> cifar10(root);
      case "cifar-100" -> cifar100(root);
      case "flowers-102" -> flowers(root, 6765, 8036, 6773, 8008, 6734, 8045);
      case "stanford-cars" -> cars(root);
      case "inaturalist-18" -> inaturalist(root, "2018");
      case "inaturalist-19" -> inaturalist(root, "2019");
      default -> throw new IllegalArgumentException(command);
    }
    return root;
  }

  private static void cifar10(Path root) throws IOException {
    Files.writeString(root.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    for (int batch = 1; batch <= 5; batch++) {
      Files.write(root.resolve("data_batch_" + batch + ".bin"), records(1, batch, 9));
    }
    Files.write(root.resolve("test_batch.bin"), records(1, 0, 3));
  }

  private static void cifar100(Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("cifar-100-binary"));
    Files.write(
        folder.resolve("fine_label_names.txt"),
        IntStream.range(0, 100).mapToObj(i -> "class " + i).toList());
    Files.write(folder.resolve("train.bin"), records(2, 99, 7, 42));
    Files.write(folder.resolve("test.bin"), records(2, 42));
  }

  /** Records of labels and noise. */
  static byte[] records(int labelBytes, int... labels) {
    int length = labelBytes + 3072;
    byte[] records = new byte[labels.length * length];
    for (int i = 0; i < records.length; i++) {
      records[i] = (byte) (i * 31 + i / 7);
    }
    for (int i = 0; i < labels.length; i++) {
      records[i * length + labelBytes - 1] = (byte) labels[i];
    }
    return records;
  }

  /** The label files as published; 6734 to 6773 are of class 1, 8008 to 8047 of class 102. */
  static void flowers(Path root, int... images) throws IOException {
    Files.createDirectories(root.resolve("jpg"));
    excerpt("setid.mat", root.resolve("setid.mat"));
    excerpt("imagelabels.mat", root.resolve("imagelabels.mat"));
    for (int image : images) {
      Scene.draw(root.resolve("jpg/image_%05d.jpg".formatted(image)), image % 256, image / 256);
    }
  }

  private static void cars(Path root) throws IOException {
    excerpt("cars_annos.mat", root.resolve("cars_annos.mat"));
    for (int i = 1; i <= 4; i++) {
      Scene.draw(root.resolve("car_ims/%06d.jpg".formatted(i)), 50 * i, 20);
    }
  }

  private static void inaturalist(Path root, String year) throws IOException {
    String json = Files.readString(excerpt("val2019.json", root.resolve("all.json")));
    for (String part : new String[] {"train", "val"}) {
      Files.writeString(root.resolve(part + year + ".json"), json.replace("2019/", year + "/"));
    }
    Path images = root.resolve("train_val" + year);
    Scene.draw(images.resolve("Birds/300/5f3194ff536c7dd31d80b78ef809bc23.jpg"), 9, 9);
    Scene.draw(images.resolve("Plants/644/716a69838526f3ada3b2fe2e099cfcb6.jpg"), 200, 60);
  }

  /** Copies the beginning of a published file. */
  static Path excerpt(String name, Path to) {
    try (InputStream in = Published.class.getResourceAsStream("/datasets/" + name)) {
      Files.createDirectories(to.getParent());
      Files.write(to, in.readAllBytes());
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
