// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.Row;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packed encoding of every type; the tests of cells and entries check its bytes. */
class PackedCodecTest {

  private static final List<Column> COLUMNS = ManyTypes.columns().subList(1, 23);

  @Test
  void everyValueIsRestoredAndCanBeSkipped() {
    for (Row row : ManyTypes.rows()) {
      for (int i = 0; i < COLUMNS.size(); i++) {
        Object value = row.get(i);
        if (value == null) {
          continue;
        }
        PackedCodec codec = PackedCodec.of(COLUMNS.get(i).type());
        ByteSink out = new ByteSink(1);
        codec.write().accept(value, out);
        out.i8(42);
        ByteSource in = new ByteSource(out.toBytes());
        assertThat(Row.of(codec.read().apply(in)))
            .as("%s", COLUMNS.get(i))
            .isEqualTo(Row.of(value));
        assertThat(in.i8()).isEqualTo((byte) 42);
        ByteSource past = new ByteSource(out.toBytes());
        codec.skip(past);
        assertThat(past.remaining()).as("after %s", COLUMNS.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void aValueThatIsCutShortIsAnError() {
    Row row = ManyTypes.rows().get(0);
    for (int i = 0; i < COLUMNS.size(); i++) {
      PackedCodec codec = PackedCodec.of(COLUMNS.get(i).type());
      ByteSink out = new ByteSink(16);
      codec.write().accept(row.get(i), out);
      byte[] whole = out.toBytes();
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> codec.read().apply(new ByteSource(cut)))
            .as("%s cut to %s bytes", COLUMNS.get(i), length)
            .isInstanceOf(RuntimeException.class);
      }
    }
  }
}
