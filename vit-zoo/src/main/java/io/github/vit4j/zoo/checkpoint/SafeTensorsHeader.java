package io.github.vit4j.zoo.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, parsed and checked: exactly the three keys a tensor has,
 * no key twice, metadata of strings only, and byte ranges that tile the data without holes or
 * overlaps and agree with shape and type.
 *
 * @param metadata the file's own text about itself
 * @param entries the tensors in the order of their bytes
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries) {

  /** Bounds the heap that a header of the greatest length, full of empty tensors, can claim. */
  static final int MOST_TENSORS = 1 << 18;

  static final String METADATA = "__metadata__";

  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]*");

  /**
   * One tensor and where its bytes lie, relative to the end of the header.
   *
   * @param info type and shape
   * @param begin of the first byte
   * @param end behind the last byte
   */
  record Entry(TensorInfo info, long begin, long end) {}

  /**
   * Parses and checks.
   *
   * @param json the header's text
   * @param dataLength how many bytes the file has behind the header
   * @throws BadInputException without the file's name, which the caller knows
   */
  static SafeTensorsHeader parse(Reader json, long dataLength) {
    try (JsonReader reader = new JsonReader(json)) {
      reader.setStrictness(Strictness.STRICT);
      SafeTensorsHeader header = new Parser(reader).header();
      header.checkTiling(dataLength);
      return header;
    } catch (EOFException e) {
      throw new BadInputException("the header's JSON ends too early", e);
    } catch (CharacterCodingException e) {
      throw new BadInputException("the header is not UTF-8 text", e);
    } catch (MalformedJsonException | NumberFormatException e) {
      throw new BadInputException("the header is not valid JSON", e);
    } catch (IOException e) {
      throw new BadInputException("the header cannot be read: " + e.getMessage(), e);
    }
  }

  private void checkTiling(long dataLength) {
    long expected = 0;
    for (Entry entry : entries) {
      String tensor = "tensor " + Shown.quoted(entry.info.name());
      if (entry.end < entry.begin) {
        throw new BadInputException(
            tensor + " ends at byte " + entry.end + ", before it begins at " + entry.begin);
      }
      if (entry.begin > expected) {
        throw new BadInputException(
            "no tensor claims the bytes "
                + expected
                + " to "
                + entry.begin
                + " before "
                + tensor
                + "; the format allows no holes");
      }
      if (entry.begin < expected) {
        throw new BadInputException(
            tensor
                + " begins at byte "
                + entry.begin
                + " and overlaps the tensor before it, which ends at "
                + expected);
      }
      if (entry.end - entry.begin != entry.info.bytes()) {
        throw new BadInputException(
            tensor
                + " of type "
                + entry.info.type()
                + " and shape "
                + entry.info.shape()
                + " needs "
                + entry.info.bytes()
                + " bytes, but its offsets span "
                + (entry.end - entry.begin));
      }
      expected = entry.end;
    }
    if (expected > dataLength) {
      throw new BadInputException(
          "the header describes "
              + expected
              + " bytes of tensors, but only "
              + dataLength
              + " follow it; the file is cut short, so fetch it again");
    }
    if (expected < dataLength) {
      throw new BadInputException(
          (dataLength - expected) + " bytes at the end belong to no tensor");
    }
  }

  private static final class Parser {

    private final JsonReader json;
    private final Set<String> seen = new LinkedHashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private Map<String, String> metadata = Map.of();

    Parser(JsonReader json) {
      this.json = json;
    }

    SafeTensorsHeader header() throws IOException {
      expect(JsonToken.BEGIN_OBJECT, "the header");
      json.beginObject();
      while (json.hasNext()) {
        String name = name("the header", seen);
        if (name.equals(METADATA)) {
          metadata = metadata();
        } else {
          if (entries.size() == MOST_TENSORS) {
            throw new BadInputException("the header lists more than " + MOST_TENSORS + " tensors");
          }
          entries.add(entry(name));
        }
      }
      json.endObject();
      expect(JsonToken.END_DOCUMENT, "what follows the header");
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      return new SafeTensorsHeader(metadata, List.copyOf(entries));
    }

    private Map<String, String> metadata() throws IOException {
      expect(JsonToken.BEGIN_OBJECT, METADATA);
      Map<String, String> result = new LinkedHashMap<>();
      json.beginObject();
      while (json.hasNext()) {
        String key = name(METADATA, result.keySet());
        expect(JsonToken.STRING, METADATA + " value of " + Shown.quoted(key));
        result.put(key, json.nextString());
      }
      json.endObject();
      return Collections.unmodifiableMap(result);
    }

    private Entry entry(String name) throws IOException {
      String tensor = "tensor " + Shown.quoted(name);
      expect(JsonToken.BEGIN_OBJECT, tensor);
      String type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      Set<String> keys = new LinkedHashSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String key = name(tensor, keys);
        keys.add(key);
        switch (key) {
          case "dtype" -> {
            expect(JsonToken.STRING, "dtype of " + tensor);
            type = json.nextString();
          }
          case "shape" -> shape = numbers("shape of " + tensor, TensorInfo.MOST_DIMENSIONS);
          case "data_offsets" -> offsets = numbers("data_offsets of " + tensor, 2);
          default ->
              throw new BadInputException(
                  tensor
                      + " has the unknown key "
                      + Shown.quoted(key)
                      + "; the format has dtype, shape and data_offsets");
        }
      }
      json.endObject();
      return entry(name, present(type, "dtype", tensor), shape, offsets);
    }

    private static Entry entry(
        String name, String dtype, @Nullable List<Long> shape, @Nullable List<Long> offsets) {
      String tensor = "tensor " + Shown.quoted(name);
      TensorType type =
          TensorType.named(dtype)
              .orElseThrow(() -> new BadInputException(tensor + " " + TensorType.whyUnread(dtype)));
      List<Long> range = present(offsets, "data_offsets", tensor);
      if (range.size() != 2 || range.get(0) < 0) {
        throw new BadInputException(
            tensor + " has the data_offsets " + range + "; they must be a begin and an end");
      }
      TensorInfo info = new TensorInfo(name, type, present(shape, "shape", tensor));
      return new Entry(info, range.get(0), range.get(1));
    }

    private static <T> T present(@Nullable T value, String key, String tensor) {
      if (value == null) {
        throw new BadInputException(tensor + " has no " + key);
      }
      return value;
    }

    private List<Long> numbers(String what, int most) throws IOException {
      expect(JsonToken.BEGIN_ARRAY, what);
      List<Long> numbers = new ArrayList<>();
      json.beginArray();
      while (json.hasNext()) {
        expect(JsonToken.NUMBER, "an element of the " + what);
        String digits = json.nextString();
        if (!WHOLE_NUMBER.matcher(digits).matches()) {
          throw new BadInputException(
              "the "
                  + what
                  + " holds "
                  + Shown.quoted(digits)
                  + "; only whole numbers belong there");
        }
        if (numbers.size() == most) {
          throw new BadInputException("the " + what + " has more than " + most + " numbers");
        }
        try {
          numbers.add(Long.parseLong(digits));
        } catch (NumberFormatException e) {
          throw new BadInputException(
              "the " + what + " holds " + Shown.quoted(digits) + ", more than 63 bits can say", e);
        }
      }
      json.endArray();
      return numbers;
    }

    private String name(String where, Set<String> taken) throws IOException {
      String name = json.nextName();
      if (!Shown.isWellFormed(name)) {
        throw new BadInputException(
            where + " has the key " + Shown.quoted(name) + " with half a surrogate pair");
      }
      if (taken.contains(name)) {
        throw new BadInputException(where + " has the key " + Shown.quoted(name) + " twice");
      }
      if (taken == seen) {
        seen.add(name);
      }
      return name;
    }

    private void expect(JsonToken token, String what) throws IOException {
      JsonToken found = json.peek();
      if (found != token) {
        throw new BadInputException(
            what + " must be " + inWords(token) + " but is " + inWords(found));
      }
    }

    private static String inWords(JsonToken token) {
      return switch (token) {
        case BEGIN_OBJECT -> "an object";
        case BEGIN_ARRAY -> "a list";
        case STRING -> "a string";
        case NUMBER -> "a number";
        case BOOLEAN -> "true or false";
        case NULL -> "null";
        case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT -> "missing";
      };
    }
  }
}
