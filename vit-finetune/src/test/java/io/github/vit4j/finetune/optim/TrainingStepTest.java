package io.github.vit4j.finetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.finetune.WithManager;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step records, adds up, and leaves nothing behind. */
class TrainingStepTest extends WithManager {

  private static ViTBuilder small() {
    return ViT.builder().imageSize(16).patchSize(8).width(16).depth(2).heads(2).classes(5);
  }

  private VisionTransformer model(ViTBuilder builder) {
    VisionTransformer vit = builder.build();
    vit.initialize(manager);
    return vit;
  }

  private static NDArray images(NDManager owner, int batch) {
    return owner.arange((float) batch * 3 * 16 * 16).sin().reshape(new Shape(batch, 3, 16, 16));
  }

  private static NDArray loss(NDArray logits) {
    return logits.logSoftmax(-1).get(":, 1").mean().neg();
  }

  @Test
  void fiftyStepsLeaveNothing() {
    VisionTransformer vit = model(small().parallel(2).dropPath(.1).layerScale(1e-2));
    NDArray images = images(manager, 4);
    List<Float> losses = new ArrayList<>();
    try (Optimizer adamw =
        AdamW.builder()
            .groups(ParameterGroups.of(vit.trainable()).weightDecay(.05).layerDecay(vit, .75))
            .clipNorm(1)
            .build()) {
      int before = Managed.by(manager);
      for (int i = 0; i < 50; i++) {
        try (TrainingStep step = TrainingStep.begin(manager)) {
          NDArray loss = loss(step.forward(vit, images));
          step.backward(loss);
          losses.add(loss.getFloat());
          adamw.step(1e-2);
          adamw.state();
        }
        assertThat(Managed.by(manager)).isEqualTo(before);
      }
    }
    assertThat(losses.get(49)).isLessThan(losses.get(0) / 10);
    assertThat(manager.getManagedArrays()).hasSize(vit.namedParameters().size() + 3);
  }

  @Test
  void withBlocksComputedAgainItLearnsTheSameAndLeavesNothing() {
    List<List<Float>> losses = new ArrayList<>();
    for (boolean again : new boolean[] {false, true}) {
      VisionTransformer vit = model(small().parallel(2));
      NDArray images = images(manager, 4);
      List<Float> own = new ArrayList<>();
      try (Optimizer adamw = AdamW.over(vit.trainable(), .05)) {
        int before = Managed.by(manager);
        for (int i = 0; i < 10; i++) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            if (again) {
              step.recompute(i);
            }
            // two passes in one step: each goes back through its own blocks
            NDArray loss = loss(step.forward(vit, images)).add(loss(step.forward(vit, images)));
            step.backward(loss, .5);
            own.add(loss.getFloat());
            adamw.step(1e-2);
          }
          if (i > 0) { // the first step makes the optimiser's memory
            assertThat(Managed.by(manager)).isEqualTo(before);
          }
          before = Managed.by(manager);
        }
      }
      losses.add(own);
    }
    assertThat(losses.get(1).get(0)).isEqualTo(losses.get(0).get(0));
    for (int i = 0; i < 10; i++) {
      assertThat(losses.get(1).get(i)).isCloseTo(losses.get(0).get(i), within(1e-3f));
    }
  }

  @Test
  void anExceptionLeavesNothingEither() {
    VisionTransformer vit = model(small());
    NDArray wrong = manager.zeros(new Shape(1, 3, 8, 8));
    int before = Managed.by(manager);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> {
                try (TrainingStep step = TrainingStep.begin(manager)) {
                  step.forward(vit, wrong);
                }
              })
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not fit");
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }

  @Test
  void onlyOneIsOpen() {
    try (TrainingStep step = TrainingStep.begin(manager)) {
      int before = Managed.by(manager);
      assertThatThrownBy(() -> TrainingStep.begin(manager))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("another training step is open");
      assertThat(Managed.by(manager)).isEqualTo(before);
      assertThat(step.manager().isOpen()).isTrue();
    }
    TrainingStep.begin(manager).close();
  }

  @Test
  void inputsMayBeFreedBeforeTheBackwardPass() {
    VisionTransformer vit = model(small());
    float[] expected = stemGradient(vit, false);

    assertThat(stemGradient(vit, true)).isEqualTo(expected);
  }

  private float[] stemGradient(VisionTransformer vit, boolean freeEarly) {
    try (TrainingStep step = TrainingStep.begin(manager)) {
      NDManager batch = manager.newSubManager();
      NDArray loss = loss(step.forward(vit, images(batch, 2)));
      if (freeEarly) {
        batch.close();
        System.gc();
      }
      step.backward(loss);
      if (!freeEarly) {
        batch.close();
      }
    }
    var stem = vit.namedParameters().stream().filter(p -> p.path().endsWith("proj.weight"));
    NDArray gradient = stem.findFirst().orElseThrow().array().getGradient();
    float[] values = gradient.toFloatArray();
    gradient.subi(gradient.duplicate());
    return values;
  }

  @Test
  void aDistilledModelAnswersTwice() {
    VisionTransformer vit = model(small().distillationToken());
    try (TrainingStep step = TrainingStep.begin(manager)) {
      assertThat(step.forward(vit, new NDList(images(manager, 2)))).hasSize(2);
      assertThatThrownBy(() -> step.forward(vit, images(manager, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the model gives 2 outputs; call forward with an NDList");
    }
  }
}
