package io.github.vit4j.zoo.hub;

/**
 * That nobody is to be asked.
 *
 * @param why who says so
 * @param remedy what would allow it
 */
record Offline(String why, String remedy) {

  /** Said by the program itself, whatever the environment says. */
  static final Offline BY_PROGRAM =
      new Offline("this program was told to stay offline", "let it use the network");

  static Offline byVariable(String name) {
    return new Offline(name + " forbids to ask for it", "unset " + name);
  }
}
