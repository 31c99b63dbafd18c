package io.github.vit4j.zoo.export;

/** A named constant of an ONNX operator. */
final class OnnxAttribute {

  // fields of AttributeProto
  private static final int NAME = 1;
  private static final int FLOAT_VALUE = 2;
  private static final int INT_VALUE = 3;
  private static final int STRING_VALUE = 4;
  private static final int INT_VALUES = 8;
  private static final int TYPE = 20;

  // AttributeProto.AttributeType
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int INTS = 7;

  private final ProtoMessage message;

  private OnnxAttribute(String name, int type) {
    message = new ProtoMessage().text(NAME, name).number(TYPE, type);
  }

  static OnnxAttribute of(String name, double value) {
    OnnxAttribute attribute = new OnnxAttribute(name, FLOAT);
    attribute.message.number(FLOAT_VALUE, (float) value);
    return attribute;
  }

  static OnnxAttribute of(String name, long value) {
    OnnxAttribute attribute = new OnnxAttribute(name, INT);
    attribute.message.number(INT_VALUE, value);
    return attribute;
  }

  static OnnxAttribute of(String name, String value) {
    OnnxAttribute attribute = new OnnxAttribute(name, STRING);
    attribute.message.text(STRING_VALUE, value);
    return attribute;
  }

  static OnnxAttribute list(String name, long... values) {
    OnnxAttribute attribute = new OnnxAttribute(name, INTS);
    for (long value : values) {
      attribute.message.number(INT_VALUES, value);
    }
    return attribute;
  }

  ProtoMessage message() {
    return message;
  }
}
