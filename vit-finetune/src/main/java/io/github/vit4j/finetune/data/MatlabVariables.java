package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/**
 * The variables of a MATLAB file (version 5 to 7). Whatever is wrong with it, in the file or in
 * what it holds, comes out as one exception that names it.
 */
final class MatlabVariables {

  private static final long LARGEST_FILE = 1 << 26;
  private static final int LARGEST_VARIABLE = 10_000_000;

  private final Path file;
  private final MatFile variables;

  private MatlabVariables(Path file, MatFile variables) {
    this.file = file;
    this.variables = variables;
  }

  static MatlabVariables read(Path file) {
    byte[] bytes;
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException(file + " is too large for a file of labels");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInputException("cannot read " + file + ": " + e, e);
    }
    try {
      return new MatlabVariables(
          file,
          Mat5.newReader(Sources.wrap(bytes))
              .disableSubsystemProcessing()
              .setBufferAllocator(new BoundedBuffers())
              .setEntryFilter(header -> header.getNumElements() <= LARGEST_VARIABLE)
              .readMat());
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new BadInputException(
          "%s is no MATLAB file of version 5 to 7, or it is broken (%s); download it again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The length that a file claims is not to be believed. */
  private static final class BoundedBuffers implements BufferAllocator {
    @Override
    public ByteBuffer allocate(int numBytes) {
      if (numBytes < 0 || numBytes > 8 * LARGEST_VARIABLE) {
        throw new IllegalArgumentException("a variable of " + numBytes + " bytes");
      }
      return ByteBuffer.allocate(numBytes);
    }

    @Override
    public void release(ByteBuffer buffer) {
      // nothing is pooled
    }
  }

  boolean has(String name) {
    return names().contains(name);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    variables.getEntries().forEach(entry -> names.add(entry.getName()));
    return names;
  }

  /** A matrix of whole numbers, column by column. */
  int[] integers(String name) {
    return guarded(
        "the numbers '" + name + "'",
        () -> {
          Matrix matrix = (Matrix) array(name);
          int[] values = new int[matrix.getNumElements()];
          for (int i = 0; i < values.length; i++) {
            values[i] = whole(matrix.getDouble(i));
          }
          return values;
        });
  }

  /** A cell array of texts. */
  List<String> texts(String name) {
    return guarded(
        "the texts '" + name + "'",
        () -> {
          Cell cell = (Cell) array(name);
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < cell.getNumElements(); i++) {
            texts.add(cell.getChar(i).getString());
          }
          return texts;
        });
  }

  /** The length of an array of structures. */
  int structs(String name) {
    return guarded("the structures '" + name + "'", () -> struct(name).getNumElements());
  }

  boolean hasField(String name, String field) {
    return guarded(
        "the structures '" + name + "'", () -> struct(name).getFieldNames().contains(field));
  }

  int integer(String name, int index, String field) {
    return guarded(
        "%s(%d).%s".formatted(name, index + 1, field),
        () -> whole(struct(name).getMatrix(field, index).getDouble(0)));
  }

  String text(String name, int index, String field) {
    return guarded(
        "%s(%d).%s".formatted(name, index + 1, field),
        () -> struct(name).getChar(field, index).getString());
  }

  private Struct struct(String name) {
    return (Struct) array(name);
  }

  private Array array(String name) {
    if (!has(name)) {
      throw new IllegalArgumentException("there are only " + names());
    }
    return variables.getArray(name);
  }

  private static int whole(double value) {
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(value + " is no whole number");
    }
    return (int) value;
  }

  private <T> T guarded(String what, Supplier<T> read) {
    try {
      return read.get();
    } catch (RuntimeException e) {
      throw new BadInputException(
          "%s has not %s as expected (%s); download it again".formatted(file, what, e.getMessage()),
          e);
    }
  }
}
