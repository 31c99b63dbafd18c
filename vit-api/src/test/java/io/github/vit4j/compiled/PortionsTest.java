package io.github.vit4j.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.ViT;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortionsTest {

  @Test
  void whatIsRunInPartsIsTheWhole() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray images = manager.arange(7f).reshape(7, 1);
      List<Long> sizes = new ArrayList<>();
      NDArray all =
          new Portions(3)
              .run(
                  images,
                  part -> {
                    sizes.add(part.getShape().get(0));
                    return part.add(100);
                  });
      assertThat(sizes).containsExactly(2L, 2L, 3L);
      assertThat(all.getShape()).isEqualTo(new Shape(7, 1));
      assertThat(all.toFloatArray()).containsExactly(100, 101, 102, 103, 104, 105, 106);
      assertThat(all.getManager()).isSameAs(manager);
    }
  }

  @Test
  void onlyBranchesSideBySideAreCut() {
    assertThat(Portions.of(ViT.builder().small().config())).isEqualTo(Portions.WHOLE);
    assertThat(Portions.of(ViT.builder().small().parallel(2).config()).most()).isEqualTo(8);
  }
}
