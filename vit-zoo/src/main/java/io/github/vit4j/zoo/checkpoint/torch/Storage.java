package io.github.vit4j.zoo.checkpoint.torch;

/**
 * A run of elements that tensors look into.
 *
 * @param key its name among the file's storages
 * @param type of its elements; a storage without a type holds bytes
 * @param first the element of the file's storage where this one begins; 0 but for old views
 * @param count how many elements it has
 */
public record Storage(String key, ElementType type, long first, long count) {

  long bytes() {
    return count * type.size();
  }
}
