package io.github.vit4j.finetune.evaluate;

/** Comma-separated values as RFC 4180 has them. */
final class Csv {

  private Csv() {}

  static String cell(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
