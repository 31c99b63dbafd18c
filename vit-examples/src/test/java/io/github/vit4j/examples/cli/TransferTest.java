package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.examples.transfer.TransferCifar10;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The programs for published data sets, each from its files to a model. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class TransferTest {

  @TempDir Path folder;

  private Outcome transfer(String dataSet, Path root, Object... more) {
    Object[] first = {"transfer", dataSet, root, "--out", folder.resolve("run")};
    Object[] all = new Object[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return Shell.run(all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cifar-10       | attention | 98.7 | CIFAR-10 has 10 training images    | 50,000  | deit-t",
        "cifar-100      | full      | 90.5 | CIFAR-100 has 1 validation images  | 10,000  | deit-t",
        "flowers-102    | attention | 96.9 | Flowers-102 has 4 training images  | 2,040   | deit-t",
        "stanford-cars  | ffn       | 88.3 | Stanford Cars has 2 validation     | 8,041   | deit-t",
        "inaturalist-18 | attention | 60.6 | iNaturalist-18 has 10 classes here | 8,142   | deit-i",
        "inaturalist-19 | probe     | 73.9 | iNaturalist-19 has 2 training      | 265,213 | deit-i",
      })
  void trainsAndComparesWithThePaper(
      String dataSet, String strategy, String paper, String count, String published, String recipe)
      throws IOException {
    Path root = Published.layout(dataSet, folder.resolve("data"));
    Object[] options = {"--epochs", 1, "--strategy", strategy, "--engine-threads", 1};
    Outcome outcome = transfer(dataSet, root, options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("vit: warning: " + count, published + " were published")
        .contains(recipe, "for 1 epoch of");
    assertThat(outcome.out()).contains("top-1", "paper       ViT-S " + paper + " %");
    assertThat(folder.resolve("run/best.safetensors")).exists();

    Outcome strict = transfer(dataSet, root, "--strict");
    assertThat(strict.code()).isEqualTo(2);
    assertThat(strict.err())
        .startsWith("vit: " + count.substring(0, 5))
        .contains(published, "or do without --strict");
    assertThat(strict.err().strip().lines()).as(strict.err()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transfer cifar-10       | cifar-10-binary.tar.gz  | https://www.cs.toronto.edu/~kriz/cifar.html",
        "transfer cifar-100      | cifar-100-binary.tar.gz | https://www.cs.toronto.edu/~kriz/cifar.html",
        "transfer flowers-102    | 102flowers.tgz          | https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
        "transfer stanford-cars  | car_devkit.tgz          | https://ai.stanford.edu/~jkrause/cars/car_dataset.html",
        "transfer inaturalist-18 | train_val2018.tar.gz    | https://github.com/visipedia/inat_comp/tree/master/2018",
        "transfer inaturalist-19 | train_val2019.tar.gz    | https://github.com/visipedia/inat_comp/tree/master/2019",
        "imagenet                | ILSVRC2012_img_val.tar  | https://image-net.org/download.php",
        "imagenet-v2             | imagenetv2-matched-freq | https://huggingface.co/datasets/vaishaal/ImageNetV2",
      })
  void whereToGetAbsentDataIsSaid(String command, String file, String page) {
    Object[] words = (command + " " + folder.resolve("none")).split(" ");
    Object[] all = command.startsWith("t") ? new Object[words.length + 2] : words;
    System.arraycopy(words, 0, all, 0, words.length);
    if (all.length > words.length) {
      all[words.length] = "--out";
      all[words.length + 1] = folder.resolve("run");
    }
    Outcome outcome = Shell.run(all);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("vit: there is no folder " + folder.resolve("none"))
        .contains(file, page, "so that ROOT holds");
    assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
    assertThat(folder.resolve("run")).doesNotExist();

    Outcome help = Shell.run((Object[]) (command + " --help").split(" "));
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains(page, "--strict");
  }

  @ParameterizedTest
  @CsvSource({
    "cifar-10, test_batch.bin, there is no test_batch.bin",
    "cifar-100, cifar-100-binary/train.bin, there is no train.bin",
    "flowers-102, setid.mat, there is no setid.mat",
    "stanford-cars, car_ims/000002.jpg:car_ims/000004.jpg, none of the 2 images",
    "inaturalist-18, train2018.json, there is no train2018.json",
    "inaturalist-19, val2019.json, there is no val2019.json",
  })
  void aMissingSplitIsNamed(String dataSet, String missing, String words) throws IOException {
    Path root = Published.layout(dataSet, folder.resolve("data"));
    for (String file : missing.split(":")) {
      Files.delete(root.resolve(file));
    }
    Outcome outcome = transfer(dataSet, root);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("vit: " + words).contains("so that ROOT holds");
    assertThat(outcome.err().strip().lines()).hasSize(1);
  }

  @Test
  void oneClassAloneIsRefused() throws IOException {
    Path root = folder.resolve("data");
    Published.flowers(root, 6765, 6755, 6734);
    Outcome outcome = transfer("flowers-102", root);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("all training images here (2) are of one class, '1'");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aLabelOutOfRangeIsRefused() throws IOException {
    Path root = Published.layout("cifar-10", folder.resolve("data"));
    Files.write(root.resolve("data_batch_3.bin"), Published.records(1, 4, 10));
    Outcome outcome = transfer("cifar-10", root);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("data_batch_3.bin record 1 has the label 10");
  }

  @Test
  void aFewImagesAreEnoughToTryItOut() throws IOException {
    Path root = Published.layout("cifar-10", folder.resolve("data"));
    Object[] options = {"--recipe", "short", "--epochs", 1, "--limit", 5, "--json"};
    Outcome outcome = transfer("cifar-10", root, options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).doesNotContain("deit-transfer").contains("warning: CIFAR-10 has 10");
    assertThat(outcome.out()).contains("\"paper\": \"ViT-S 98.9 %", "\"best\"", "50,000 were");
    assertThat(Files.readString(folder.resolve("run/run.json"))).contains("\"5\"");
    assertThat(transfer("cifar-10", root, "--limit", 0).err()).contains("the limit is 0");
    assertThat(transfer("cifar-10", root, "--recipe", "long").err())
        .contains("there is no recipe 'long'; choose short");
  }

  @Test
  void aRecipeLeavesTheModelsImageSize() throws IOException {
    Path root = Published.layout("cifar-10", folder.resolve("data"));
    Object[] options = {"--recipe", "deit-transfer", "--epochs", 1, "--engine-threads", 1};
    Outcome outcome = transfer("cifar-10", root, options);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/run.json")))
        .contains("\"recipe.imageSize\": \"32\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transfer", "transfer imagenet"})
  void aDataSetMustBeOneOfThem(String line) {
    Outcome outcome = Shell.run((Object[]) line.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("see vit transfer --help");
  }

  @Test
  void aProgramRunsAlone() {
    StringWriter err = new StringWriter();
    CommandLine alone = Terminal.commandLine(new TransferCifar10());
    alone.setErr(new PrintWriter(err, true));
    assertThat(alone.execute(folder.toString(), "--out", "run", "--debug")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("vit: there is no batches.meta.txt in " + folder)
        .contains("\tat io.github.vit4j");
  }
}
