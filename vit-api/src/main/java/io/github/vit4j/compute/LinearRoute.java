package io.github.vit4j.compute;

import ai.djl.Device;
import io.github.vit4j.error.BadInputException;
import java.util.Locale;

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

  /** Chosen once, so that a process stays with it. */
  private static final class Chosen {

    private static volatile LinearRoute onThisCpu =
        choose(System.getProperty(PROPERTY, "auto"), MeasuredRoutes.ofUser());

    private Chosen() {}
  }

  /**
   * {@return the route for products on a device}
   *
   * @param device where the operands are; a GPU always takes {@link #ENGINE}
   */
  public static LinearRoute on(Device device) {
    return device.isGpu() ? ENGINE : Chosen.onThisCpu;
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
  public static LinearRoute measure() {
    LinearRoute fastest = RouteMeasurement.fastest();
    MeasuredRoutes.ofUser().keep(RouteMeasurement.machine(), fastest);
    Chosen.onThisCpu = choose(System.getProperty(PROPERTY, "auto"), MeasuredRoutes.ofUser());
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
