package io.github.vit4j.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The few opcodes of Python's pickle, protocol 2, that a TorchScript archive needs. What is not
 * memoised is simply written again.
 */
final class PickleWriter {

  private static final int PROTO = 0x80;
  private static final int EMPTY_TUPLE = ')';
  private static final int EMPTY_DICT = '}';
  private static final int MARK = '(';
  private static final int TUPLE = 't';
  private static final int GLOBAL = 'c';
  private static final int NEWOBJ = 0x81;
  private static final int REDUCE = 'R';
  private static final int BUILD = 'b';
  private static final int SETITEMS = 'u';
  private static final int BINPERSID = 'Q';
  private static final int BINUNICODE = 'X';
  private static final int BININT = 'J';
  private static final int LONG1 = 0x8a;
  private static final int NEWTRUE = 0x88;
  private static final int NEWFALSE = 0x89;
  private static final int STOP = '.';

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    out.write(PROTO);
    out.write(2);
  }

  PickleWriter mark() {
    out.write(MARK);
    return this;
  }

  /** Everything since the last mark becomes one tuple. */
  PickleWriter tuple() {
    out.write(TUPLE);
    return this;
  }

  PickleWriter emptyTuple() {
    out.write(EMPTY_TUPLE);
    return this;
  }

  PickleWriter emptyDict() {
    out.write(EMPTY_DICT);
    return this;
  }

  /** Everything since the last mark becomes keys and values of the dictionary below it. */
  PickleWriter setItems() {
    out.write(SETITEMS);
    return this;
  }

  PickleWriter global(String module, String name) {
    out.write(GLOBAL);
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Calls the function below the tuple on top. */
  PickleWriter reduce() {
    out.write(REDUCE);
    return this;
  }

  /** Makes an object of the class below the tuple on top. */
  PickleWriter newObject() {
    out.write(NEWOBJ);
    return this;
  }

  /** Gives the object below the dictionary on top its state. */
  PickleWriter build() {
    out.write(BUILD);
    return this;
  }

  /** Makes the tuple on top a reference to what lies outside the pickle. */
  PickleWriter persistentId() {
    out.write(BINPERSID);
    return this;
  }

  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(BINUNICODE);
    littleEndian(bytes.length, 4);
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter integer(long value) {
    if (value == (int) value) {
      out.write(BININT);
      littleEndian(value, 4);
    } else {
      out.write(LONG1);
      out.write(8);
      littleEndian(value, 8);
    }
    return this;
  }

  PickleWriter integers(long... values) {
    mark();
    for (long value : values) {
      integer(value);
    }
    return tuple();
  }

  PickleWriter truth(boolean value) {
    out.write(value ? NEWTRUE : NEWFALSE);
    return this;
  }

  private void littleEndian(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> 8 * i));
    }
  }

  byte[] stop() {
    out.write(STOP);
    return out.toByteArray();
  }
}
