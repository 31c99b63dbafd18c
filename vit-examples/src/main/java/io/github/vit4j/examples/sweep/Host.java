package io.github.vit4j.examples.sweep;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, for messages that come from another one. */
final class Host {

  private Host() {}

  static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this machine";
    }
  }
}
