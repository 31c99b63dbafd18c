package io.github.vit4j.zoo.checkpoint.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PyTorch's element types, those that are read and those that are known but refused. */
public enum ElementType {
  /** One byte, 0 or 1. */
  BOOL("BOOL", 1, "bool", "BoolStorage"),
  /** Unsigned, 8 bits. */
  UINT8("U8", 1, "uint8", "ByteStorage"),
  /** Signed, 8 bits. */
  INT8("I8", 1, "int8", "CharStorage"),
  /** Float, 8 bits, 2 of mantissa. */
  FLOAT8_E5M2("F8_E5M2", 1, "float8_e5m2", ""),
  /** Float, 8 bits, 3 of mantissa, no infinities. */
  FLOAT8_E4M3("F8_E4M3", 1, "float8_e4m3fn", ""),
  /** Signed, 16 bits. */
  INT16("I16", 2, "int16", "ShortStorage"),
  /** Unsigned, 16 bits. */
  UINT16("U16", 2, "uint16", ""),
  /** IEEE 754 binary16. */
  FLOAT16("F16", 2, "float16", "HalfStorage"),
  /** The upper 16 bits of a float32. */
  BFLOAT16("BF16", 2, "bfloat16", "BFloat16Storage"),
  /** Signed, 32 bits. */
  INT32("I32", 4, "int32", "IntStorage"),
  /** Unsigned, 32 bits. */
  UINT32("U32", 4, "uint32", ""),
  /** IEEE 754 binary32. */
  FLOAT32("F32", 4, "float32", "FloatStorage"),
  /** IEEE 754 binary64. */
  FLOAT64("F64", 8, "float64", "DoubleStorage"),
  /** Signed, 64 bits. */
  INT64("I64", 8, "int64", "LongStorage"),
  /** Unsigned, 64 bits. */
  UINT64("U64", 8, "uint64", ""),
  /** Two binary16. */
  COMPLEX32("", 4, "complex32", ""),
  /** Two binary32. */
  COMPLEX64("", 8, "complex64", "ComplexFloatStorage"),
  /** Two binary64. */
  COMPLEX128("", 16, "complex128", "ComplexDoubleStorage"),
  /** Quantized, 8 bits. */
  QINT8("", 1, "qint8", "QInt8Storage"),
  /** Quantized, 8 bits. */
  QUINT8("", 1, "quint8", "QUInt8Storage"),
  /** Quantized, 32 bits. */
  QINT32("", 4, "qint32", "QInt32Storage"),
  /** Quantized, two to a byte. */
  QUINT4X2("", 1, "quint4x2", "QUInt4x2Storage"),
  /** Quantized, four to a byte. */
  QUINT2X4("", 1, "quint2x4", "QUInt2x4Storage"),
  /** Another convention for 8-bit floats. */
  FLOAT8_E4M3FNUZ("", 1, "float8_e4m3fnuz", ""),
  /** Another convention for 8-bit floats. */
  FLOAT8_E5M2FNUZ("", 1, "float8_e5m2fnuz", ""),
  /** An 8-bit scale. */
  FLOAT8_E8M0FNU("", 1, "float8_e8m0fnu", ""),
  /** Two 4-bit floats to a byte. */
  FLOAT4_E2M1FN_X2("", 1, "float4_e2m1fn_x2", "");

  private static final Map<String, ElementType> BY_DTYPE = new HashMap<>();
  private static final Map<String, ElementType> BY_STORAGE = new HashMap<>();

  static {
    for (ElementType type : values()) {
      BY_DTYPE.put(type.dtype, type);
      if (!type.storage.isEmpty()) {
        BY_STORAGE.put(type.storage, type);
      }
    }
  }

  private final String safetensors;
  private final int size;
  private final String dtype;
  private final String storage;

  ElementType(String safetensors, int size, String dtype, String storage) {
    this.safetensors = safetensors;
    this.size = size;
    this.dtype = dtype;
    this.storage = storage;
  }

  static Optional<ElementType> ofDtype(String name) {
    return Optional.ofNullable(BY_DTYPE.get(name));
  }

  /** {@return the type of a class such as {@code torch.FloatStorage}} */
  static Optional<ElementType> ofStorage(String name) {
    return Optional.ofNullable(BY_STORAGE.get(name));
  }

  /** {@return what safetensors calls it, or nothing if it is refused} */
  public Optional<String> safetensors() {
    return safetensors.isEmpty() ? Optional.empty() : Optional.of(safetensors);
  }

  /** {@return bytes of one element} */
  public int size() {
    return size;
  }

  /** {@return what is wrong with a type that is refused, for a message} */
  String whyRefused() {
    String kind =
        List.of(COMPLEX32, COMPLEX64, COMPLEX128).contains(this)
            ? "complex numbers"
            : dtype.startsWith("q") ? "quantized numbers" : "numbers of an unusual kind";
    return "holds " + kind + " (torch." + dtype + "), which are not read; convert it to float32";
  }
}
