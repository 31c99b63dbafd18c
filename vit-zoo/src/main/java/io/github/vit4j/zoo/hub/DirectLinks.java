package io.github.vit4j.zoo.hub;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files behind plain web addresses, in the folder where torch's {@code load_state_dict_from_url}
 * and timm keep them: a file that is there is used, and one that is downloaded here is found by
 * Python.
 *
 * <p>A name such as {@code deit_tiny_patch16_224-a1311bcf.pth} carries the beginning of the file's
 * SHA-256, which is verified as torch does. What a file was when first seen is noted in {@code
 * .vit4j} beside it, and a file that changed since is refused. May be used by any number of
 * threads.
 */
public final class DirectLinks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DirectLinks.class);
  private static final Pattern HASH_IN_NAME = Pattern.compile("-([a-f0-9]{8,64})\\.");
  private static final Pattern DATE = Pattern.compile("(?:19|20)\\d\\d(?:0\\d|1[0-2])[0-3]\\d");

  private final Path folder;
  private final @Nullable Offline offline;
  private final TransferOptions options;
  private final HttpCaller http;
  private final Download download;

  /**
   * @param folder where the files lie
   * @param offline whether to make do with what is here
   * @param options how patient downloads are
   */
  public DirectLinks(Path folder, boolean offline, TransferOptions options) {
    this(folder, offline ? Offline.BY_PROGRAM : null, options);
  }

  private DirectLinks(Path folder, @Nullable Offline offline, TransferOptions options) {
    this.folder = folder.toAbsolutePath().normalize();
    this.offline = offline;
    this.options = Objects.requireNonNull(options, "options");
    this.http = new HttpCaller(options, null, null);
    this.download =
        new Download(http, options, Remedies.ofLinks(this.folder), Folders::usableSpace);
  }

  /**
   * torch's folder: {@code $TORCH_HOME/hub/checkpoints}, else {@code
   * $XDG_CACHE_HOME/torch/hub/checkpoints}, else {@code ~/.cache/torch/hub/checkpoints}. Offline if
   * {@code HF_HUB_OFFLINE} or {@code TRANSFORMERS_OFFLINE} says so, as torch has no variable for
   * it.
   */
  public static DirectLinks fromEnvironment() {
    Environment environment = Environment.ofProcess();
    return new DirectLinks(
        environment.torchCheckpoints(),
        environment.offline(),
        TransferOptions.fromEnvironment(environment));
  }

  /**
   * The file's path, after downloading it if need be.
   *
   * @param address http or https; the last part of its path names the file
   * @param checksums all must hold; with none, the one in the file's name if it has one
   * @throws BadInputException if the address is none, or its last part cannot name a file
   * @throws HubException if the file cannot be had, or is not what it should be
   */
  public Path fetch(URI address, Checksum... checksums) {
    return fetch(address, nameOf(address), checksums);
  }

  /** As {@link #fetch(URI, Checksum...)}, under another file name. */
  public Path fetch(URI address, String fileName, Checksum... checksums) {
    requireAddress(address);
    requireName(fileName);
    List<Expected> checks = checks(fileName, List.of(checksums));
    return Guard.run(fileName, folder, () -> locate(address, fileName, checks));
  }

  /** The file's path if it is here, unverified; asks nobody. */
  public Optional<Path> cached(URI address) {
    return Optional.of(folder.resolve(nameOf(address))).filter(Files::isRegularFile);
  }

  /** Where the files lie. */
  public Path folder() {
    return folder;
  }

  /** Ends idle connections; files stay valid. */
  @Override
  public void close() {
    http.close();
  }

  private Path locate(URI address, String name, List<Expected> checks)
      throws Failure, InterruptedException, IOException {
    Path file = folder.resolve(name);
    if (Files.isRegularFile(file)) {
      return found(file, address, checks);
    }
    if (offline != null) {
      throw Failure.lasting(
          Reason.OFFLINE,
          null,
          "it is not in " + folder + " and " + offline.why(),
          offline.remedy()
              + ", or put the file of "
              + Shown.address(address)
              + " there under that name");
    }
    try (NamedLock lock = lock(name)) {
      if (Files.isRegularFile(file)) {
        return checked(file, address, checks);
      }
      String distinction = lock.isAcrossProcesses() ? "" : "." + Folders.token();
      Partial partial = Partial.withNote(beside(name + distinction + ".incomplete"));
      Download.Wanted wanted = new Download.Wanted(name, address, -1, checks);
      Map<Digest, String> hashes = download.run(wanted, partial, file);
      String sha256 = String.valueOf(hashes.get(Digest.SHA256));
      Pin.of(file, Shown.address(address), sha256).write(pinFile(name));
      return file;
    }
  }

  /**
   * A file that is there. Unless a pin fits it, somebody may just have brought it and be about to
   * note from where, holding the lock until that is done.
   */
  private Path found(Path file, URI address, List<Expected> checks)
      throws Failure, InterruptedException, IOException {
    String name = String.valueOf(file.getFileName());
    Pin pin = Pin.read(pinFile(name));
    if (pin != null && pin.fits(file)) {
      return checked(file, address, checks);
    }
    NamedLock lock = null;
    try {
      lock = lock(name);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("{} cannot be written, so nobody notes anything there", folder, e);
    }
    try {
      return checked(file, address, checks);
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private NamedLock lock(String name) throws IOException, InterruptedException {
    return NamedLock.acquire(beside(name + ".lock"), Shown.text(name), options.listener());
  }

  /** A file that is there, if it is what it was and what it should be. */
  private Path checked(Path file, URI address, List<Expected> checks)
      throws Failure, InterruptedException, IOException {
    Path pinFile = pinFile(String.valueOf(file.getFileName()));
    Pin pin = Pin.read(pinFile);
    if (pin == null || !pin.fits(file)) {
      Pin now = Pin.of(file, pin == null ? "" : pin.address(), sha256(file));
      if (pin != null && !pin.sha256().equals(now.sha256()) && checks.isEmpty()) {
        throw refused(
            file,
            "it changed since it was first used: its SHA-256 was "
                + pin.sha256()
                + " and is "
                + now.sha256(),
            "remove it to download it again, or remove " + pinFile + " if the change is right");
      }
      requireAll(file, checks, now);
      now.write(pinFile);
      pin = now;
    }
    requireAll(file, checks, pin);
    boolean isOther = !pin.address().isEmpty() && !pin.address().equals(Shown.address(address));
    if (isOther && checks.isEmpty()) {
      throw refused(
          file,
          "it came from " + pin.address() + ", not from " + Shown.address(address),
          "give the file's SHA-256, or another file name for one of the two");
    }
    return file;
  }

  private static void requireAll(Path file, List<Expected> checks, Pin pin) throws Failure {
    Map<Digest, String> hashes = Map.of(Digest.SHA256, pin.sha256());
    for (Expected check : checks) {
      if (!check.agrees(hashes)) {
        throw refused(
            file,
            check.against(hashes),
            "remove it to download it again, or pass the right checksum");
      }
    }
  }

  private static Failure refused(Path file, String why, String remedy) {
    return Failure.lasting(
        Reason.CORRUPT, null, file + " is not the file asked for: " + why, remedy);
  }

  private static String sha256(Path file) throws IOException, InterruptedException {
    return String.valueOf(Digest.of(file, List.of(Digest.SHA256)).get(Digest.SHA256));
  }

  private Path beside(String name) {
    return folder.resolve(".vit4j").resolve(name);
  }

  private Path pinFile(String name) {
    return beside(name + ".json");
  }

  private static List<Expected> checks(String fileName, List<Checksum> checksums) {
    List<Expected> checks = new ArrayList<>();
    for (Checksum checksum : checksums) {
      checks.add(Expected.sha256(checksum.sha256(), "the checksum asked for"));
    }
    Matcher matcher = HASH_IN_NAME.matcher(fileName);
    if (checks.isEmpty() && matcher.find() && !DATE.matcher(matcher.group(1)).matches()) {
      checks.add(Expected.sha256(matcher.group(1), "the file's name"));
    }
    return checks;
  }

  /** As torch: the last part of the path, as it stands there. */
  private static String nameOf(URI address) {
    requireAddress(address);
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    requireName(name);
    return name;
  }

  private static void requireAddress(@Nullable URI address) {
    Objects.requireNonNull(address, "address");
    if (!Redirect.isHttp(address)
        || address.getHost() == null
        || address.getRawUserInfo() != null) {
      throw new BadInputException(
          "a link must be http:// or https:// with a host and without user or password in it");
    }
  }

  private static void requireName(String name) {
    if (!HubFile.isSafePath(name) || name.contains("/") || name.startsWith(".")) {
      throw new BadInputException(
          "'"
              + Shown.text(name)
              + "' cannot name a file; pass a file name without '/', '\\', ':' and leading dot");
    }
  }
}
