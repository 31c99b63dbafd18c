package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.zoo.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooCommandsTest {

  private static final Path PAGE = Path.of("..", "docs", "zoo.md");

  @Test
  void listShowsEveryModelWithCostAndAccuracy() {
    Outcome shown = run("list");
    assertThat(shown.code()).isZero();
    assertThat(shown.err()).isEmpty();
    assertThat(shown.lines()).hasSize(Registry.standard().entries().size() + 3);
    assertThat(shown.lines())
        .anyMatch(
            line ->
                line.matches(
                    "deit3_small_patch16_224\\.fb_in1k +22\\.06 +4\\.60 +224 +81\\.4  Apache-2\\.0"))
        .anyMatch(line -> line.matches("deit_small_patch16_24x2\\.3things.* untrained"))
        .anyMatch(line -> line.matches("vit_small_patch14_dinov2\\.lvd142m.* linear probe"));
  }

  @Test
  void listFilters() {
    assertThat(run("list", "--family", "DINOv2").lines()).hasSize(8 + 3);
    assertThat(run("list", "--family", "dinov2", "--max-params", 100).lines()).hasSize(4 + 3);
    assertThat(run("list", "--size", "ti", "--family", "deit").lines()).hasSize(2 + 3);
    assertThat(run("list", "--size", "g").out()).contains("giant").doesNotContain("gigantic");
    assertThat(run("list", "--size", "G").out()).contains("gigantic").doesNotContain("giant_");
    assertThat(run("list", "--licence", "cc-by-nc").lines()).hasSize(6 + 3);
    assertThat(run("list", "--with-weights").out()).doesNotContain("untrained");
    assertThat(run("list", "--max-gmacs", 0.1).lines()).hasSize(1 + 3);
    Outcome wrong = run("list", "--family", "resnet");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("no family 'resnet'").contains("deit3");
  }

  @Test
  void listWritesJson() {
    Outcome shown = run("list", "--family", "clip", "--json");
    assertThat(shown.out()).matches("\\p{ASCII}*");
    JsonArray models = JsonParser.parseString(shown.out()).getAsJsonArray();
    assertThat(models).hasSize(4);
    JsonObject first = models.get(0).getAsJsonObject();
    assertThat(first.get("top1By").getAsString()).isEqualTo("zero_shot");
    JsonObject link = first.getAsJsonArray("sources").get(1).getAsJsonObject();
    assertThat(link.get("sha256").getAsString()).hasSize(64);
    assertThat(link.get("address").getAsString()).contains(link.get("sha256").getAsString());
  }

  @Test
  void infoShowsAllAboutAModel() {
    Outcome shown = run("info", "deit_3_small_224_1k.pth");
    assertThat(shown.code()).isZero();
    assertThat(shown.lines().get(0)).isEqualTo("deit3_small_patch16_224.fb_in1k");
    assertThat(shown.out())
        .contains("hf:timm/deit3_small_patch16_224.fb_in1k/model.safetensors")
        .contains("ETag is verified at download and pinned locally")
        .contains("https://dl.fbaipublicfiles.com/deit/deit_3_small_224_1k.pth")
        .contains("81.382 %, own head, as timm measured")
        .contains("1,000 classes of imagenet-1k")
        .contains("(2022), https://arxiv.org/abs/2204.07118")
        .contains("22,059,496");
    assertThat(run("info", "deit_small_patch16_24x2").out())
        .contains("Nobody published weights")
        .doesNotContain("hf:");
    assertThat(run("info", "vit_small_patch8_224", "--json").out())
        .contains("\"vit_small_patch8_224.dino\"");
    JsonObject all =
        JsonParser.parseString(run("info", "deit3_small_patch16_224.fb_in1k", "--json").out())
            .getAsJsonObject();
    assertThat(all.get("parameters").getAsLong()).isEqualTo(22_059_496);
    assertThat(all.getAsJsonObject("preprocessing").get("height").getAsInt()).isEqualTo(224);
    assertThat(all.getAsJsonObject("config").get("depth").getAsInt()).isEqualTo(12);
    assertThat(all.get("cite").getAsString()).contains("2204.07118");
    assertThat(all.getAsJsonArray("parts")).isNotEmpty();
    Outcome wrong = run("info", "deit3_smal_patch16_224.fb_in1k");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("did you mean deit3_small_patch16_224.fb_in1k");
  }

  @Test
  void thePageIsNotStale(@TempDir Path folder) throws IOException {
    Path written = folder.resolve("zoo.md");
    assertThat(run("list", "--markdown", written).code()).isZero();
    assertThat(Files.readString(PAGE))
        .as("docs/zoo.md is stale; write it again with: " + ZooPage.COMMAND)
        .isEqualTo(Files.readString(written));
    assertThat(run("list", "--markdown", folder.resolve("none/zoo.md")).code()).isEqualTo(2);
  }
}
