// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** Generates synthetic rows of about 180 bytes. The same seed gives the same rows. Immutable. */
public final class RowWorkload {

  /** Name of the key column. */
  public static final String KEY = "id";

  private static final List<Column> COLUMNS =
      List.of(
          new Column(KEY, DataType.STRING),
          new Column("country", DataType.STRING),
          new Column("level", DataType.Simple.INT),
          new Column("balance", DataType.Simple.BIGINT),
          new Column("name", DataType.STRING),
          new Column("note", DataType.STRING),
          new Column("updated_at", new DataType.TimestampLtz(3)));

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz ";

  private final long seed;
  private final int rows;

  public RowWorkload(long seed, int rows) {
    this.seed = seed;
    this.rows = rows;
  }

  public int rows() {
    return rows;
  }

  /** Returns the specification of a table for these rows. */
  public static TableSpec table(String name) {
    return new TableSpec(name, COLUMNS, List.of(KEY));
  }

  public Key key(int row) {
    return Key.of(String.format(Locale.ROOT, "user-%08d", row));
  }

  /**
   * Returns a row with the given version. The number, the balance and the time depend on the
   * version.
   */
  public Put put(int row, long version) {
    SplittableRandom random = new SplittableRandom(seed ^ (row * 0x9e3779b97f4a7c15L));
    String country = text(random, 2);
    String name = text(random, 12 + random.nextInt(16));
    String note = random.nextInt(16) == 0 ? null : text(random, 80 + random.nextInt(60));
    return new Put(
        key(row),
        Row.of(
            country,
            (int) (random.nextInt(100) + version % 100),
            random.nextLong(1_000_000_000L) + version,
            name,
            note,
            START.plusMillis(random.nextLong(1_000_000_000L) + version)),
        version);
  }

  /**
   * Returns {@code count} keys in random order. Keys repeat only if {@code count} exceeds the
   * number of rows.
   */
  public List<List<Key>> keys(int count, int batch, long round) {
    int[] order = order(rows, round);
    return batches(count, batch, i -> key(order[i % rows]));
  }

  /**
   * Returns puts of the first {@code count} rows with the given version, in random order and
   * without repetition.
   */
  public List<List<Change>> puts(int count, int batch, long version) {
    int[] order = order(count, version);
    return batches(count, batch, i -> put(order[i], version));
  }

  private static <T> List<List<T>> batches(int count, int batch, IntFunction<? extends T> element) {
    List<List<T>> batches = new ArrayList<>(count / batch + 1);
    for (int from = 0; from < count; from += batch) {
      List<T> next = new ArrayList<>(batch);
      for (int i = from; i < Math.min(from + batch, count); i++) {
        next.add(element.apply(i));
      }
      batches.add(next);
    }
    return batches;
  }

  private int[] order(int count, long round) {
    SplittableRandom random = new SplittableRandom(seed * 31 + round);
    return Permutation.of(count, random);
  }

  private static String text(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }
}
