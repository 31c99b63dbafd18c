package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Keeps decoded images as long as there is room. */
final class CachedImages implements ImageDataset {

  private final ImageDataset images;
  private final AtomicReferenceArray<@Nullable RgbImage> decoded;
  private final AtomicLong room;

  CachedImages(ImageDataset images, long maxBytes) {
    if (maxBytes < 0) {
      throw new BadInputException(
          "a cache cannot hold %d bytes; give 0 or more".formatted(maxBytes));
    }
    this.images = images;
    this.decoded = new AtomicReferenceArray<>(images.size());
    this.room = new AtomicLong(maxBytes);
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public int label(int index) {
    return images.label(index);
  }

  @Override
  public String name(int index) {
    return images.name(index);
  }

  @Override
  public long stamp(int index) {
    return images.stamp(index);
  }

  @Override
  public RgbImage image(int index) {
    RgbImage kept = decoded.get(index);
    if (kept != null) {
      return kept;
    }
    RgbImage image = images.image(index);
    long bytes = image.pixels().length;
    if (room.addAndGet(-bytes) < 0 || !decoded.compareAndSet(index, null, image)) {
      room.addAndGet(bytes); // no room, or another thread was faster
    }
    return image;
  }
}
