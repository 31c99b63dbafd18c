package io.github.vit4j.zoo.registry;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The published Vision Transformers: an immutable list of entries with their configurations,
 * addresses and figures. Reading it needs neither network nor engine.
 *
 * <pre>{@code
 * ZooEntry deit = Registry.standard().require("deit3_small_patch16_224.fb_in1k");
 * VisionTransformer untrained = ViT.of(deit.config());
 * }</pre>
 *
 * <p>A name without its tag means the first entry of that architecture, as in timm.
 */
public final class Registry {

  private static final int LONGEST_NAME = 200;
  private static final int LARGEST_FILE = 1 << 22;

  private final List<Family> families;
  private final List<ZooEntry> entries;
  private final Map<String, ZooEntry> byName = new HashMap<>();

  private Registry(List<Family> families, List<ZooEntry> entries) {
    this.families = List.copyOf(families);
    this.entries = List.copyOf(entries);
    for (ZooEntry entry : this.entries) {
      add(entry.name(), entry);
      entry.aliases().forEach(alias -> add(alias, entry));
    }
    requireDistinct(this.families);
  }

  private void add(String name, ZooEntry entry) {
    ZooEntry before = byName.put(name, entry);
    if (before != null) {
      throw new BadInputException(
          "'%s' names both %s and %s; give one of them another name or alias"
              .formatted(name, before.name(), entry.name()));
    }
  }

  private static void requireDistinct(List<Family> families) {
    List<String> ids = families.stream().map(Family::id).toList();
    for (String id : ids) {
      if (ids.indexOf(id) != ids.lastIndexOf(id)) {
        throw new BadInputException("there are two families '%s'; rename one".formatted(id));
      }
    }
  }

  /** Read once, when somebody first asks. */
  private static final class Standard {
    static final Registry REGISTRY = read();

    private static Registry read() {
      List<FamilyFile> files =
          resource("families.txt")
              .lines()
              .map(name -> FamilyFile.parse(resource(name), null, name))
              .toList();
      return of(files);
    }

    private static String resource(String name) {
      try (InputStream stream = Registry.class.getResourceAsStream(name)) {
        if (stream == null) {
          throw new IllegalStateException("the resource " + name + " is missing from this jar");
        }
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the resource " + name, e);
      }
    }
  }

  private static Registry of(List<FamilyFile> files) {
    return new Registry(
        files.stream().map(FamilyFile::family).toList(),
        files.stream().flatMap(file -> file.entries().stream()).toList());
  }

  /** {@return the registry that ships with the library} */
  public static Registry standard() {
    return Standard.REGISTRY;
  }

  /**
   * Reads entries of one's own.
   *
   * @param file JSON of one family, as {@code docs/own-model.md} describes it; local paths in it
   *     start from its folder
   * @return these entries alone; see {@link #with}
   * @throws BadInputException if the file cannot be read, has a key that is unknown or comes twice,
   *     an address that is none, a model that cannot be built, or a name twice
   */
  public static Registry read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new BadInputException("there is no file " + file + "; give a registry in JSON");
      }
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException(file + " is too large for a registry; 4 MiB is the most");
      }
      Path folder = file.toAbsolutePath().getParent();
      String json = Files.readString(file);
      Path start = folder == null ? file.toAbsolutePath() : folder;
      return of(List.of(FamilyFile.parse(json, start, file.toString())));
    } catch (MalformedInputException e) {
      throw new BadInputException(file + " is not a registry: it is not UTF-8 text", e);
    } catch (IOException e) {
      throw new BadInputException("cannot read the registry " + file + ": " + e, e);
    }
  }

  /**
   * {@return this registry followed by another}
   *
   * @param others what to add
   * @throws BadInputException if both have a family or a model of the same name
   */
  public Registry with(Registry others) {
    return new Registry(
        Stream.concat(families.stream(), others.families.stream()).toList(),
        Stream.concat(entries.stream(), others.entries.stream()).toList());
  }

  /** {@return all entries, family by family} */
  public List<ZooEntry> entries() {
    return entries;
  }

  /** {@return the families} */
  public List<Family> families() {
    return families;
  }

  /**
   * {@return the entry that a name means}
   *
   * @param name timm's name with its tag, an alias such as the authors' file name, a repository of
   *     the hub, or timm's name without its tag, which means the first entry of that architecture
   */
  public Optional<ZooEntry> find(String name) {
    return Optional.ofNullable(byName.get(name))
        .or(() -> entries.stream().filter(entry -> isIn(entry, name)).findFirst())
        .or(() -> ofArchitecture(name));
  }

  private static boolean isIn(ZooEntry entry, String repository) {
    return entry.sources().stream()
        .anyMatch(
            source ->
                source.address() instanceof Address.HubFile file
                    && file.repository().equals(repository));
  }

  private Optional<ZooEntry> ofArchitecture(String name) {
    List<ZooEntry> same =
        entries.stream().filter(entry -> entry.architecture().equals(name)).toList();
    return same.stream()
        .filter(ZooEntry::hasWeights)
        .findFirst()
        .or(() -> same.stream().findFirst());
  }

  /**
   * {@return the entry that a name means}
   *
   * @param name as for {@link #find}
   * @throws BadInputException if there is none; it names the nearest
   */
  public ZooEntry require(String name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  private BadInputException unknown(String name) {
    List<String> known = new ArrayList<>();
    for (ZooEntry entry : entries) {
      known.add(entry.name());
      known.addAll(entry.aliases());
    }
    List<String> near = name.length() > LONGEST_NAME ? List.of() : Nearest.to(name, known);
    return new BadInputException(
        "there is no model called '%s'%s; 'vit list' shows the %d that there are"
            .formatted(
                Shown.text(name, LONGEST_NAME),
                near.isEmpty() ? "" : ", did you mean " + String.join(" or ", near) + "?",
                entries.size()));
  }

  /**
   * {@return what timm builds for the name of an architecture}
   *
   * @param name timm's name without a tag, such as {@code vit_small_patch16_224}; the number of
   *     classes is that of the first entry, so follow with {@link ViTConfig#withClasses}
   */
  public Optional<ViTConfig> architecture(String name) {
    return entries.stream()
        .filter(entry -> entry.architecture().equals(name))
        .map(ZooEntry::config)
        .findFirst();
  }
}
