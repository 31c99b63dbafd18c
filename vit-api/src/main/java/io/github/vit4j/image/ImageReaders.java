package io.github.vit4j.image;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The JDK's own image readers, whatever other plug-ins are on the class path. */
final class ImageReaders {

  private ImageReaders() {}

  /** By class name, because the class itself is not exported. */
  static ImageReader create(String providerClass) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().equals(providerClass)) {
        try {
          return provider.createReaderInstance();
        } catch (IOException e) {
          throw new IllegalStateException("The JDK's image reader does not start", e);
        }
      }
    }
    throw new IllegalStateException(
        "This Java runtime has no "
            + providerClass
            + ": run on a full OpenJDK 17 or newer, with the module java.desktop");
  }
}
