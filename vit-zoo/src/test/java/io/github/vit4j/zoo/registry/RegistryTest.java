package io.github.vit4j.zoo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {

  private static final String FILE =
      """
      {
        "family": "mine", "title": "Mine", "about": "My models.",
        "defaults": {
          "licence": "MIT", "trained_on": "photos",
          "model": {"img_size": 32, "patch_size": 8, "num_classes": 3, "crop_pct": 1.0},
          "sources": [{"hub": "me/{name}", "names": "timm"},
                      {"link": "https://example.org/{file}", "names": "timm", "sha256": "in-name"}]},
        "shapes": {"Ti": {"embed_dim": 192, "depth": 2, "num_heads": 3}},
        "entries": [
          {"name": "my_vit.photos", "size": "Ti", "parameters": 0.9, "top1": 71.0},
          {"name": "my_vit.v2", "size": "Ti", "file": "my-vit-0123abcd.pth", "aliases": ["best"],
           "model": {"num_classes": 5}, "licence": "Apache-2.0"},
          {"name": "my_local_vit", "size": "Ti", "model": {"depth": 3},
           "sources": [{"path": "weights/local.safetensors", "names": "timm"}]},
          {"name": "my_idea", "size": "Ti", "model": {"parallel": 2}, "untrained": "Not yet trained."}]
      }
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets the field
  Path folder;

  private Registry read(String json) {
    try {
      return Registry.read(Files.writeString(folder.resolve("mine.json"), json));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void entriesTakeWhatTheyDoNotSayFromTheirFile() {
    Registry mine = read(FILE);
    ZooEntry first = mine.require("my_vit.photos");
    assertThat(first.config().width()).isEqualTo(192);
    assertThat(first.config().classes()).isEqualTo(3);
    assertThat(first.preprocessing()).isEqualTo(EvalTransform.ofSize(32).withCropRatio(1));
    assertThat(first.licence()).isEqualTo("MIT");
    assertThat(first.labels()).isNull();
    assertThat(first.published().top1()).isEqualTo(new BigDecimal("71.0"));
    assertThat(first.sources())
        .containsExactly(
            new Source(
                new Address.HubFile("me/my_vit.photos", "main", "model.safetensors"),
                FileFormat.SAFETENSORS,
                "timm",
                null,
                null));
    ZooEntry second = mine.require("best");
    assertThat(second.config()).isEqualTo(first.config().withClasses(5));
    assertThat(second.licence()).isEqualTo("Apache-2.0");
    assertThat(second.sources()).hasSize(2);
    assertThat(second.sources().get(1).sha256()).isEqualTo("0123abcd");
    assertThat(second.sources().get(1).format()).isEqualTo(FileFormat.TORCH);
    assertThat(mine.require("my-vit-0123abcd.pth")).isEqualTo(second);
    assertThat(mine.require("my_local_vit").sources().get(0).address())
        .isEqualTo(new Address.LocalFile(folder.resolve("weights/local.safetensors")));
    ZooEntry idea = mine.require("my_idea");
    assertThat(idea.hasWeights()).isFalse();
    assertThat(idea.config().parallel()).isEqualTo(2);
  }

  @Test
  void registriesAddUpButDoNotHideEachOther() {
    Registry both = Registry.standard().with(read(FILE));
    assertThat(both.entries()).hasSize(Registry.standard().entries().size() + 4);
    assertThat(both.require("best").family().title()).isEqualTo("Mine");
    assertThat(both.require("deit3_small_patch16_224").hasWeights()).isTrue();
    assertThatThrownBy(() -> both.with(read(FILE)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("my_vit.photos");
    String taken = FILE.replace("\"best\"", "\"deit3_small_patch16_224.fb_in1k\"");
    assertThatThrownBy(() -> Registry.standard().with(read(taken)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("names both");
  }

  @Test
  void sourcesSayHowTheyAreVerified() {
    Address link = Addresses.link("https://example.org/a.npz");
    assertThat(new Source(link, FileFormat.NPZ, "flax", null, null).verification())
        .contains("no published checksum");
    Address hub = Addresses.hub("me/x", "main", "model.safetensors");
    assertThat(new Source(hub, FileFormat.SAFETENSORS, "timm", null, null).verification())
        .contains("ETag");
    Source prefix = new Source(link, FileFormat.NPZ, "flax", "0123abcd", null);
    assertThat(prefix.hasCompleteSha256()).isFalse();
    Source whole = new Source(link, FileFormat.NPZ, "flax", "0123abcd".repeat(8), null);
    assertThat(whole.hasCompleteSha256()).isTrue();
    assertThat(whole.verification()).contains("0123abcd".repeat(8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deit3_smal_patch16_224.fb_in1k | deit3_small_patch16_224.fb_in1k
          vit_base_patch16_244           | vit_base_patch16_224
          deit_3_small_224_1k.pt         | deit_3_small_224_1k.pth
          """)
  void aMistypedNameIsAnsweredWithTheNearest(String wrong, String near) {
    assertThatThrownBy(() -> Registry.standard().require(wrong))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'" + wrong + "'")
        .hasMessageContaining("did you mean")
        .hasMessageContaining(near);
  }

  @Test
  void aStrangeNameIsAnswered() {
    assertThatThrownBy(() -> Registry.standard().require("qqq\n" + "x".repeat(9999)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'vit list'")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "size": "Ti", "parameters" | "size": "Ti", "sise": 1, "parameters" | unknown key 'sise'
          "size": "Ti", "parameters" | "parameters"                          | lacks the key 'size'
          "parameters": 0.9          | "top1": 70, "parameters": 0.9         | the key 'top1' comes twice
          "parameters": 0.9          | "parameters": "many"                  | must be a number above 0
          "parameters": 0.9          | "parameters": -1                      | must be a number above 0
          "parameters": 0.9          | "parameters": 1e999999999             | must be a number above 0
          "parameters": 0.9          | "parameters": 09                      | not JSON
          "parameters": 0.9          | "labels": "imagenet-1k"               | has 1000 classes, but the model 3
          "parameters": 0.9          | "labels": "flowers"                   | no set of classes 'flowers'
          "parameters": 0.9          | "top1_by": "luck"                     | 'top1_by' must be one of
          "parameters": 0.9          | "note": ""                            | a text of one line
          "parameters": 0.9          | "sources": []                         | no source of weights
          "parameters": 0.9          | "sources": [{"names": "timm"}]        | one of 'hub', 'link' and 'path'
          "parameters": 0.9          | "sources": [{"hub": "a/b", "path": "c.pth", "names": "timm"}] | one of 'hub', 'link' and 'path'
          "parameters": 0.9          | "sources": [{"hub": "a/b"}]           | lacks the key 'names'
          "parameters": 0.9          | "sources": [{"resource": "x.npz", "names": "timm"}] | one of 'hub', 'link' and 'path'
          "parameters": 0.9          | "sources": [{"hub": "a/{nome}", "names": "timm"}] | the hole {nome}
          "parameters": 0.9          | "sources": [{"hub": "a", "names": "timm"}] | owner/name
          "parameters": 0.9          | "sources": [{"hub": "a/../b", "names": "timm"}] | owner/name
          "parameters": 0.9          | "sources": [{"hub": "a/b", "file": "../x.npz", "names": "timm"}] | no file in a repository
          "parameters": 0.9          | "sources": [{"hub": "a/b", "file": "/x.npz", "names": "timm"}] | no file in a repository
          "parameters": 0.9          | "sources": [{"hub": "a/b", "revision": "a b", "names": "timm"}] | no revision
          "parameters": 0.9          | "sources": [{"hub": "a/b", "file": "x.onnx", "names": "timm"}] | no ending that tells its format
          "parameters": 0.9          | "sources": [{"link": "http://e.org/x.npz", "names": "timm"}] | no address of a file
          "parameters": 0.9          | "sources": [{"link": "file:///x.npz", "names": "timm"}] | no address of a file
          "parameters": 0.9          | "sources": [{"link": "https://u:p@e.org/x.npz", "names": "timm"}] | no address of a file
          "parameters": 0.9          | "sources": [{"link": "https://e.org/a/../x.npz", "names": "timm"}] | no address of a file
          "parameters": 0.9          | "sources": [{"link": "https://e.org/x.npz?k=v", "names": "timm"}] | no address of a file
          "parameters": 0.9          | "sources": [{"hub": "a/b", "names": "timm", "sha256": "in-name"}] | does not carry a SHA-256
          "parameters": 0.9          | "sources": [{"hub": "a/b", "names": "timm", "sha256": "abc"}] | is no SHA-256
          "embed_dim": 192           | "embed_dim": 191                      | not divisible by heads
          "embed_dim": 192           | "embed_dim": 192, "rope": true        | not understood
          my_vit.v2                  | my_vit.photos                         | names both
          my_vit.v2                  | ../v2                                 | is no name of a model
          "about": "My models."      | "about": 1                            | 'about' must be
          """)
  void whatIsWrongIsNamed(String part, String instead, String message) {
    assertThat(FILE).contains(part);
    assertThatThrownBy(() -> read(FILE.replace(part, instead)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> read("[]")).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> read("")).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(BadInputException.class);
    Path image = Files.write(folder.resolve("image.json"), new byte[] {-1, -40, -1});
    assertThatThrownBy(() -> Registry.read(image))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("image.json");
    assertThatThrownBy(() -> Registry.read(folder.resolve("none.json")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none.json");
  }

  /** Whatever happens to a file, it reads or it is refused. */
  @Test
  void damagedFilesAreReadOrRefused() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder damaged = new StringBuilder(FILE);
      for (int j = random.nextInt(3); j >= 0; j--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.setCharAt(at, (char) (32 + random.nextInt(95)));
          case 1 -> damaged.deleteCharAt(at);
          default -> damaged.setLength(at + 1);
        }
      }
      try {
        assertThat(read(damaged.toString()).entries()).isNotEmpty();
      } catch (BadInputException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
