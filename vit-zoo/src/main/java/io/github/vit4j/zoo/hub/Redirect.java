package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** Where a redirect may lead, and what goes along. */
final class Redirect {

  private Redirect() {}

  /** The address that an answer points to, if it is one that may be followed. */
  static URI target(Answer answer) throws Failure {
    String location =
        answer
            .header("Location")
            .orElseThrow(() -> refused(answer.address(), "a redirect without an address came"));
    URI target;
    try {
      target = answer.address().resolve(URI.create(escaped(location)));
    } catch (IllegalArgumentException e) {
      throw refused(answer.address(), "a redirect to something that is no address came");
    }
    if (!isHttp(target) || target.getHost() == null || target.getRawUserInfo() != null) {
      throw refused(answer.address(), "a redirect to something that is no web address came");
    }
    if (isSecure(answer.address()) && !isSecure(target)) {
      throw refused(
          answer.address(), "a redirect from https to http came (" + Shown.address(target) + ")");
    }
    return target;
  }

  /** Same scheme, host and port: only there may a token go. */
  static boolean isSameOrigin(URI one, URI other) {
    return Objects.equals(scheme(one), scheme(other))
        && one.getHost() != null
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  static boolean isHttp(URI address) {
    return scheme(address).equals("http") || isSecure(address);
  }

  private static boolean isSecure(URI address) {
    return scheme(address).equals("https");
  }

  private static String scheme(URI address) {
    String scheme = address.getScheme();
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return isSecure(address) ? 443 : 80;
  }

  /** Servers send characters that {@link URI} refuses although every browser takes them. */
  private static String escaped(String location) {
    StringBuilder text = new StringBuilder();
    for (byte b : location.strip().getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      if (c <= ' ' || c >= 0x7F || "\"<>\\^`{|}".indexOf(c) >= 0) {
        text.append(String.format("%%%02X", c));
      } else {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  private static Failure refused(URI from, String why) {
    return Failure.lasting(
        Reason.NETWORK, from, why, "the server or a proxy is set up wrongly; use another mirror");
  }
}
