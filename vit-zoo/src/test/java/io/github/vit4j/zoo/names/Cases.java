package io.github.vit4j.zoo.names;

import io.github.vit4j.ViT;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Npz;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.description.ModelDescription;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The reference cases among the test resources. */
final class Cases {

  private static final String[] ALL = {
    "beit_relpos",
    "beit_shared_relpos_cls",
    "deit_distilled",
    "flax_big_vision_map",
    "flax_big_vision_map_scanned",
    "flax_npz",
    "paper_hmlp_bn",
    "paper_hmlp_ln",
    "paper_parallel2",
    "paper_parallel2_ls",
    "resize_down",
    "resize_up",
    "timm_gap",
    "timm_gap_cls",
    "timm_layerscale_noclspos",
    "timm_map_head",
    "timm_parallel2",
    "timm_parallel3",
    "timm_plain",
    "timm_prenorm_quickgelu_clip",
    "timm_qknorm",
    "timm_rect",
    "timm_registers_swiglu",
    "timm_tanh_gelu",
    "timm_wide_parallel2",
  };

  private Cases() {}

  static Stream<String> all() {
    return Stream.of(ALL);
  }

  static Path file(String name, String file) {
    URL url = Objects.requireNonNull(Cases.class.getResource("/fixtures/" + name + "/" + file));
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static ModelDescription config(String name) {
    return ModelDescription.read(file(name, "config.json"));
  }

  static VisionTransformer model(String name) {
    return ViT.of(config(name).config());
  }

  /** The weights under the names that the configuration says. */
  static Checkpoint weights(String name) {
    return config(name).family().equals("flax")
        ? Npz.open(file(name, "weights.npz"))
        : SafeTensors.open(file(name, "weights.safetensors"));
  }
}
