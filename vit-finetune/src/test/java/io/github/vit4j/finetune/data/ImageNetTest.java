package io.github.vit4j.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts in which ImageNet and ImageNet-V2 lie about. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ImageNetTest {

  /** What Caffe's list of the validation images has for the first ten. */
  private static final int[] FIRST_TEN = {65, 970, 230, 809, 516, 57, 334, 415, 674, 332};

  private static final String TRUTH = "ILSVRC2012_validation_ground_truth.txt";
  private static final String LATER = "ILSVRC2015_clsloc_validation_ground_truth.txt";

  @TempDir Path root;

  @Test
  void classFoldersAreWordNetIds() {
    refused("there is no folder " + root.resolve("val"), "https://image-net.org/download.php");
    assertThatThrownBy(() -> ImageNet.of(root)).hasMessageContaining("train");
    Pictures.write(root.resolve("train/n01440764/a.JPEG"));
    Pictures.write(root.resolve("train/n01443537/a.JPEG"));
    Pictures.write(root.resolve("val/n01443537/a.JPEG"));
    assertThat(ImageNet.of(root).train().classes()).containsExactly("n01440764", "n01443537");
    assertThat(ImageNet.of(root).validation().label(0)).isEqualTo(1);

    FileImages images = ImageNet.validation(root);
    assertThat(images.classes()).hasSize(1000).startsWith("n01440764").endsWith("n15075141");
    assertThat(images.label(0)).isEqualTo(1);
    assertThat(PublishedCounts.IMAGENET.differences(images))
        .containsExactly(
            "ImageNet has 1 validation images here, but 50,000 were published",
            "ImageNet has 1 classes here, but 1,000 were published");
    assertThatThrownBy(() -> PublishedCounts.IMAGENET.require(images))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("50,000");
    assertThat(ImageNet.validation(root.resolve("train")).size()).isEqualTo(2);
  }

  @Test
  void otherFoldersAreRefused() throws IOException {
    Files.createDirectory(root.resolve("val"));
    refused("neither class folders nor images", "valprep.sh");
    Files.createDirectory(root.resolve("val/n01440764"));
    refused("hold no images", "valprep.sh");
    Pictures.write(root.resolve("val/images/a.JPEG"));
    refused("'images', which is no WordNet id", "valprep.sh");
    Files.delete(root.resolve("val/images/a.JPEG"));
    Files.delete(root.resolve("val/images"));
    Pictures.write(root.resolve("val/n00000000/a.JPEG"));
    refused("'n00000000', which is none of the 1000 classes", "");
  }

  @Test
  void onePlainFolderNeedsTheDevelopmentKit() throws IOException {
    write(root.resolve("val"), 10);
    refused("there is no " + TRUTH, "ILSVRC2012_devkit_t12");
    Path kit = root.resolve("ILSVRC2012_devkit_t12/data");
    Pictures.copy(LATER, kit.resolve(TRUTH));
    refused("there is no meta.mat", "ILSVRC2012_devkit_t12");
    Pictures.copy("meta.mat", kit.resolve("meta.mat"));
    FileImages images = ImageNet.validation(root);
    assertThat(IntStream.range(0, 10).map(images::label)).containsExactly(wrap(FIRST_TEN));

    Files.delete(root.resolve("val/ILSVRC2012_val_00000002.JPEG"));
    assertThat(ImageNet.validation(root).label(1)).isEqualTo(230);

    Path stray = Pictures.write(root.resolve("val/n01440764_18.JPEG"));
    refused("not named like ILSVRC2012_val_00000001.JPEG", "");
    Files.move(stray, root.resolve("val/ILSVRC2012_val_00000011.JPEG"));
    refused("labels of images 1 to 10", "");
    for (String line : new String[] {"1001", "-1", "", "n01751748", "9".repeat(40)}) {
      Files.writeString(kit.resolve(TRUTH), line + "\n" + "490\n".repeat(20));
      refused("line 1 is '" + (line.length() > 20 ? line.substring(0, 20) + "..." : line), "");
    }
    Files.write(kit.resolve(TRUTH), new byte[] {(byte) 0xff, (byte) 0xfe});
    refused("is no text", "");
    Files.write(kit.resolve("meta.mat"), new byte[200]);
    refused("meta.mat is no MATLAB file", "");
  }

  @Test
  void theKitOfLaterYearsDoesToo() {
    write(root.resolve("Data/CLS-LOC/val"), 10);
    Pictures.copy(LATER, root.resolve("devkit/data/" + LATER));
    Pictures.copy("meta_clsloc.mat", root.resolve("devkit/data/meta_clsloc.mat"));
    FileImages images = ImageNet.validation(root);
    assertThat(IntStream.range(0, 10).map(images::label)).containsExactly(wrap(FIRST_TEN));
    assertThat(images.files().files().get(0).label()).isEqualTo("n01751748"); // sea snake
  }

  private static Integer[] wrap(int[] values) {
    return IntStream.of(values).boxed().toArray(Integer[]::new);
  }

  private static void write(Path folder, int images) {
    for (int i = 1; i <= images; i++) {
      Pictures.write(folder.resolve("ILSVRC2012_val_%08d.JPEG".formatted(i)));
    }
  }

  private void refused(String words, String more) {
    assertThatThrownBy(() -> ImageNet.validation(root))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(words)
        .hasMessageContaining(more);
  }

  @Test
  void foldersOfTheSecondVersionAreNumbers() {
    List<String> classes = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
    // sorted as text, 10 would come before 9
    for (String folder : new String[] {"9", "10", "999", "0"}) {
      Pictures.write(root.resolve("v2/" + folder + "/a.jpeg"));
    }
    FileImages named = ImageNet.v2(root.resolve("v2"), classes);
    assertThat(IntStream.range(0, 4).map(named::label)).containsExactly(0, 10, 9, 999);
    assertThat(named.files().files()).extracting(LabelledFile::label).contains("class 9");
    FileImages ids = ImageNet.v2(root.resolve("v2"));
    assertThat(ids.files().files())
        .extracting(LabelledFile::label)
        .containsExactly("n01440764", "n01530575", "n01518878", "n15075141");

    // some copies have the ids as names
    Pictures.write(root.resolve("renamed/n01530575/a.jpeg"));
    assertThat(ImageNet.v2(root.resolve("renamed")).label(0)).isEqualTo(10);

    assertThat(PublishedCounts.IMAGENET_V2.differences(ids))
        .containsExactly(
            "ImageNet-V2 has 4 validation images here, but 10,000 were published",
            "ImageNet-V2 has 4 classes here, but 1,000 were published");
    refusedV2(root, "a folder 'renamed', but those of ImageNet-V2 are named 0 to 999");
    refusedV2(root.resolve("v3"), "https://huggingface.co/datasets/vaishaal/ImageNetV2");
    refusedV2(root.resolve("v2/0"), "no class folders");
    Pictures.write(root.resolve("v2/1000/a.jpeg"));
    refusedV2(root.resolve("v2"), "a folder '1000'");
    assertThatThrownBy(() -> ImageNet.v2(root.resolve("v2"), classes.subList(0, 10)))
        .isInstanceOf(BadInputException.class);
  }

  private static void refusedV2(Path folder, String words) {
    assertThatThrownBy(() -> ImageNet.v2(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("imagenetv2-matched-frequency.tar.gz");
  }
}
