package io.dimstore.bench.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.HBaseEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * HBase's asynchronous client alone, reading and writing the cells that the store reads and writes,
 * state cell included.
 */
final class HBaseBaseline implements AutoCloseable {

  private static final byte[] FAMILY = {'f'};
  private static final byte[] STATE_FAMILY = {'s'};
  private static final byte[] STATE = {'d'};
  private static final byte[] NULL_TEXT = {'n', 'u', 'l', 'l'};

  /** Value columns in the order of their cells, and the place of each in a row. */
  private static final byte[][] CELLS = {
    Bytes.toBytes("balance"),
    Bytes.toBytes("country"),
    Bytes.toBytes("level"),
    Bytes.toBytes("name"),
    Bytes.toBytes("note"),
    Bytes.toBytes("updated_at")
  };

  private static final int[] PLACES = {2, 0, 1, 3, 4, 5};

  private final AsyncConnection connection;

  HBaseBaseline(HBaseEndpoint endpoint) {
    Configuration configuration = HBaseConfiguration.create();
    endpoint.configuration().forEach(configuration::set);
    this.connection = Pipeline.await(ConnectionFactory.createAsyncConnection(configuration));
  }

  /** Reads rows with one multi-get. */
  CompletableFuture<List<@Nullable Put>> get(String table, List<Key> keys) {
    return results(table, keys)
        .thenApply(
            results -> {
              List<@Nullable Put> rows = new ArrayList<>(results.size());
              for (int i = 0; i < results.size(); i++) {
                rows.add(decode(keys.get(i), results.get(i)));
              }
              return rows;
            });
  }

  /** The cells of rows as text: their names, timestamps and bytes. */
  List<List<String>> cells(String table, List<Key> keys) {
    List<List<String>> rows = new ArrayList<>(keys.size());
    for (Result result : Pipeline.await(results(table, keys))) {
      List<String> cells = new ArrayList<>();
      for (Cell cell : result.rawCells()) {
        cells.add(
            text(cell.getFamilyArray(), cell.getFamilyOffset(), cell.getFamilyLength())
                + ":"
                + text(
                    cell.getQualifierArray(), cell.getQualifierOffset(), cell.getQualifierLength())
                + "@"
                + cell.getTimestamp()
                + "="
                + text(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength()));
      }
      rows.add(cells);
    }
    return rows;
  }

  /** The state cell of a row that never expires and has no null: the same for all such rows. */
  byte[] state(String table, List<Key> keys) {
    for (Result result : Pipeline.await(results(table, keys))) {
      byte[] state = result.getValue(STATE_FAMILY, STATE);
      if (state != null && state.length >= 14) {
        return Arrays.copyOf(state, 14);
      }
    }
    throw new BenchException("HBase table " + table + " has no row with a state cell");
  }

  /**
   * Writes rows with one batch of puts.
   *
   * @param state what {@link #state} gave
   */
  CompletableFuture<Void> put(String table, byte[] state, List<Change> changes) {
    List<org.apache.hadoop.hbase.client.Put> puts = new ArrayList<>(changes.size());
    for (Change change : changes) {
      puts.add(encode((Put) change, state));
    }
    return CompletableFuture.allOf(
        connection
            .getTable(TableName.valueOf(table))
            .batch(puts)
            .toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<List<Result>> results(String table, List<Key> keys) {
    List<Get> gets = new ArrayList<>(keys.size());
    for (Key key : keys) {
      gets.add(new Get(rowKey(key)));
    }
    return connection.getTable(TableName.valueOf(table)).getAll(gets);
  }

  private static org.apache.hadoop.hbase.client.Put encode(Put put, byte[] live) {
    org.apache.hadoop.hbase.client.Put mutation =
        new org.apache.hadoop.hbase.client.Put(rowKey(put.key()));
    byte[] state = live;
    for (int i = 0; i < CELLS.length; i++) {
      Object value = put.row().get(PLACES[i]);
      if (value == null) {
        byte[] name = Bytes.add(FAMILY, new byte[] {':'}, CELLS[i]);
        state = Bytes.add(state, new byte[] {(byte) name.length}, name);
      }
      mutation.addColumn(FAMILY, CELLS[i], put.version(), value(value));
    }
    return mutation.addColumn(STATE_FAMILY, STATE, put.version(), state);
  }

  private static byte[] value(@Nullable Object value) {
    if (value == null) {
      return NULL_TEXT;
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof Integer number) {
      return Bytes.toBytes((int) number);
    }
    return Bytes.toBytes(value instanceof Instant time ? time.toEpochMilli() : (long) (Long) value);
  }

  private static @Nullable Put decode(Key key, Result result) {
    Cell[] cells = result.rawCells();
    if (cells == null || cells.length == 0) {
      return null;
    }
    @Nullable Object[] values = new @Nullable Object[CELLS.length];
    long version = 0;
    long expiresAt = Put.NEVER;
    int at = 0;
    for (Cell cell : cells) {
      byte[] bytes = cell.getValueArray();
      int offset = cell.getValueOffset();
      if (cell.getFamilyArray()[cell.getFamilyOffset()] == STATE_FAMILY[0]) {
        version = cell.getTimestamp();
        expiresAt = Bytes.toLong(bytes, offset + 2);
        continue;
      }
      while (!isColumn(cell, CELLS[at])) {
        at++;
      }
      values[PLACES[at]] = decode(PLACES[at], bytes, offset, cell.getValueLength());
    }
    return new Put(key, Row.of(values), version, expiresAt);
  }

  private static boolean isColumn(Cell cell, byte[] name) {
    int offset = cell.getQualifierOffset();
    return Arrays.equals(
        cell.getQualifierArray(), offset, offset + cell.getQualifierLength(), name, 0, name.length);
  }

  private static @Nullable Object decode(int place, byte[] bytes, int offset, int length) {
    return switch (place) {
      case 1 -> Bytes.toInt(bytes, offset);
      case 2 -> Bytes.toLong(bytes, offset);
      case 5 -> Instant.ofEpochMilli(Bytes.toLong(bytes, offset));
      default ->
          Arrays.equals(bytes, offset, offset + length, NULL_TEXT, 0, NULL_TEXT.length)
              ? null
              : new String(bytes, offset, length, StandardCharsets.UTF_8);
    };
  }

  private static byte[] rowKey(Key key) {
    return ((String) key.get(0)).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return Bytes.toStringBinary(bytes, offset, length);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new BenchException("The connection to HBase did not close: " + e, e);
    }
  }
}
