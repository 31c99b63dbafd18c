package io.github.vit4j.examples.cli;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.names.WeightSaver;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A folder with a tiny model and drawn images in class folders. */
record Scene(Path model, Path data) {

  static Scene in(Path folder) throws IOException {
    Path model = Files.createDirectories(folder.resolve("my model"));
    VisionTransformer network =
        ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(6).build();
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager);
      WeightSaver.save(network, model.resolve("model.safetensors"));
    }
    Files.writeString(
        model.resolve("labels.txt"), "n1\tred\nn2\tgreen\nn3\tblue\nn4\tgrey\nn5\tü\nn6\tpink\n");
    Path data = folder.resolve("data");
    for (String label : new String[] {"red", "N2", "blue"}) {
      for (int i = 0; i < 3; i++) {
        draw(data.resolve(label).resolve(i + ".png"), 40 * i, label.hashCode() & 255);
      }
    }
    return new Scene(model, data);
  }

  static Path draw(Path file, int red, int green) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(20, 18, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(red, green, 90));
    pen.fillOval(2, 3, 12, 9);
    pen.dispose();
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  Path image(String name) {
    return data.resolve(name);
  }
}
