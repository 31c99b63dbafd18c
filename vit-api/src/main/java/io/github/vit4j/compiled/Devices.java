package io.github.vit4j.compiled;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.vit4j.error.BadInputException;

/** Whether there is such a device. */
final class Devices {

  private Devices() {}

  static void require(Device device) {
    int gpus = Engine.getEngine("PyTorch").getGpuCount();
    if (device.isGpu() && device.getDeviceId() >= gpus) {
      throw new BadInputException(
          "there is no device %s: the engine sees %d GPUs; compile for Device.cpu()"
              .formatted(device, gpus));
    }
  }
}
