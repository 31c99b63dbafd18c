package io.github.vit4j.zoo;

import static java.util.Objects.requireNonNull;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.Checksum;
import io.github.vit4j.zoo.hub.HubException;
import io.github.vit4j.zoo.hub.HubFile;
import io.github.vit4j.zoo.registry.Address;
import io.github.vit4j.zoo.registry.Source;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of the registry. Its sources are tried in their order, those that are on this machine
 * before those that have to be downloaded.
 *
 * @param model the entry
 */
record EntryOrigin(ZooEntry model) implements Origin {

  private static final Logger LOG = LoggerFactory.getLogger(EntryOrigin.class);

  @Override
  public Optional<ZooEntry> entry() {
    return Optional.of(model);
  }

  @Override
  public String text() {
    return model.name();
  }

  @Override
  public ModelFiles files(Downloads downloads) {
    if (!model.hasWeights()) {
      throw new BadInputException(
          "nobody published weights of "
              + model.name()
              + "; ViTZoo.build builds it untrained, and ViTModel.open opens your own weights");
    }
    List<Source> possible = model.sources().stream().filter(source -> !isMissing(source)).toList();
    List<Source> sources = possible.isEmpty() ? model.sources() : possible;
    Map<Boolean, List<Source>> byPlace =
        sources.stream().collect(Collectors.partitioningBy(source -> isHere(source, downloads)));
    List<Source> order = new ArrayList<>(byPlace.getOrDefault(true, List.of()));
    order.addAll(byPlace.getOrDefault(false, List.of()));
    HubException failure = null;
    for (Source source : order) {
      try {
        return files(source, downloads);
      } catch (HubException e) {
        if (e.reason() == HubException.Reason.INTERRUPTED
            || e.reason() == HubException.Reason.DISK) {
          throw e;
        }
        boolean last = source.equals(order.get(order.size() - 1));
        if (!last && e.reason() != HubException.Reason.OFFLINE) {
          LOG.warn("{}; trying the next source of {}", e.getMessage(), model.name());
        }
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw requireNonNull(failure);
  }

  @Override
  public boolean isHere(Downloads downloads) {
    return model.sources().stream().anyMatch(source -> isHere(source, downloads));
  }

  /** A file of one's own that is not on this machine is no reason not to download the model. */
  private static boolean isMissing(Source source) {
    return source.address() instanceof Address.LocalFile local && !Files.exists(local.path());
  }

  private static boolean isHere(Source source, Downloads downloads) {
    Address address = source.address();
    if (address instanceof Address.HubFile file) {
      return downloads.hub().cached(hubFile(file)).isPresent();
    }
    if (address instanceof Address.Link link) {
      return downloads.links().cached(link.uri()).isPresent();
    }
    return !isMissing(source);
  }

  private static ModelFiles files(Source source, Downloads downloads) {
    Address address = source.address();
    if (address instanceof Address.Resource resource) {
      return EmbeddedFile.unpack(resource.name());
    }
    if (address instanceof Address.LocalFile local) {
      return ModelFiles.at(local.path());
    }
    Optional<Checksum> checksum = Optional.ofNullable(source.sha256()).map(Checksum::sha256);
    if (address instanceof Address.HubFile file) {
      return new ModelFiles(
          checksum
              .map(sum -> downloads.hub().fetch(hubFile(file), sum))
              .orElseGet(() -> downloads.hub().fetch(hubFile(file))));
    }
    Address.Link link = (Address.Link) address;
    Path path = downloads.links().fetch(link.uri(), checksum.stream().toArray(Checksum[]::new));
    return new ModelFiles(path);
  }

  private static HubFile hubFile(Address.HubFile file) {
    return new HubFile(file.repository(), file.revision(), file.file());
  }
}
