package io.github.vit4j.zoo.djl;

import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelZoo;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The registry as a DJL model zoo. Listing it touches no network.
 *
 * <pre>{@code
 * Criteria<Image, Classifications> criteria =
 *     Criteria.builder()
 *         .setTypes(Image.class, Classifications.class)
 *         .optGroupId("io.github.vit4j")
 *         .optArtifactId("deit3_small_patch16_224.fb_in1k")
 *         .build();
 * try (ZooModel<Image, Classifications> model = criteria.loadModel();
 *     Predictor<Image, Classifications> predictor = model.newPredictor()) {
 *   System.out.println(predictor.predict(image).best());
 * }
 * }</pre>
 *
 * <p>{@code float[]} as output gives embeddings, unless a translator is given, which gets the
 * logits. The argument {@code resolution} runs a model at another image size.
 */
public final class VitModelZoo extends ModelZoo {

  /** The group id of all models. */
  public static final String GROUP_ID = "io.github.vit4j";

  /** Made when somebody first asks: DJL makes every zoo of the class path at its own start. */
  private static final class Loaders {
    static final Map<String, ModelLoader> BY_NAME = read();

    private static Map<String, ModelLoader> read() {
      Map<String, ModelLoader> loaders = new LinkedHashMap<>();
      RegistryRepository repository = new RegistryRepository();
      for (ZooEntry entry : Registry.standard().entries()) {
        if (entry.hasWeights()) {
          loaders.put(entry.name(), new EntryLoader(entry, repository));
        }
      }
      return Collections.unmodifiableMap(loaders);
    }
  }

  VitModelZoo() {}

  @Override
  public String getGroupId() {
    return GROUP_ID;
  }

  @Override
  public Set<String> getSupportedEngines() {
    return Set.of("PyTorch");
  }

  @Override
  public Collection<ModelLoader> getModelLoaders() {
    return Loaders.BY_NAME.values();
  }

  /** {@return the loader of a model by its name or an alias, or null} */
  @Override
  @SuppressWarnings("NullAway") // DJL's contract
  public @Nullable ModelLoader getModelLoader(String name) {
    return Registry.standard()
        .find(name)
        .map(entry -> Loaders.BY_NAME.get(entry.name()))
        .orElse(null);
  }
}
