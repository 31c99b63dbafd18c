package io.github.vit4j.zoo.djl;

import ai.djl.Application;
import ai.djl.MalformedModelException;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Progress;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.inference.ClassificationTranslator;
import io.github.vit4j.inference.EmbeddingTranslator;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.hub.HubException;
import io.github.vit4j.zoo.registry.Address;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads one model for DJL. It answers only when its artifact id is asked for: a search by types
 * alone would otherwise download the first model that fits.
 */
final class EntryLoader implements ModelLoader {

  private static final String RESOLUTION = "resolution";

  private final ZooEntry entry;
  private final MRL mrl;

  EntryLoader(ZooEntry entry, RegistryRepository repository) {
    this.entry = entry;
    mrl = repository.resource(entry, Application.CV.IMAGE_CLASSIFICATION);
  }

  @Override
  public String getGroupId() {
    return VitModelZoo.GROUP_ID;
  }

  @Override
  public String getArtifactId() {
    return entry.name();
  }

  @Override
  public Application getApplication() {
    return mrl.getApplication();
  }

  @Override
  public MRL getMrl() {
    return mrl;
  }

  @Override
  public <I, O> boolean isDownloaded(Criteria<I, O> criteria) {
    return loader().isDownloaded();
  }

  @Override
  public <I, O> void downloadModel(Criteria<I, O> criteria, @Nullable Progress progress)
      throws IOException {
    if (entry.sources().stream().anyMatch(s -> s.address() instanceof Address.Resource)) {
      return; // inside this library
    }
    try {
      loader().download();
    } catch (HubException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria)
      throws IOException, ModelNotFoundException, MalformedModelException {
    if (!entry.name().equals(criteria.getArtifactId())) {
      throw new ModelNotFoundException("name the artifact to load " + entry.name());
    }
    // a translator of the caller's own may well make its numbers of the logits
    boolean embeds =
        criteria.getOutputClass() == float[].class && criteria.getTranslatorFactory() == null;
    requireTypes(criteria, embeds);
    try {
      ViTModelLoader loader = loader();
      if (criteria.getDevice() != null) {
        loader.device(criteria.getDevice());
      }
      Integer resolution = resolution(criteria.getArguments());
      if (resolution != null) {
        loader.resolution(resolution);
      }
      if (embeds) {
        loader.withoutHead();
      }
      ViTModel model = loader.load();
      return zooModel(model, criteria, embeds);
    } catch (HubException e) {
      throw new IOException(e.getMessage(), e);
    } catch (BadInputException e) {
      throw new MalformedModelException(e.getMessage(), e);
    }
  }

  private ViTModelLoader loader() {
    return ViTModel.named(entry);
  }

  private <I, O> void requireTypes(Criteria<I, O> criteria, boolean embeds)
      throws ModelNotFoundException {
    if (criteria.getTranslatorFactory() != null) {
      return;
    }
    boolean classifies = criteria.getOutputClass() == Classifications.class;
    if (criteria.getInputClass() != Image.class || !classifies && !embeds) {
      throw new ModelNotFoundException(
          "%s turns Image into Classifications or float[], not %s into %s; give a translator"
              .formatted(
                  entry.name(),
                  criteria.getInputClass().getSimpleName(),
                  criteria.getOutputClass().getSimpleName()));
    }
    if (classifies && entry.config().classes() == 0) {
      throw new ModelNotFoundException(
          entry.name() + " has no head and does not classify; set float[] as output");
    }
  }

  private static @Nullable Integer resolution(@Nullable Map<String, Object> arguments) {
    Object value = arguments == null ? null : arguments.get(RESOLUTION);
    if (value == null) {
      return null;
    }
    try {
      return Integer.valueOf(value.toString());
    } catch (NumberFormatException e) {
      throw new BadInputException("resolution '" + value + "' is no number of pixels", e);
    }
  }

  @SuppressWarnings("unchecked") // the types were compared with what the translators make
  private <I, O> ZooModel<I, O> zooModel(ViTModel model, Criteria<I, O> criteria, boolean embeds)
      throws MalformedModelException {
    try {
      Translator<I, O> translator;
      TranslatorFactory factory = criteria.getTranslatorFactory();
      if (factory != null) {
        translator =
            factory.newInstance(
                criteria.getInputClass(),
                criteria.getOutputClass(),
                model.djlModel(),
                criteria.getArguments());
      } else if (embeds) {
        translator = (Translator<I, O>) new EmbeddingTranslator(model.preprocessing());
      } else {
        translator =
            (Translator<I, O>)
                new ClassificationTranslator(
                    model.preprocessing(), model.labels().stream().map(Label::name).toList());
      }
      return new ZooModel<>(model.djlModel(), translator);
    } catch (ai.djl.translate.TranslateException | RuntimeException e) {
      model.close();
      throw new MalformedModelException("cannot make a translator for " + entry.name(), e);
    }
  }
}
