package io.github.vit4j.zoo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.ViTSummary;
import io.github.vit4j.zoo.ClassNames;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import io.github.vit4j.zoo.names.NameConverters;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every entry against the model that is built from it. */
class StandardRegistryTest {

  /** timm's counter leaves out or adds small things, such as the pooling's query. */
  private static final double GMACS_TOLERANCE = 0.01;

  static Stream<ZooEntry> entries() {
    return Registry.standard().entries().stream();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void thePublishedFiguresAreThoseOfTheModel(ZooEntry entry) {
    Published published = entry.published();
    Integer counted = published.countedClasses();
    ViTConfig config = counted == null ? entry.config() : entry.config().withClasses(counted);
    ViTSummary summary = ViTSummary.of(ViT.of(config));
    BigDecimal parameters = published.parameters();
    if (parameters != null) {
      // half of the last digit; 88,225,000 was rounded down
      BigDecimal half = parameters.ulp().divide(BigDecimal.valueOf(2));
      assertThat(BigDecimal.valueOf(summary.parameters(), 6)).isCloseTo(parameters, within(half));
    }
    BigDecimal gmacs = published.gmacs();
    assertThat(parameters == null ? gmacs : parameters).as("a published count").isNotNull();
    if (gmacs != null) {
      double ours = summary.macs() / 1e9;
      double lastDigit = gmacs.ulp().doubleValue();
      assertThat(ours).isCloseTo(gmacs.doubleValue(), within(GMACS_TOLERANCE * ours + lastDigit));
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void whatAnEntrySaysFitsTogether(ZooEntry entry) {
    ViTConfig config = entry.config();
    assertThat(entry.preprocessing().height()).isEqualTo(config.imageHeight());
    assertThat(entry.preprocessing().width()).isEqualTo(config.imageWidth());
    Published published = entry.published();
    for (BigDecimal top1 :
        Stream.of(published.top1(), published.top1Timm(), published.top1V2())
            .filter(t -> t != null)
            .toList()) {
      assertThat(top1).isBetween(BigDecimal.valueOf(40), BigDecimal.valueOf(95));
    }
    if (published.top1() != null && published.top1Timm() != null) {
      assertThat(published.top1Timm()).isCloseTo(published.top1(), within(BigDecimal.ONE));
    }
    for (Source source : entry.sources()) {
      assertThat(NameConverters.named(source.names()).mapForReading(ViT.of(config)).shapes())
          .as("what is read of " + source.address().text())
          .isNotEmpty();
      String sha256 = source.sha256();
      if (sha256 != null) {
        assertThat(source.address().text()).as("who prints the checksum").contains(sha256);
      }
    }
  }

  @Test
  void whatTheLibraryPromisesIsThere() {
    Registry zoo = Registry.standard();
    assertThat(zoo.families().stream().map(Family::id))
        .contains("deit", "deit3", "augreg", "vit", "mae", "beit", "beitv2", "dino", "dinov2")
        .contains("clip", "siglip", "three-things", "vit4j");
    for (String name :
        List.of(
            "deit_base_distilled_patch16_384.fb_in1k",
            "deit3_huge_patch14_224.fb_in22k_ft_in1k",
            "vit_base_patch8_224.augreg_in21k",
            "vit_small_patch14_reg4_dinov2.lvd142m",
            "deit_small_patch16_24x2.3things_300ep",
            "deit_base_patch16_LS_384.3things_attn_ft",
            "deit_base_patch16_hmlp.3things_300ep",
            ViTZoo.EMBEDDED)) {
      assertThat(zoo.find(name)).as(name).isPresent();
    }
    assertThat(zoo.entries().stream().filter(e -> !e.hasWeights()))
        .isNotEmpty()
        .allMatch(e -> e.family().id().equals("three-things"))
        .allMatch(e -> String.valueOf(e.note()).startsWith("Nobody published weights"));
  }

  @ParameterizedTest
  @CsvSource({
    "vit_base_patch16_224, vit_base_patch16_224.augreg2_in21k_ft_in1k", // as in timm
    "vit_small_patch8_224, vit_small_patch8_224.dino",
    "vit_huge_patch14_224, vit_huge_patch14_224.orig_in21k",
    "timm/vit_base_patch16_clip_224.openai, vit_base_patch16_clip_quickgelu_224.openai",
    "deit_3_small_224_1k.pth, deit3_small_patch16_224.fb_in1k",
  })
  void shorterNamesWork(String name, String meant) {
    assertThat(Registry.standard().require(name).name()).isEqualTo(meant);
  }

  @Test
  void theEmbeddedModelIsWhatItsEntrySays() {
    ZooEntry entry = Registry.standard().require(ViTZoo.EMBEDDED);
    try (ViTModel model = ViTZoo.load(entry.name())) {
      assertThat(model.network().config()).isEqualTo(entry.config());
      assertThat(model.preprocessing()).isEqualTo(entry.preprocessing());
      assertThat(model.labels()).isEqualTo(ClassNames.of(Objects.requireNonNull(entry.labels())));
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyNameFindsItsEntry(ZooEntry entry) {
    Registry zoo = Registry.standard();
    assertThat(zoo.require(entry.name())).isEqualTo(entry);
    for (String alias : entry.aliases()) {
      assertThat(zoo.require(alias)).isEqualTo(entry);
    }
    List<ViTConfig> same =
        zoo.entries().stream()
            .filter(other -> other.architecture().equals(entry.architecture()))
            .map(other -> other.config().withClasses(0))
            .distinct()
            .toList();
    assertThat(same).as("one architecture, one configuration").hasSize(1);
    assertThat(zoo.architecture(entry.architecture()).orElseThrow().withClasses(0))
        .isEqualTo(same.get(0));
  }
}
