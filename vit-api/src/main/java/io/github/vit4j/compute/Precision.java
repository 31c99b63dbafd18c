package io.github.vit4j.compute;

import ai.djl.Device;
import io.github.vit4j.error.BadInputException;

/** The numbers that the products inside blocks are computed with. */
public enum Precision {
  /** Single precision. */
  FLOAT32,

  /** Half of the bits, for processors with such products; sums inside a product stay float32. */
  BFLOAT16;

  /**
   * {@return whether a device has such products}
   *
   * @param device any; GPUs are taken to have them
   */
  public boolean isOn(Device device) {
    return this == FLOAT32 || device.isGpu() || OneDnn.hasBfloat16();
  }

  /**
   * Refuses a device without such products.
   *
   * @param device where to compute
   * @param remedy what to do instead
   * @throws BadInputException if the device has none
   */
  public void require(Device device, String remedy) {
    if (!isOn(device)) {
      throw new BadInputException("this processor has no bfloat16 products; " + remedy);
    }
  }
}
