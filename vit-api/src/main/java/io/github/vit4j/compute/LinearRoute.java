package io.github.vit4j.compute;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way a linear layer's product is computed.
 *
 * <p>On AMD processors the engine's own product goes to MKL, which runs at less than half the speed
 * of oneDNN there; a 1x1 convolution goes to oneDNN and gives the same numbers to the last few
 * bits. By default the route is what {@link #measure()} found on this machine some time before, or
 * else follows the processor's vendor: nothing is measured unasked, so that two runs on one machine
 * agree bit for bit. The system property {@value #PROPERTY} overrides both: {@code engine}, {@code
 * onednn} or {@code auto}.
 */
public enum LinearRoute {
  /** The engine's linear operator. */
  ENGINE,

  /** oneDNN, reached through a 1x1 convolution on a channels-last view. */
  ONEDNN;

  /** The system property that overrides the choice. */
  public static final String PROPERTY = "vit4j.linear";

  /** The engine leaves smaller images to a loop of its own, which is slower than its product. */
  private static final long LEAST_ELEMENTS = 20_480;

  /**
   * Chosen once, so that a process stays with it. Not by an initialiser, which would wrap the
   * refusal of a property that is misspelt in an error, and throw another one ever after.
   */
  private static volatile @Nullable LinearRoute onThisCpu;

  /**
   * {@return the route for products on a device}
   *
   * @param device where the operands are; a GPU always takes {@link #ENGINE}
   */
  public static LinearRoute on(Device device) {
    if (device.isGpu()) {
      return ENGINE;
    }
    LinearRoute chosen = onThisCpu;
    return chosen == null ? chosen() : chosen;
  }

  private static synchronized LinearRoute chosen() {
    LinearRoute chosen = onThisCpu;
    if (chosen == null) {
      chosen = choose(System.getProperty(PROPERTY, "auto"), MeasuredRoutes.ofUser());
      onThisCpu = chosen;
    }
    return chosen;
  }

  /**
   * {@return this route, or {@link #ENGINE} for an input of no more than 20,480 elements, which
   * does not get to oneDNN on any}
   *
   * @param x input of a linear layer
   */
  public LinearRoute forInput(NDArray x) {
    return x.size() > LEAST_ELEMENTS ? this : ENGINE;
  }

  /**
   * Measures both routes on this machine with the engine's present number of threads, for about a
   * second, keeps the faster one in the folder of {@code vit4j.cache} (default {@code
   * ~/.cache/vit4j}) and takes it from now on, also in later processes with as many threads.
   * Without effect on {@link #on} where the system property names a route.
   *
   * @return the faster route
   * @throws BadInputException if it cannot be kept
   */
  public static synchronized LinearRoute measure() {
    LinearRoute fastest = RouteMeasurement.fastest();
    MeasuredRoutes.ofUser().keep(RouteMeasurement.machine(), fastest);
    onThisCpu = choose(System.getProperty(PROPERTY, "auto"), MeasuredRoutes.ofUser());
    return fastest;
  }

  static LinearRoute choose(String setting, MeasuredRoutes measured) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "engine" -> ENGINE;
      case "onednn" -> ONEDNN;
      case "auto" -> measured.find(RouteMeasurement.machine()).orElseGet(LinearRoute::byVendor);
      default ->
          throw new BadInputException(
              PROPERTY + " is '" + setting + "'; use auto, engine or onednn");
    };
  }

  private static LinearRoute byVendor() {
    return Cpu.isAmd() ? ONEDNN : ENGINE;
  }
}
