package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.zip.Archive;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Optional;

/**
 * What a file of {@code torch.save} holds: one object, and the storages that it speaks of.
 *
 * @param root the object, as plain data
 * @param places where the storages lie, by key
 * @param archive the zip archive, if it is one
 */
public record TorchContents(Object root, Map<String, Place> places, Optional<Archive> archive) {

  /**
   * Reads the object of a file, in either form.
   *
   * @param channel stays the caller's
   * @return what is in the file; storages are located, not read
   * @throws BadInputException without the file's name, which the caller knows, if this is not a
   *     file of {@code torch.save}, or a broken one
   * @throws IOException if the channel cannot be read
   */
  public static TorchContents read(FileChannel channel) throws IOException {
    return ZipForm.isZip(channel) ? ZipForm.read(channel) : LegacyForm.read(channel);
  }

  /**
   * Finds the place of a tensor's storage.
   *
   * @param tensor of this file
   * @return the place of the whole storage
   * @throws BadInputException if the file lacks the storage, or it is shorter than the pickle says
   */
  public Place place(StridedTensor tensor) {
    Storage storage = tensor.storage();
    Place place = places.get(storage.key());
    if (place == null) {
      throw new BadInputException(
          "lies in the storage " + Shown.quoted(storage.key()) + ", which the file does not have");
    }
    long needed = storage.first() * storage.type().size() + storage.bytes();
    if (place.length() < needed) {
      throw new BadInputException(
          "lies in the storage "
              + Shown.quoted(storage.key())
              + " of "
              + needed
              + " bytes, of which the file has only "
              + place.length()
              + "; fetch it again");
    }
    return place;
  }
}
