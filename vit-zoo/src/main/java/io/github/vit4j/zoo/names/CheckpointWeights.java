package io.github.vit4j.zoo.names;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.WeightSource;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.names.TensorMap.Use;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's values as a file holds them, one parameter at a time. */
final class CheckpointWeights implements WeightSource, AutoCloseable {

  private final Checkpoint checkpoint;
  private final TensorMap map;
  private final NDManager unstackedOwner;
  private final Map<String, NDArray> unstacked = new HashMap<>();

  /**
   * @param manager on the device where the model shall be
   */
  CheckpointWeights(Checkpoint checkpoint, TensorMap map, NDManager manager) {
    this.checkpoint = checkpoint;
    this.map = map;
    unstackedOwner = manager.newSubManager();
  }

  @Override
  public NDArray values(ViTParameter parameter, NDManager manager) {
    List<Piece> pieces = map.pieces(parameter);
    Piece first = pieces.get(0);
    if (first.stacked()) {
      return unstacked(parameter, manager);
    }
    if (pieces.size() == 1
        && !first.isZeros()
        && map.tensor(first.tensor()).shape().equals(shape(parameter))
        && first.layout().sameOrder()) {
      return checkpoint.array(first.tensor(), manager);
    }
    return assembled(parameter, read(pieces), manager);
  }

  /**
   * A tensor with all layers is read once, and all layers' parameters are made of it, however far
   * apart the model asks for them.
   */
  private NDArray unstacked(ViTParameter parameter, NDManager manager) {
    if (!unstacked.containsKey(parameter.path())) {
      List<Piece> pieces = map.pieces(parameter);
      Map<String, float[]> files = read(pieces);
      for (Use use : map.tensor(pieces.get(0).tensor()).uses()) {
        NDArray array = assembled(use.parameter(), files, unstackedOwner);
        unstacked.put(use.parameter().path(), array);
      }
    }
    NDArray array = requireNonNull(unstacked.remove(parameter.path()));
    array.attach(manager);
    return array;
  }

  private Map<String, float[]> read(List<Piece> pieces) {
    Map<String, float[]> files = new LinkedHashMap<>();
    for (Piece piece : pieces) {
      if (piece.isZeros()) {
        continue;
      }
      files.computeIfAbsent(piece.tensor(), checkpoint::floats);
    }
    return files;
  }

  private NDArray assembled(ViTParameter parameter, Map<String, float[]> files, NDManager manager) {
    float[] values = new float[Math.toIntExact(parameter.size())];
    int begin = 0;
    for (Piece piece : map.pieces(parameter)) {
      if (!piece.isZeros()) {
        float[] file = requireNonNull(files.get(piece.tensor()));
        piece.layout().toModel(file, piece.begin(), values, begin);
      }
      begin += piece.layout().size();
    }
    return array(values, parameter.shape(), manager);
  }

  /** In the engine's own memory: an array made from a Java buffer would count as direct memory. */
  private static NDArray array(float[] values, Shape shape, NDManager manager) {
    if (!manager.getDevice().equals(Device.cpu())) {
      try (NDManager host = manager.newSubManager(Device.cpu())) {
        NDArray array = array(values, shape, host).toDevice(manager.getDevice(), true);
        array.attach(manager);
        return array;
      }
    }
    NDArray array = manager.create(shape, DataType.FLOAT32);
    array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().put(values);
    return array;
  }

  private static List<Long> shape(ViTParameter parameter) {
    return Arrays.stream(parameter.shape().getShape()).boxed().toList();
  }

  @Override
  public void close() {
    unstackedOwner.close();
  }
}
