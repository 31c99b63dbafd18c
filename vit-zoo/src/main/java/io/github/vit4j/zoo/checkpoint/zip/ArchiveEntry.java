package io.github.vit4j.zoo.checkpoint.zip;

/**
 * One file in an archive.
 *
 * @param name with forward slashes
 * @param deflated whether it has to be unpacked; otherwise its bytes lie in the archive as they are
 * @param position of its first packed byte in the archive
 * @param packed how many bytes it takes there
 * @param length how many bytes it has unpacked, which for a deflated entry is a claim
 * @param crc the CRC-32 of its bytes, a claim, too
 */
public record ArchiveEntry(
    String name, boolean deflated, long position, long packed, long length, int crc) {}
