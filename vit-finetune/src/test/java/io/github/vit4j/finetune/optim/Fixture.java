package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A single layer with the loss {@code mean_b sum_o (tanh(X W' + b) - Y)^2}, and twelve steps of an
 * optimiser on it as another implementation took them.
 */
final class Fixture implements AutoCloseable {

  static final int STEPS = 12;
  static final double RATE = .01;

  private final Checkpoint file;
  private final NDManager manager;
  final ViTParameter weight;
  final ViTParameter bias;

  Fixture(NDManager manager, String name) {
    this.manager = manager;
    file = Checkpoints.open(Path.of("src/test/resources/optim", name + ".safetensors"));
    weight = parameter("W", Parameter.Type.WEIGHT);
    bias = parameter("b", Parameter.Type.BIAS);
  }

  private ViTParameter parameter(String name, Parameter.Type type) {
    NDArray values = manager.create(floats(name + ".0"), shape(name + ".0"));
    Parameter parameter =
        Parameter.builder().setName(name).setType(type).optShape(values.getShape()).build();
    parameter.setInitializer((owner, shape, dataType) -> values);
    parameter.initialize(manager, values.getDataType());
    return new ViTParameter(name, Role.HEAD, -1, -1, parameter);
  }

  List<ViTParameter> parameters() {
    return List.of(weight, bias);
  }

  /** The reference's values of a parameter after so many steps. */
  float[] expected(ViTParameter p, int steps) {
    return floats(p.path() + "." + steps);
  }

  /** One backward pass of the loss of step {@code i}. */
  void backward(int i) {
    try (TrainingStep step = TrainingStep.begin(manager)) {
      step.backward(loss(step, i));
    }
  }

  NDArray loss(TrainingStep step, int i) {
    NDArray x = step.manager().create(floats("X"), shape("X")).get(i);
    NDArray y = step.manager().create(floats("Y"), shape("Y")).get(i);
    NDArray w = weight.array().transpose();
    w.attach(step.manager());
    NDArray out = x.matMul(w).add(bias.array()).tanh();
    return out.sub(y).square().sum(new int[] {1}).mean();
  }

  private Shape shape(String name) {
    return new Shape(file.info(name).shape().stream().mapToLong(Long::longValue).toArray());
  }

  private float[] floats(String name) {
    ByteBuffer bytes = file.bytes(name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  @Override
  public void close() {
    file.close();
  }
}
