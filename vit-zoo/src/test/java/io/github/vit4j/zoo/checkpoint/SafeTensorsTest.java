package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

  @TempDir Path directory;

  @Test
  void readsWhatThePythonLibraryWrote() {
    try (Checkpoint file = SafeTensors.open(Fixtures.file("timm.safetensors"))) {
      assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
      assertThat(file.tensors()).hasSize(32);
      assertThat(file.tensors().stream().map(TensorInfo::name).limit(3))
          .containsExactly("cls_token", "pos_embed", "patch_embed.proj.weight");
      assertThat(file.find("pos_embed"))
          .contains(new TensorInfo("pos_embed", TensorType.F32, List.of(1L, 17L, 48L)));
      // as NumPy reads the same bytes
      assertThat(file.floats("cls_token"))
          .hasSize(48)
          .startsWith(-0.16122998297214508f, -0.40851107239723206f, 0.3040522336959839f)
          .endsWith(-0.13063190877437592f);
      float[] last = file.floats("head.bias");
      assertThat(last).hasSize(10).endsWith(-0.1497943252325058f);
    }
  }

  @Test
  void handsOutReadOnlyLittleEndianViews() {
    Checkpoint file = SafeTensors.open(Fixtures.file("timm.safetensors"));
    ByteBuffer bytes = file.bytes("head.bias");
    assertThat(bytes.isReadOnly()).isTrue();
    assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(40);
    file.close();
    assertThat(bytes.getFloat(0)).isEqualTo(0.2618769109249115f);
    assertThatThrownBy(() -> file.bytes("head.bias"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has been closed");
  }

  @Test
  void widensEveryType() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(66).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(1 + 0x1p-40).putDouble(-1e300);
    data.putLong(-3).putLong(-1L);
    data.putInt(-7).putInt(-1);
    data.putFloat(0.1f);
    data.putShort((short) 0x3E00)
        .putShort((short) 0xBFC0)
        .putShort((short) -2)
        .putShort((short) -2);
    data.put((byte) 0x3D).put((byte) 0xFE).put((byte) 0x01);
    data.put((byte) 0x3D).put((byte) 0xFE).put((byte) 0x7E);
    data.put((byte) -5).put((byte) -5).put((byte) 1).put((byte) 0);
    data.put((byte) 0xFC).put((byte) 0x80);
    Path path = directory.resolve("types.safetensors");
    String header =
        """
        {"f64":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},\
        "i64":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},\
        "u64":{"dtype":"U64","shape":[1],"data_offsets":[24,32]},\
        "i32":{"dtype":"I32","shape":[1],"data_offsets":[32,36]},\
        "u32":{"dtype":"U32","shape":[1],"data_offsets":[36,40]},\
        "f32":{"dtype":"F32","shape":[],"data_offsets":[40,44]},\
        "none":{"dtype":"F32","shape":[3,0],"data_offsets":[44,44]},\
        "f16":{"dtype":"F16","shape":[1],"data_offsets":[44,46]},\
        "bf16":{"dtype":"BF16","shape":[1],"data_offsets":[46,48]},\
        "i16":{"dtype":"I16","shape":[1],"data_offsets":[48,50]},\
        "u16":{"dtype":"U16","shape":[1],"data_offsets":[50,52]},\
        "e5m2":{"dtype":"F8_E5M2","shape":[3],"data_offsets":[52,55]},\
        "e4m3":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[55,58]},\
        "i8":{"dtype":"I8","shape":[1],"data_offsets":[58,59]},\
        "u8":{"dtype":"U8","shape":[1],"data_offsets":[59,60]},\
        "bool":{"dtype":"BOOL","shape":[2],"data_offsets":[60,62]},\
        "inf":{"dtype":"F8_E5M2","shape":[2],"data_offsets":[62,64]}}""";
    Files.write(path, Fixtures.safetensors(header, Arrays.copyOf(data.array(), 64)));
    try (Checkpoint file = SafeTensors.open(path)) {
      assertThat(file.floats("f64")).containsExactly(1f, Float.NEGATIVE_INFINITY);
      assertThat(file.floats("i64")).containsExactly(-3f);
      assertThat(file.floats("u64")).containsExactly(0x1p64f);
      assertThat(file.longs("i64")).containsExactly(-3L);
      assertThat(file.longs("i32")).containsExactly(-7L);
      assertThat(file.longs("u32")).containsExactly(0xFFFF_FFFFL);
      assertThat(file.floats("u32")).containsExactly(0x1p32f);
      assertThat(file.floats("f32")).containsExactly(0.1f);
      assertThat(file.floats("none")).isEmpty();
      assertThat(file.floats("f16")).containsExactly(1.5f);
      assertThat(file.floats("bf16")).containsExactly(-1.5f);
      assertThat(file.longs("i16")).containsExactly(-2L);
      assertThat(file.longs("u16")).containsExactly(65534L);
      assertThat(file.floats("e5m2")).containsExactly(1.25f, Float.NaN, 0x1p-16f);
      assertThat(file.floats("e4m3")).containsExactly(1.625f, -448f, 448f);
      assertThat(file.longs("i8")).containsExactly(-5L);
      assertThat(file.longs("u8")).containsExactly(251L);
      assertThat(file.longs("bool")).containsExactly(1L, 0L);
      assertThat(file.floats("inf")).containsExactly(Float.NEGATIVE_INFINITY, -0f);
      assertThatThrownBy(() -> file.longs("u64"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("18446744073709551615");
      assertThatThrownBy(() -> file.longs("f16"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("read it as floats");
    }
  }

  @Test
  void copiesIntoABufferAndAdvancesIt() {
    try (Checkpoint file = SafeTensors.open(Fixtures.file("timm.safetensors"))) {
      FloatBuffer out = FloatBuffer.allocate(20);
      out.position(5);
      file.copyTo("head.bias", out);
      assertThat(out.position()).isEqualTo(15);
      assertThat(out.get(5)).isEqualTo(0.2618769109249115f);
      assertThatThrownBy(() -> file.copyTo("head.bias", out))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("10 elements");
    }
  }

  @Test
  void namesWhatIsThereWhenATensorIsMissing() {
    try (Checkpoint file = SafeTensors.open(Fixtures.file("timm.safetensors"))) {
      assertThat(file.find("nothing")).isEmpty();
      assertThatThrownBy(() -> file.floats("nothing"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("timm.safetensors has no tensor 'nothing'")
          .hasMessageContaining("'cls_token'");
    }
  }

  @Test
  void reachesBeyondTwoGibibytes() throws IOException {
    long first = 1_200_000_000L;
    long second = 2 * first;
    String header =
        """
        {"a":{"dtype":"F32","shape":[300000000],"data_offsets":[0,1200000000]},\
        "straddles":{"dtype":"F32","shape":[300000000],"data_offsets":[1200000000,2400000000]},\
        "beyond":{"dtype":"F32","shape":[2],"data_offsets":[2400000000,2400000008]},\
        "huge":{"dtype":"U8","shape":[2147483648],"data_offsets":[2400000008,4547483656]},\
        "last":{"dtype":"F32","shape":[1],"data_offsets":[4547483656,4547483660]}}""";
    byte[] start = Fixtures.safetensors(header, new byte[0]);
    Path path = directory.resolve("long.safetensors");
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(start);
      long data = start.length;
      sparse.setLength(data + 4547483660L);
      writeFloat(sparse, data + second - 4, 1.5f);
      writeFloat(sparse, data + second + 4, 2.5f);
      writeFloat(sparse, data + 4547483656L, 3.5f);
    }
    try (Checkpoint file = SafeTensors.open(path)) {
      assertThat(file.bytes("straddles").getFloat((int) first - 4)).isEqualTo(1.5f);
      assertThat(file.floats("beyond")).containsExactly(0f, 2.5f);
      assertThat(file.floats("last")).containsExactly(3.5f);
      assertThat(file.info("huge").bytes()).isEqualTo(1L << 31);
      assertThatThrownBy(() -> file.bytes("huge"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("'huge' has 2147483648 bytes")
          .hasMessageContaining("store it in parts");
    }
  }

  private static void writeFloat(RandomAccessFile file, long position, float value)
      throws IOException {
    file.seek(position);
    file.writeInt(Integer.reverseBytes(Float.floatToIntBits(value)));
  }
}
