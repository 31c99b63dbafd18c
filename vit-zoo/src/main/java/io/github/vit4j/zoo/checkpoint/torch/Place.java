package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.zoo.checkpoint.zip.ArchiveEntry;
import java.util.Optional;

/**
 * Where a storage of the file lies.
 *
 * @param position of its first byte in the file
 * @param length bytes, unpacked
 * @param packed the archive's entry, if it has to be unpacked
 */
public record Place(long position, long length, Optional<ArchiveEntry> packed) {}
