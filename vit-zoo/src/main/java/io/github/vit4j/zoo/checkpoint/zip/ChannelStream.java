package io.github.vit4j.zoo.checkpoint.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A stretch of a file as a stream, which leaves the channel's own position alone. */
final class ChannelStream extends InputStream {

  private final FileChannel channel;
  private long position;
  private long left;

  ChannelStream(FileChannel channel, long position, long length) {
    this.channel = channel;
    this.position = position;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int most = (int) Math.min(length, left);
    int count = most == 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, most), position);
    if (count > 0) {
      position += count;
      left -= count;
    }
    return count;
  }
}
