package io.github.vit4j.zoo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.ViTSummary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every entry against the model that is built from it. */
class StandardRegistryTest {

  /** timm's counter leaves out or adds small things, such as the pooling's query. */
  private static final double GMACS_TOLERANCE = 0.01;

  private static final Set<String> NAMES =
      Set.of("timm", "deit_v2", "beit", "flax", "dinov2", "openai_clip");

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
      BigDecimal millions = BigDecimal.valueOf(summary.parameters(), 6);
      assertThat(millions.setScale(parameters.scale(), RoundingMode.HALF_UP)).isEqualTo(parameters);
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
      assertThat(source.names()).isIn(NAMES);
      String sha256 = source.sha256();
      if (sha256 != null) {
        assertThat(source.address().text()).as("who prints the checksum").contains(sha256);
      }
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
