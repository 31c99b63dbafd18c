package io.github.vit4j.zoo.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A server's answer.
 *
 * @param address who answered, after redirects
 */
record Answer(URI address, int status, HttpHeaders headers, Body body) implements AutoCloseable {

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  Optional<String> header(String name) {
    return headers.firstValue(name).filter(value -> !value.isBlank());
  }

  /** A header that counts bytes; nonsense counts as absent. */
  OptionalLong length(String name) {
    try {
      long value = Long.parseLong(header(name).orElse("-1").strip());
      return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The whole body, if it is no longer than {@code most} bytes and every pause short enough. */
  byte[] bytes(int most, Duration patience) throws Failure, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (ByteBuffer part = body.next(patience); part != null; part = body.next(patience)) {
        if (all.size() + part.remaining() > most) {
          throw Failure.lasting(
              HubException.Reason.CORRUPT,
              address,
              "the answer is longer than " + Shown.bytes(most),
              "check that the address is that of a hub");
        }
        byte[] chunk = new byte[part.remaining()];
        part.get(chunk);
        all.write(chunk, 0, chunk.length);
      }
    } catch (IOException e) {
      throw Failure.passing(address, String.valueOf(e.getMessage()), e);
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    body.close();
  }
}
