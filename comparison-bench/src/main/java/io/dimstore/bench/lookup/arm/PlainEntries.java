// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.Put;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * The entries in Redis of the arms that do not use dimstore: the values of a row in their own
 * binary form, or a marker that there is no row. Values are in Flink's internal form, in the order
 * of the table's columns.
 */
final class PlainEntries {

  private static final byte[] PREFIX = "plain:".getBytes(StandardCharsets.UTF_8);
  private static final int COLUMNS = DimensionRows.VALUES.size();

  /** The entry of a key that has no row. */
  static final byte[] ABSENT = {0};

  private PlainEntries() {}

  /** Returns the name of an entry. */
  static byte[] name(byte[] key) {
    byte[] name = new byte[PREFIX.length + key.length];
    System.arraycopy(PREFIX, 0, name, 0, PREFIX.length);
    System.arraycopy(key, 0, name, PREFIX.length, key.length);
    return name;
  }

  /** Writes the entries of all rows of a workload. */
  static void load(Jedis jedis, RowWorkload workload) {
    int perPipeline = 1_000;
    for (int from = 0; from < workload.rows(); from += perPipeline) {
      try (Pipeline pipeline = jedis.pipelined()) {
        for (int row = from; row < Math.min(from + perPipeline, workload.rows()); row++) {
          Put put = workload.put(row, DimensionRows.VERSION);
          byte[] key = ((String) put.key().get(0)).getBytes(StandardCharsets.UTF_8);
          pipeline.set(name(key), encode(values(put)));
        }
      }
    }
  }

  private static @Nullable Object[] values(Put put) {
    @Nullable Object[] values = new @Nullable Object[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      Object value = put.row().get(i);
      values[i] =
          value instanceof String text
              ? StringData.fromString(text)
              : value instanceof Instant time ? TimestampData.fromInstant(time) : value;
    }
    return values;
  }

  static byte[] encode(@Nullable Object[] values) {
    int length = 2 + COLUMNS * 8;
    byte[][] texts = new byte[COLUMNS][];
    int nulls = 0;
    for (int i = 0; i < COLUMNS; i++) {
      if (values[i] == null) {
        nulls |= 1 << i;
      } else if (values[i] instanceof StringData text) {
        texts[i] = text.toBytes();
        length += texts[i].length;
      }
    }
    ByteBuffer out = ByteBuffer.allocate(length).put((byte) 1).put((byte) nulls);
    for (int i = 0; i < COLUMNS; i++) {
      Object value = values[i];
      if (value instanceof Integer number) {
        out.putInt(number);
      } else if (value instanceof Long number) {
        out.putLong(number);
      } else if (value instanceof TimestampData time) {
        out.putLong(time.getMillisecond());
      } else if (value != null) {
        out.putShort((short) texts[i].length).put(texts[i]);
      }
    }
    byte[] bytes = new byte[out.position()];
    System.arraycopy(out.array(), 0, bytes, 0, bytes.length);
    return bytes;
  }

  /** Returns the values of an entry, or null if it says that there is no row. */
  static @Nullable Object @Nullable [] decode(byte[] entry) {
    if (entry[0] == 0) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(entry, 1, entry.length - 1);
    int nulls = in.get();
    @Nullable Object[] values = new @Nullable Object[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      if ((nulls & 1 << i) == 0) {
        values[i] =
            switch (i) {
              case 1 -> in.getInt();
              case 2 -> in.getLong();
              case 5 -> TimestampData.fromEpochMillis(in.getLong());
              default -> text(in);
            };
      }
    }
    return values;
  }

  private static StringData text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort()];
    in.get(bytes);
    return StringData.fromBytes(bytes);
  }

  /** Returns what a lookup finds: a row of the table, or nothing. */
  static Collection<RowData> found(StringData key, @Nullable Object @Nullable [] values) {
    if (values == null) {
      return List.of();
    }
    GenericRowData row = new GenericRowData(1 + COLUMNS);
    row.setField(0, key);
    for (int i = 0; i < COLUMNS; i++) {
      row.setField(i + 1, values[i]);
    }
    return List.of(row);
  }
}
