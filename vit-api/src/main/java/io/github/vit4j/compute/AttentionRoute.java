package io.github.vit4j.compute;

import ai.djl.Device;
import io.github.vit4j.error.BadInputException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way attention mixes values by its map.
 *
 * <p>The system property {@value #PROPERTY} chooses for the process: {@code plain}, {@code fused}
 * or {@code auto}, which is fused wherever the engine has the operator. Attention maps that are
 * observed and attention dropout take the plain way always, since they need the map.
 */
public enum AttentionRoute {
  /** The formula, step by step, with the map in memory. */
  PLAIN,

  /** One operator that never holds the map. */
  FUSED;

  /** The system property that overrides the choice. */
  public static final String PROPERTY = "vit4j.attention";

  /**
   * Not chosen by an initialiser, which would start the engine for whoever names a route, and wrap
   * the refusal of a property that is misspelt in an error.
   */
  private static volatile @Nullable AttentionRoute chosen;

  /**
   * {@return the route on a device}
   *
   * @param device where the operands are
   */
  public static AttentionRoute on(Device device) {
    AttentionRoute route = chosen;
    if (route == null) {
      route = choose(System.getProperty(PROPERTY, "auto")); // the same in every thread
      chosen = route;
    }
    return route;
  }

  static AttentionRoute choose(String setting) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "plain" -> PLAIN;
      case "fused" -> FUSED;
      case "auto" -> FusedAttention.isThere() ? FUSED : PLAIN;
      default ->
          throw new BadInputException(PROPERTY + " is '" + setting + "'; use auto, plain or fused");
    };
  }
}
