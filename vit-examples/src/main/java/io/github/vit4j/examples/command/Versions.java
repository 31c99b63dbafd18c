package io.github.vit4j.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions this program was built with. */
public final class Versions implements IVersionProvider {

  /** For picocli. */
  public Versions() {}

  @Override
  public String[] getVersion() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      versions.load(Objects.requireNonNull(in, "versions.properties"));
    }
    return new String[] {
      "vit %s (DJL %s, PyTorch %s, Java %s)"
          .formatted(
              versions.getProperty("vit"),
              versions.getProperty("djl"),
              versions.getProperty("pytorch"),
              System.getProperty("java.version"))
    };
  }
}
