package io.github.vit4j.examples.cli;

import io.github.vit4j.model.ViTSummary;
import io.github.vit4j.zoo.registry.Protocol;
import io.github.vit4j.zoo.registry.Source;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the registry with what it costs.
 *
 * @param entry the entry
 * @param parameters of the model that is built from it
 * @param macs multiply-accumulates for one image
 */
record ZooRow(ZooEntry entry, long parameters, long macs) {

  /** What programs get of a source. */
  record SourceReport(
      String address, String format, String names, @Nullable String sha256, @Nullable String note) {

    static SourceReport of(Source source) {
      return new SourceReport(
          source.address().text(),
          source.format().name().toLowerCase(Locale.ROOT),
          source.names(),
          source.sha256(),
          source.note());
    }
  }

  /** What programs get of an entry. */
  record Report(
      String name,
      String family,
      String size,
      List<String> aliases,
      long parameters,
      long macs,
      int imageHeight,
      int imageWidth,
      int classes,
      @Nullable String labels,
      String trainedOn,
      String licence,
      @Nullable BigDecimal top1,
      @Nullable BigDecimal top1Timm,
      @Nullable BigDecimal top1V2,
      String top1By,
      boolean weights,
      List<SourceReport> sources,
      @Nullable String note) {}

  static ZooRow of(ZooEntry entry) {
    ViTSummary summary = entry.summary();
    return new ZooRow(entry, summary.parameters(), summary.macs());
  }

  Report report() {
    return new Report(
        entry.name(),
        entry.family().id(),
        entry.size(),
        entry.aliases(),
        parameters,
        macs,
        entry.config().imageHeight(),
        entry.config().imageWidth(),
        entry.config().classes(),
        entry.labels() == null ? null : entry.labels().id(),
        entry.trainedOn(),
        entry.licence(),
        entry.published().top1(),
        entry.published().top1Timm(),
        entry.published().top1V2(),
        entry.published().protocol().word(),
        entry.hasWeights(),
        entry.sources().stream().map(SourceReport::of).toList(),
        entry.note());
  }

  String millions() {
    return digits(parameters / 1e6);
  }

  String gmacs() {
    return digits(macs / 1e9);
  }

  private static String digits(double number) {
    String format = number >= 1000 ? "%.0f" : number >= 100 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, number);
  }

  String pixels() {
    int height = entry.config().imageHeight();
    int width = entry.config().imageWidth();
    return height == width ? Integer.toString(height) : height + "x" + width;
  }

  String top1() {
    BigDecimal top1 = entry.published().bestKnownTop1();
    return top1 == null ? "" : top1.toPlainString();
  }

  /** How top-1 was reached, where that is not the plain case of the entry's own head. */
  String how() {
    Protocol protocol = entry.published().protocol();
    return top1().isEmpty() || protocol == Protocol.HEAD ? "" : protocol.title();
  }
}
