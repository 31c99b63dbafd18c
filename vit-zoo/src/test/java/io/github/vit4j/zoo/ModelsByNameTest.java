package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.ViT;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.hub.DirectLinks;
import io.github.vit4j.zoo.hub.HubCache;
import io.github.vit4j.zoo.hub.HubException;
import io.github.vit4j.zoo.hub.TransferOptions;
import io.github.vit4j.zoo.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsByNameTest {

  private static final String TINY = "deit_tiny_patch16_224.fb_in1k";
  private static final RgbImage IMAGE = RgbImage.of(8, 8, new byte[8 * 8 * 3]);

  @TempDir Path folder;

  @Test
  void aFileOfTheHubsCacheNeedsNoNetwork() throws IOException {
    HubFolder files = new HubFolder(folder);
    Path snapshot = files.snapshot("timm/" + TINY);
    HubFolder.save(ViT.builder().tiny(), snapshot.resolve("model.safetensors"));
    try (HubCache hub = files.open()) {
      ViTModelLoader loader = ViTModel.named(TINY).hub(hub);
      assertThat(loader.isDownloaded()).isTrue();
      try (ViTModel model = loader.resolution(64).batch(2).load()) {
        assertThat(model.network().config().imageHeight()).isEqualTo(64);
        assertThat(model.preprocessing().height()).isEqualTo(64);
        float[][] rows = model.logits(List.of(IMAGE, IMAGE, IMAGE));
        assertThat(rows).hasDimensions(3, 1000);
        assertThat(rows[1]).containsExactly(rows[0]);
        assertThat(rows[2]).containsExactly(model.logits(List.of(IMAGE))[0]);
      }
      try (ViTModel model = ViTModel.named(TINY).hub(hub).withoutHead().load()) {
        assertThat(model.network().config().classes()).isZero();
        assertThat(model.embed(IMAGE)).hasSize(192);
      }
    }
  }

  /** torch's folder is shared by many models; what somebody left there is of another one. */
  @Test
  void theRegistrysClassesGoBeforeAListThatLiesAround() throws IOException {
    HubFolder files = new HubFolder(folder);
    Path snapshot = files.snapshot("timm/" + TINY);
    Path carrying = folder.resolve("carrying.safetensors");
    HubFolder.save(ViT.builder().tiny(), carrying);
    try (Checkpoint checkpoint = SafeTensors.open(carrying)) {
      SafeTensors.write(
          snapshot.resolve("model.safetensors"),
          Map.of(),
          checkpoint.tensors().stream()
              .map(tensor -> TensorSource.of(checkpoint, tensor.name()))
              .toList());
    }
    Path stray = Files.writeString(snapshot.resolve("labels.txt"), "cat\ndog\n");
    try (HubCache hub = files.open();
        ViTModel model = ViTModel.named(TINY).hub(hub).load()) {
      assertThat(model.labels())
          .hasSize(1000)
          .contains(new Label("n01443537", "goldfish, Carassius auratus"));
      assertThatThrownBy(() -> ViTModel.named(TINY).hub(hub).labels(stray).load())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("labels.txt names 2 classes");
    }
  }

  @Test
  void theEmbeddedModelIsUnpackedOnce() throws IOException {
    Path torch = folder.resolve("torch");
    try (DirectLinks links = new DirectLinks(torch, true, TransferOptions.defaults())) {
      ViTModelLoader loader = ViTModel.named(ViTZoo.EMBEDDED).links(links);
      Path file = loader.download();
      assertThat(file).isEqualTo(torch.resolve(ViTZoo.EMBEDDED + ".safetensors"));
      assertThat(loader.download()).isEqualTo(file);
      long whole = Files.size(file);
      Files.writeString(file, "cut short");
      assertThat(loader.download()).isEqualTo(file).hasSize(whole);
      assertThat(torch).isDirectoryNotContaining(other -> !other.equals(file));
    }
  }

  @Test
  void withoutNetworkAMissingModelIsNamedWithTheRemedy() {
    try (HubCache hub = new HubFolder(folder).open();
        DirectLinks links =
            new DirectLinks(folder.resolve("torch"), true, TransferOptions.defaults())) {
      ViTModelLoader loader = ViTModel.named(TINY).hub(hub).links(links);
      assertThat(loader.isDownloaded()).isFalse();
      assertThatThrownBy(loader::load)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("let it use the network");
    }
  }

  @Test
  void aRepositoryDescribesItself() throws IOException {
    HubFolder files = new HubFolder(folder);
    Path snapshot = files.snapshot("somebody/vit");
    HubFolder.save(
        ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(3),
        snapshot.resolve("model.safetensors"));
    Files.writeString(snapshot.resolve("README.md"), "a model");
    Files.writeString(snapshot.resolve("labels.txt"), "cat\ndog\nship\n");
    try (HubCache hub = files.open();
        ViTModel model =
            ViTModel.onHub("somebody/vit@main")
                .hub(hub)
                .labels(snapshot.resolve("labels.txt"))
                .load()) {
      assertThat(model.labels()).extracting(Label::name).containsExactly("cat", "dog", "ship");
      assertThat(model.classify(IMAGE).best().getProbability()).isPositive();
    }
  }

  @Test
  void aRepositoryIsHereOnceItCanBeOpened() throws IOException {
    HubFolder files = new HubFolder(folder);
    Path snapshot = files.snapshot("somebody/vit");
    try (HubCache hub = files.open()) {
      ViTModelLoader loader = ViTModel.onHub("somebody/vit").hub(hub);
      assertThat(loader.isDownloaded()).as("nothing").isFalse();
      Path weights = Files.createFile(snapshot.resolve("ViT-B_16.npz"));
      assertThat(loader.isDownloaded()).as("weights alone").isFalse();
      Path config = Files.createFile(snapshot.resolve("config.json"));
      assertThat(loader.isDownloaded()).as("a name that nobody else has").isTrue();
      Files.delete(weights);
      assertThat(loader.isDownloaded()).as("a description alone").isFalse();

      Files.createFile(snapshot.resolve("model.safetensors.index.json"));
      Files.createFile(snapshot.resolve("model-00001-of-00002.safetensors"));
      assertThat(loader.isDownloaded()).as("one of two parts").isFalse();
      Files.createFile(snapshot.resolve("model-00002-of-00002.safetensors"));
      assertThat(loader.isDownloaded()).as("both parts").isTrue();

      Files.delete(config);
      HubFolder.save(
          ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(3),
          snapshot.resolve("model.safetensors"));
      assertThat(loader.isDownloaded()).as("a file that describes itself").isTrue();
    }
  }

  @Test
  void aFileOfOnesOwnThatIsMissingLeadsToTheNextSource() throws IOException {
    String both =
        """
        {"family": "mine", "title": "Mine", "about": "Mine.",
         "defaults": {"licence": "MIT", "trained_on": "photos",
           "model": {"img_size": 16, "patch_size": 8, "num_classes": 3}},
         "shapes": {"Ti": {"embed_dim": 16, "depth": 1, "num_heads": 2}},
         "entries": [{"name": "mine", "size": "Ti", "parameters": 0.1,
           "sources": [{"path": "none.safetensors", "names": "timm"},
                       {"hub": "me/mine", "names": "timm"}]},
          {"name": "alone", "size": "Ti", "parameters": 0.1,
           "sources": [{"path": "none.safetensors", "names": "timm"}]}]}
        """;
    Registry mine = Registry.read(Files.writeString(folder.resolve("mine.json"), both));
    try (HubCache hub = new HubFolder(folder.resolve("hub")).open()) {
      assertThatThrownBy(() -> ViTModel.named(mine.require("mine")).hub(hub).load())
          .as("the next source was asked")
          .isInstanceOf(HubException.class)
          .hasMessageContaining("me/mine");
      assertThatThrownBy(() -> ViTModel.named(mine.require("alone")).hub(hub).load())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("none.safetensors does not exist");
    }
  }

  @Test
  void aRepositoryWithoutWeightsShowsWhatItHas() throws IOException {
    HubFolder files = new HubFolder(folder);
    Files.writeString(files.snapshot("somebody/words").resolve("README.md"), "no model");
    try (HubCache hub = files.open()) {
      assertThatThrownBy(() -> ViTModel.onHub("somebody/words").hub(hub).load())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("somebody/words")
          .hasMessageContaining("README.md");
    }
  }

  @Test
  void whatNobodyPublishedIsBuiltUntrained() {
    String untrained =
        Registry.standard().entries().stream()
            .filter(entry -> !entry.hasWeights())
            .findFirst()
            .orElseThrow()
            .name();
    assertThat(ViTZoo.names()).doesNotContain(untrained).contains(ViTZoo.EMBEDDED, TINY);
    assertThat(ViTZoo.build(untrained).config().parallel()).isPositive();
    assertThatThrownBy(() -> ViTZoo.load(untrained))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nobody published")
        .hasMessageContaining("ViTZoo.build");
  }

  @Test
  void badOptionsAreRefusedAtOnce() {
    ViTModelLoader loader = ViTModel.named(ViTZoo.EMBEDDED);
    assertThatThrownBy(() -> loader.threads(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> loader.batch(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> loader.resolution(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> loader.config(Path.of("c.json")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(ViTZoo.EMBEDDED);
    assertThatThrownBy(() -> loader.resolution(33).load())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("33");
    for (String name : List.of("../x", "a/b/c", "a b", "a/b@", "a/b@../c", "")) {
      assertThatThrownBy(() -> ViTModel.onHub(name)).as(name).isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void threadsAreSetForTheEngine() {
    int before = EngineThreads.get();
    try (ViTModel model = ViTModel.named(ViTZoo.EMBEDDED).threads(1).load()) {
      assertThat(EngineThreads.get()).isEqualTo(1);
      assertThat(model.embed(IMAGE)).isNotEmpty();
    } finally {
      EngineThreads.set(before);
    }
  }
}
