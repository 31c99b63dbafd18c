package io.github.vit4j.zoo.export;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A graph of ONNX operators in the making. Values are named by strings; each method adds one
 * operator and gives the name of its result.
 *
 * <p>Source: {@code onnx.proto3} of ONNX 1.15, whose opset is 20.
 */
final class OnnxGraph {

  static final long OPSET = OnnxExport.OPSET;

  /** The version of the format that came with opset 20. */
  private static final long IR_VERSION = 9;

  /** Protocol Buffers count bytes with a signed 32-bit number. */
  private static final long LARGEST_FILE = Integer.MAX_VALUE;

  private final ProtoMessage nodes = new ProtoMessage();
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final Set<String> tensorNames = new HashSet<>();
  private final ProtoMessage ends = new ProtoMessage();
  private int counter;

  private static final class Model {
    static final int IR_VERSION = 1;
    static final int PRODUCER = 2;
    static final int GRAPH = 7;
    static final int OPSET_IMPORT = 8;
    static final int METADATA = 14;
  }

  private static final class Graph {
    static final int NODE = 1;
    static final int NAME = 2;
    static final int INITIALIZER = 5;
    static final int INPUT = 11;
    static final int OUTPUT = 12;
  }

  private static final class Node {
    static final int INPUT = 1;
    static final int OUTPUT = 2;
    static final int NAME = 3;
    static final int OPERATOR = 4;
    static final int ATTRIBUTE = 5;
  }

  /** A tensor of the file; added once, however often it is asked for. */
  String tensor(String name, NDArray values) {
    if (tensorNames.add(name)) {
      tensors.add(OnnxTensor.of(name, values));
    }
    return name;
  }

  /** Constant whole numbers, such as a shape. */
  String constant(String name, long[] shape, long... values) {
    if (tensorNames.add(name)) {
      tensors.add(OnnxTensor.of(name, shape, values));
    }
    return name;
  }

  /** Constant numbers. */
  String constant(String name, long[] shape, float... values) {
    if (tensorNames.add(name)) {
      tensors.add(OnnxTensor.of(name, shape, values));
    }
    return name;
  }

  /** A constant list of whole numbers, named after its content. */
  String list(long... values) {
    StringBuilder name = new StringBuilder("list");
    for (long value : values) {
      name.append('_').append(value);
    }
    return constant(name.toString(), new long[] {values.length}, values);
  }

  /** A constant number, named after its value. */
  String scalar(double value) {
    return constant("scalar_" + (float) value, new long[0], (float) value);
  }

  String add(String operator, List<String> inputs, OnnxAttribute... attributes) {
    return add(operator, inputs, 1, attributes).get(0);
  }

  List<String> add(String operator, List<String> inputs, int outputs, OnnxAttribute... attributes) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.text(Node.INPUT, input));
    String name = operator + "_" + counter++;
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      String result = outputs == 1 ? name : name + "_" + i;
      results.add(result);
      node.text(Node.OUTPUT, result);
    }
    node.text(Node.NAME, name).text(Node.OPERATOR, operator);
    for (OnnxAttribute attribute : attributes) {
      node.message(Node.ATTRIBUTE, attribute.message());
    }
    nodes.message(Graph.NODE, node);
    return results;
  }

  String reshape(String x, long... shape) {
    return add("Reshape", List.of(x, list(shape)));
  }

  String transpose(String x, long... axes) {
    return add("Transpose", List.of(x), OnnxAttribute.list("perm", axes));
  }

  String sum(String a, String b) {
    return add("Add", List.of(a, b));
  }

  String product(String a, String b) {
    return add("Mul", List.of(a, b));
  }

  String concat(List<String> parts, long axis) {
    return parts.size() == 1 ? parts.get(0) : add("Concat", parts, OnnxAttribute.of("axis", axis));
  }

  List<String> split(String x, int parts, long axis) {
    return add(
        "Split",
        List.of(x),
        parts,
        OnnxAttribute.of("axis", axis),
        OnnxAttribute.of("num_outputs", parts));
  }

  /** The graph's input of float32; sizes below 0 stand for the batch. */
  String input(String name, long... shape) {
    ends.message(Graph.INPUT, value(name, shape));
    return name;
  }

  /** Makes a value the graph's output, under a name of its own. */
  void output(String name, String value, long... shape) {
    ProtoMessage node =
        new ProtoMessage()
            .text(Node.INPUT, value)
            .text(Node.OUTPUT, name)
            .text(Node.NAME, name)
            .text(Node.OPERATOR, "Identity");
    nodes.message(Graph.NODE, node);
    ends.message(Graph.OUTPUT, value(name, shape));
  }

  /** ValueInfoProto: the name, and a TypeProto that is a tensor of float32 with a shape. */
  private static ProtoMessage value(String name, long[] shape) {
    ProtoMessage sizes = new ProtoMessage();
    for (long size : shape) {
      ProtoMessage dimension = new ProtoMessage();
      sizes.message(1, size < 0 ? dimension.text(2, "batch") : dimension.number(1, size));
    }
    ProtoMessage tensor = new ProtoMessage().number(1, 1).message(2, sizes);
    return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
  }

  /**
   * Writes the file, tensor after tensor.
   *
   * @param metadata free text that the file shall carry
   */
  void writeTo(FileChannel out, String name, Map<String, String> metadata) throws IOException {
    ProtoMessage head =
        new ProtoMessage()
            .number(Model.IR_VERSION, IR_VERSION)
            .text(Model.PRODUCER, "vit4j")
            .message(Model.OPSET_IMPORT, new ProtoMessage().text(1, "").number(2, OPSET));
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                head.message(Model.METADATA, new ProtoMessage().text(1, key).text(2, value)));
    byte[] graph = new ProtoMessage().text(Graph.NAME, name).toBytes();
    byte[] operators = nodes.toBytes();
    byte[] inputsAndOutputs = ends.toBytes();
    OnnxTensor.writeFully(
        out, ByteBuffer.wrap(head.length(Model.GRAPH, graphLength(name)).toBytes()));
    OnnxTensor.writeFully(out, ByteBuffer.wrap(graph));
    OnnxTensor.writeFully(out, ByteBuffer.wrap(operators));
    for (OnnxTensor tensor : tensors) {
      byte[] key = tensorKey(tensor);
      OnnxTensor.writeFully(out, ByteBuffer.wrap(key));
      tensor.writeTo(out);
    }
    OnnxTensor.writeFully(out, ByteBuffer.wrap(inputsAndOutputs));
  }

  private static byte[] tensorKey(OnnxTensor tensor) {
    return new ProtoMessage().length(Graph.INITIALIZER, tensor.length()).toBytes();
  }

  private long graphLength(String name) {
    long length =
        new ProtoMessage().text(Graph.NAME, name).toBytes().length
            + (long) nodes.toBytes().length
            + ends.toBytes().length;
    for (OnnxTensor tensor : tensors) {
      length += tensorKey(tensor).length + tensor.length();
    }
    return length;
  }

  /**
   * Refuses what one file cannot hold.
   *
   * @param metadata what the file shall carry beside the graph
   */
  void requireFits(String name, Map<String, String> metadata) {
    long length = graphLength(name) + 1024;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      length += 4L * (entry.getKey().length() + entry.getValue().length()) + 32;
    }
    if (length > LARGEST_FILE) {
      throw new BadInputException(
          ("an ONNX file of %d bytes is over the format's limit of 2 GiB; export a smaller model, or"
                  + " save this one as safetensors")
              .formatted(length));
    }
  }
}
