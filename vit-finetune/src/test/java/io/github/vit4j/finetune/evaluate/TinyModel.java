package io.github.vit4j.finetune.evaluate;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.names.WeightSaver;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A model of a few hundred parameters and images to show it. */
final class TinyModel {

  static final int CLASSES = 7;

  private TinyModel() {}

  static ViTModel make(Path folder, int classes) throws IOException {
    VisionTransformer network =
        ViT.builder()
            .imageSize(16)
            .patchSize(8)
            .width(16)
            .depth(2)
            .heads(2)
            .classes(classes)
            .seed(5)
            .build();
    Path file = folder.resolve("model.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager);
      WeightSaver.save(network, file);
    }
    if (classes > 0) {
      StringBuilder labels = new StringBuilder();
      for (int i = 0; i < classes; i++) {
        labels.append("n0").append(i).append('\t').append("Thing ").append(i).append('\n');
      }
      Files.writeString(folder.resolve("labels.txt"), labels);
    }
    return ViTModel.open(file);
  }

  /** Images of different colours and sizes. */
  static List<Path> images(Path folder, int count) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BufferedImage image =
          new BufferedImage(10 + 3 * i % 17, 12 + i % 5, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = image.createGraphics();
      pen.setColor(new Color(37 * i % 256, 91 * i % 256, 151 * i % 256));
      pen.fillRect(0, 0, image.getWidth(), image.getHeight());
      pen.setColor(new Color(255 - 37 * i % 256, 17 * i % 256, 5));
      pen.fillOval(i % 4, 2, 9, 7);
      pen.dispose();
      Path file = folder.resolve("%03d.png".formatted(i));
      ImageIO.write(image, "png", file.toFile());
      files.add(file);
    }
    return files;
  }
}
