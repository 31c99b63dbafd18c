package io.github.vit4j.model;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Parameters and multiply-accumulates of a model, by part, for one image.
 *
 * <p>Multiply-accumulates are those of the matrix products and convolutions. One counts as one, as
 * in DeiT and in Three things everyone should know about ViTs; papers that count multiply and add
 * separately, such as Scaling Vision Transformers, print twice the number.
 *
 * @param config the architecture
 * @param parts the parts in the data's order
 */
public record ViTSummary(ViTConfig config, List<Part> parts) {

  /**
   * One part of a model.
   *
   * @param name what it is
   * @param parameters how many numbers it learns
   * @param macs multiply-accumulates for one image
   */
  public record Part(String name, long parameters, long macs) {}

  /** Copies the list of parts. */
  public ViTSummary {
    parts = List.copyOf(parts);
  }

  /**
   * {@return the summary of a model, which need not be initialised}
   *
   * @param model the model
   */
  public static ViTSummary of(VisionTransformer model) {
    ViTConfig c = model.config();
    Map<Role, Long> parameters = new EnumMap<>(Role.class);
    for (ViTParameter p : model.namedParameters()) {
      if (!p.isBuffer()) {
        parameters.merge(p.role(), p.size(), Long::sum);
      }
    }
    long t = c.tokens();
    long d = c.width();
    long branches = (long) c.depth() * c.parallel();
    long attention = branches * (4 * t * d * d + 2 * t * t * d);
    long fc1 = c.feedForward() == FeedForwardKind.SWIGLU ? 2 : 1;
    long feedForward = branches * t * d * c.mlpWidth() * (fc1 + 1);
    long pool =
        c.pooling() == Pooling.MAP
            ? 2 * c.patches() * d * d + 2 * c.patches() * d + 2 * d * d + 2 * d * c.mlpWidth()
            : 0;
    long heads = c.distillationHead() ? 2 : 1;

    List<Part> parts = new ArrayList<>();
    add(parts, parameters, "stem", Role.STEM, StemCost.macs(c));
    add(parts, parameters, "class and other tokens", Role.TOKEN, 0);
    add(parts, parameters, "position embedding", Role.POS_EMBED, 0);
    add(parts, parameters, "attention", Role.ATTENTION, attention);
    add(parts, parameters, "feed-forward", Role.FEED_FORWARD, feedForward);
    add(parts, parameters, "norms", Role.NORM, 0);
    add(parts, parameters, "LayerScale", Role.LAYER_SCALE, 0);
    add(parts, parameters, "attention pool", Role.POOL, pool);
    add(parts, parameters, "head", Role.HEAD, heads * c.pooledWidth() * c.classes());
    long adapters = parameters.getOrDefault(Role.ADAPTER, 0L);
    add(parts, parameters, "low-rank branches", Role.ADAPTER, t * adapters);
    return new ViTSummary(c, parts);
  }

  private static void add(
      List<Part> parts, Map<Role, Long> parameters, String name, Role role, long macs) {
    Long count = parameters.get(role);
    if (count != null) {
      parts.add(new Part(name, count, macs));
    }
  }

  /** {@return all learned numbers; running statistics of BatchNorm are not learned} */
  public long parameters() {
    return parts.stream().mapToLong(Part::parameters).sum();
  }

  /** {@return all multiply-accumulates for one image} */
  public long macs() {
    return parts.stream().mapToLong(Part::macs).sum();
  }

  /** {@return a table for people} */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    String row = "%-24s %14s %7s %12s %7s%n";
    table.append(row.formatted("part", "parameters", "", "MACs", ""));
    for (Part part : parts) {
      table.append(
          row.formatted(
              part.name(),
              String.format(Locale.ROOT, "%,d", part.parameters()),
              share(part.parameters(), parameters()),
              giga(part.macs()),
              share(part.macs(), macs())));
    }
    table.append(
        row.formatted(
            "total", String.format(Locale.ROOT, "%,d", parameters()), "", giga(macs()), ""));
    return table.toString();
  }

  private static String share(long part, long whole) {
    return part == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  private static String giga(long macs) {
    return macs == 0 ? "" : String.format(Locale.ROOT, "%.3f G", macs / 1e9);
  }
}
