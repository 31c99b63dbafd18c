package io.github.vit4j.zoo.names;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.names.TensorMap.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything by which a file differs from what a model needs, told at once. */
final class Mismatch {

  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> misshapen = new ArrayList<>();

  private Mismatch(TensorMap map, Checkpoint checkpoint) {
    for (Stored needed : map.tensors()) {
      if (needed.isCounter()) {
        continue;
      }
      Optional<TensorInfo> found = checkpoint.find(needed.name());
      if (found.isEmpty()) {
        missing.add(needed.name());
      } else {
        check(needed, found.get());
      }
    }
    var shapes = map.shapes();
    for (TensorInfo tensor : checkpoint.tensors()) {
      if (!shapes.containsKey(tensor.name()) && !map.ignores(tensor.name())) {
        unexpected.add(tensor.name());
      }
    }
  }

  private void check(Stored needed, TensorInfo found) {
    if (!found.shape().equals(needed.shape())) {
      misshapen.add(
          "%s is %s but should be %s".formatted(needed.name(), found.shape(), needed.shape()));
    } else if (!found.type().isFloat()) {
      misshapen.add("%s holds %s but should hold floats".formatted(needed.name(), found.type()));
    }
  }

  /**
   * @throws BadInputException that lists missing, unexpected and misshapen tensors, if there are
   *     any
   */
  static void refuse(TensorMap map, Checkpoint checkpoint, NameConverter converter) {
    Mismatch found = new Mismatch(map, checkpoint);
    List<String> parts = new ArrayList<>();
    found.tell(parts, "missing", found.missing);
    found.tell(parts, "unexpected", found.unexpected);
    found.tell(parts, "misshapen", found.misshapen);
    if (!parts.isEmpty()) {
      throw new BadInputException(
          "%s does not fit the model under %s names: %s. %s"
              .formatted(
                  checkpoint.source(),
                  converter.family(),
                  String.join("; ", parts),
                  found.remedy(checkpoint, converter)));
    }
  }

  private void tell(List<String> parts, String kind, List<String> tensors) {
    if (!tensors.isEmpty()) {
      parts.add(tensors.size() + " " + kind + " (" + Listing.of(tensors) + ")");
    }
  }

  private String remedy(Checkpoint checkpoint, NameConverter converter) {
    if (!missing.isEmpty() && !unexpected.isEmpty()) {
      try {
        String family = NameConverters.detect(checkpoint).family();
        if (!family.equals(converter.family())) {
          return "The file seems to have " + family + " names: load it with that converter";
        }
      } catch (BadInputException e) {
        return "The file seems to be no Vision Transformer of a known family";
      }
    }
    if (missing.isEmpty() && unexpected.isEmpty() && misshapen.get(0).startsWith("pos_embed ")) {
      return "The file may be for another image size: build the model for that size, load it, and"
          + " use resizedTo(manager, height, width)";
    }
    return "Build the model with the configuration that the file was made with";
  }
}
