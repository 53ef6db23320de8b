// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.RowKeys;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One lookup call: the requested keys without duplicates and without keys that the table cannot
 * hold, divided into parts, and the answers so far. A part is read with one request to each server.
 * Different threads may answer different parts. {@link #answer()} may be called when all parts have
 * been answered.
 */
final class ReadCall {

  /** The number of keys of each part but the last. */
  static final int PART = 500;

  /** The position that stands for a key that the table cannot hold. */
  private static final int NO_PLACE = -1;

  /** The factor of Fibonacci hashing, which spreads similar hash codes. */
  private static final int HASH_SPREAD = 0x9e3779b9;

  private final Projection columns;
  private final List<Key> keys;
  private final List<byte[]> rowKeys;

  /** For each requested key, its position among the keys that are read, or {@link #NO_PLACE}. */
  private final int[] places;

  private final @Nullable Put[] answers;
  private final Set<Key> corrupt = Collections.synchronizedSet(new LinkedHashSet<>());
  private volatile @Nullable StoreException firstCorrupt;

  /**
   * Creates a call without answers.
   *
   * @param asked the requested keys, in the caller's order, with any duplicates
   * @param columns the columns to read
   */
  ReadCall(List<Key> asked, Projection columns, ChangeEncoder encoder, RowKeys rowKeys) {
    int size = asked.size();
    this.columns = columns;
    this.keys = new ArrayList<>(size);
    this.rowKeys = new ArrayList<>(size);
    this.places = new int[size];
    // An open-addressing hash table with the positions of the keys so far, plus one. At most half
    // of it is used.
    int[] known = new int[Math.max(2, Integer.highestOneBit(Math.max(1, size)) << 2)];
    for (int i = 0; i < size; i++) {
      places[i] = place(asked.get(i), known, encoder, rowKeys);
    }
    this.answers = new @Nullable Put[keys.size()];
  }

  private int place(Key key, int[] known, ChangeEncoder encoder, RowKeys codec) {
    int mask = known.length - 1;
    int at = (key.hashCode() * HASH_SPREAD) >>> Integer.numberOfLeadingZeros(mask);
    while (known[at] != 0) {
      if (keys.get(known[at] - 1).equals(key)) {
        return known[at] - 1;
      }
      at = at + 1 & mask;
    }
    byte[] rowKey = encoder.isKey(key) ? codec.encode(key) : null;
    if (rowKey == null) {
      return NO_PLACE;
    }
    keys.add(key);
    rowKeys.add(rowKey);
    known[at] = keys.size();
    return keys.size() - 1;
  }

  Projection columns() {
    return columns;
  }

  /** Returns the number of keys that are read. */
  int size() {
    return keys.size();
  }

  /**
   * Returns a part of the keys.
   *
   * @param from the position of its first key; the next part begins {@link #PART} keys later
   */
  Part part(int from, RedisEntries redisEntries) {
    int to = Math.min(from + PART, keys.size());
    int[] own = new int[to - from];
    for (int i = 0; i < own.length; i++) {
      own[i] = from + i;
    }
    boolean whole = own.length == keys.size();
    return new Part(
        this,
        whole ? keys : keys.subList(from, to),
        redisEntries.rows(whole ? rowKeys : rowKeys.subList(from, to)),
        own);
  }

  /**
   * Records that the row of a key cannot be read. {@link #answer()} then fails. May be called more
   * than once for a key.
   */
  void unreadable(Key key, StoreException why) {
    corrupt.add(key);
    firstCorrupt = why;
  }

  /** Whether {@link #unreadable} was called for a key. */
  boolean isUnreadable(Key key) {
    return firstCorrupt != null && corrupt.contains(key);
  }

  /**
   * Returns the rows in the order of the requested keys, null for a key without a row.
   *
   * @throws StoreException CORRUPT if some rows cannot be read; names their keys
   */
  List<@Nullable Put> answer() {
    StoreException why = firstCorrupt;
    if (why != null) {
      throw new StoreException(
          Kind.CORRUPT, String.valueOf(why.getMessage()), List.copyOf(corrupt), why);
    }
    if (keys.size() == places.length) {
      return Arrays.asList(answers);
    }
    List<@Nullable Put> answer = new ArrayList<>(places.length);
    for (int place : places) {
      answer.add(place < 0 ? null : answers[place]);
    }
    return answer;
  }

  /**
   * Some of a call's keys, read with one request to each server.
   *
   * @param call the call that the keys belong to
   * @param keys the keys
   * @param rows their row keys and their names in Redis, in the same order
   * @param places their positions among the keys of the call
   */
  record Part(ReadCall call, List<Key> keys, RedisEntries.Rows rows, int[] places) {

    int size() {
      return places.length;
    }

    /** Returns a part with only some of these keys, chosen by their positions in this part. */
    Part of(int[] chosen) {
      if (chosen.length == places.length) {
        return this;
      }
      List<Key> some = new ArrayList<>(chosen.length);
      int[] somePlaces = new int[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        some.add(keys.get(chosen[i]));
        somePlaces[i] = places[chosen[i]];
      }
      return new Part(call, some, rows.of(chosen), somePlaces);
    }

    /** Sets the answer for a key, by its position in this part. */
    void answer(int key, @Nullable Put row) {
      call.answers[places[key]] = row;
    }
  }
}
