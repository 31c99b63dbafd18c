package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.registry.Address;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.Source;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/own-model.md: its file reads, and its code is the code below. */
class OwnModelTest {

  private static final Path PAGE = Path.of("..", "docs", "own-model.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/github/vit4j/examples/cli/OwnModelTest.java");

  @Test
  void theFileOfThePageReadsAndItsCodeRuns(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("flowers.json"), block(Files.readString(PAGE), "json"));
    // page: begin
    Registry zoo = Registry.standard().with(Registry.read(file));
    ZooEntry mine = zoo.require("flowers_vit_small_6x2.v1");
    System.out.println(mine.summary()); // parameters and cost, nothing allocated
    VisionTransformer untrained = ViT.of(mine.config()); // build it
    List<Source> weights = mine.sources(); // where its weights lie
    ViTModelLoader trained = ViTModel.named(mine); // .load() brings and opens them
    // page: end
    assertThat(trained.isDownloaded()).isFalse();
    assertThat(untrained.config().parallel()).isEqualTo(2);
    assertThat(weights.get(0).address())
        .isEqualTo(new Address.LocalFile(folder.resolve("weights/flowers_6x2.safetensors")));
    ZooEntry hub = zoo.require("flowers_vit_small.v1");
    BigDecimal printed = Objects.requireNonNull(hub.published().parameters());
    assertThat(BigDecimal.valueOf(hub.summary().parameters(), 6))
        .isCloseTo(printed, within(new BigDecimal("0.05")));
    assertThat(Shell.run("list", "--registry", file, "--family", "flowers").lines()).hasSize(5);
    Object[] used = {"summary", "--registry", file, "-m", "flowers_vit_small_6x2.v1"};
    assertThat(Shell.run(used).err()).contains("flowers_6x2.safetensors"); // which is not there
    assertThat(Shell.run("download", "--registry", file, "flowers_vit_small_6x2.v1").err())
        .contains("flowers_6x2.safetensors");
    assertThat(Shell.run("info", "--registry", file, "flowers_vit_small.v1").out())
        .contains("hf:your-name/flowers_vit_small.v1/model.safetensors");
  }

  @Test
  void theCodeOfThePageIsTheCodeAbove() throws IOException {
    String source = Files.readString(SOURCE);
    String region = source.split("// page: begin\n", 2)[1].split("// page: end", 2)[0];
    assertThat(plain(block(Files.readString(PAGE), "java"))).isEqualTo(plain(region));
  }

  private static String block(String page, String language) {
    return page.split("```" + language + "\n", 2)[1].split("```", 2)[0];
  }

  /** Indentation and the gap before a comment differ by place. */
  private static String plain(String code) {
    return code.strip().replaceAll("(?m)^ +", "").replaceAll(" +//", " //");
  }
}
