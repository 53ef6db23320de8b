// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.records.ChangeParser;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.Sizing.Size;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Replays the changes of a dimension. It adds up the write units of each change and keeps the state
 * that the table has after all changes. Every key and the size of its item are held in memory.
 */
final class ChangeTopic {

  /** The least time that gives a rate. */
  private static final Duration SHORTEST_SPAN = Duration.ofMinutes(1);

  private final ChangeParser parser;
  private final int version;
  private final int[] key;
  private final int[] values;
  private final Sizing sizing;
  private final Map<Key, Held> table = new HashMap<>();
  private double writeUnits;
  private long writes;
  private long refused;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private record Held(long version, boolean isRow, Size size) {}

  /**
   * Creates the empty table of a dimension.
   *
   * @throws IllegalArgumentException if a change cannot have one of its columns
   */
  ChangeTopic(Dimension dimension, Sizing sizing) {
    List<String> names = dimension.columns().getFieldNames();
    this.parser = new ChangeParser(dimension.columns(), dimension.keyColumns(), null);
    this.version = names.size();
    this.key = dimension.keyColumns().stream().mapToInt(names::indexOf).toArray();
    this.values =
        IntStream.range(0, version)
            .filter(i -> !dimension.keyColumns().contains(names.get(i)))
            .toArray();
    this.sizing = sizing;
  }

  /**
   * Adds a record.
   *
   * @param recordKey the record's key
   * @param value the record's value; a record that {@code write run} would refuse, or that the
   *     store cannot hold, is counted as refused
   * @param time when the record was written, in epoch milliseconds
   */
  void add(byte @Nullable [] recordKey, byte @Nullable [] value, long time) {
    Change change;
    Size size;
    try {
      change = change(parser.parse(recordKey, value, time));
      size = sizing.sizeOf(change);
    } catch (BadRecord | StoreException e) {
      refused++;
      return;
    }
    first = Math.min(first, time);
    last = Math.max(last, time);
    writes++;
    Held held = table.get(change.key());
    // DynamoDB bills the larger of the existing and the new item, even for a superseded write.
    writeUnits +=
        held == null ? size.writeUnits() : Math.max(size.writeUnits(), held.size.writeUnits());
    if (held == null || change.version() >= held.version) {
      table.put(change.key(), new Held(change.version(), change instanceof Put, size));
    }
  }

  long records() {
    return writes + refused;
  }

  /**
   * Checks that at least one record is a change.
   *
   * @param source the topic, as text for the user
   */
  void requireChanges(String source) {
    if (writes == 0) {
      throw new UnusableInputException(
          refused == 0
              ? source + " has no records: name a topic that holds changes"
              : String.format(
                  Locale.ROOT,
                  "%s has no usable change among its %,d records: compare them with the columns of"
                      + " --dimension or --sql",
                  source,
                  refused));
    }
  }

  /**
   * Checks that the changes cover enough time to have a rate. Changes that were loaded at once have
   * none.
   *
   * @param source the topic, as text for the user
   */
  void requireRate(String source) {
    requireRate(source, Duration.ofMillis(last - first));
  }

  /**
   * Checks that changes cover enough time to have a rate.
   *
   * @param source the topic, as text for the user
   * @param span the time between the first and the last change
   */
  static void requireRate(String source, Duration span) {
    if (span.compareTo(SHORTEST_SPAN) < 0) {
      throw new ForecastException(
          String.format(
              Locale.ROOT,
              "--writes-per-second is missing: the changes of %s were written within %.1f s, too"
                  + " short a time for a mean rate",
              source,
              span.toMillis() / 1000.0));
    }
  }

  Observed observed(String source, boolean whole) {
    Sizes bytes = new Sizes();
    double readUnits = 0;
    long items = 0;
    for (Held held : table.values()) {
      bytes.add(held.size.bytes());
      if (held.isRow) {
        items++;
        readUnits += held.size.readUnits();
      }
    }
    double seconds = (last - first) / 1000.0;
    return new Observed(
        source,
        items,
        table.size() - items,
        whole,
        bytes,
        readUnits,
        writeUnits,
        writes,
        seconds > 0 ? writes / seconds : 0.0,
        refused);
  }

  private Change change(org.apache.flink.types.Row parsed) {
    Object[] keyValues = new Object[key.length];
    for (int i = 0; i < key.length; i++) {
      keyValues[i] = Objects.requireNonNull(parsed.getField(key[i]));
    }
    long changed = (Long) Objects.requireNonNull(parsed.getField(version));
    if (parsed.getKind() == RowKind.DELETE) {
      return new Delete(Key.of(keyValues), changed);
    }
    @Nullable Object[] held = new @Nullable Object[values.length];
    for (int i = 0; i < held.length; i++) {
      held[i] = value(parsed.getField(values[i]));
    }
    return new Put(Key.of(keyValues), Row.of(held), changed);
  }

  /** Converts a value of a row of Flink to the class that stores use: only nested ones differ. */
  private static @Nullable Object value(@Nullable Object parsed) {
    if (parsed instanceof org.apache.flink.types.Row row) {
      @Nullable Object[] fields = new @Nullable Object[row.getArity()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = value(row.getField(i));
      }
      return Row.of(fields);
    }
    if (parsed instanceof Object[] array) {
      List<@Nullable Object> list = new ArrayList<>();
      for (Object element : array) {
        list.add(value(element));
      }
      return list;
    }
    if (parsed instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> converted = new LinkedHashMap<>();
      map.forEach((name, held) -> converted.put(name, value(held)));
      return converted;
    }
    return parsed;
  }
}
