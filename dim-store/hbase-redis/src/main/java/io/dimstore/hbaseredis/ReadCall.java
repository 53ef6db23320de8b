package io.dimstore.hbaseredis;

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
 * What one caller asked for: each key that the table can hold once, in parts that are read with one
 * request to each server, and the answers as they come. Parts may be answered by different threads,
 * each its own; {@link #answer} is for when all have been.
 */
final class ReadCall {

  /** The keys of a part, but for the last. */
  static final int PART = 500;

  /** The place of a key that the table cannot hold. */
  private static final int NO_PLACE = -1;

  /** Fibonacci hashing: near hash codes go far apart. */
  private static final int HASH_SPREAD = 0x9e3779b9;

  private final Projection columns;
  private final List<Key> keys;
  private final List<byte[]> rowKeys;

  /** Of each key that was asked for, its place among the keys that are read. */
  private final int[] places;

  private final @Nullable Put[] answers;
  private final Set<Key> corrupt = Collections.synchronizedSet(new LinkedHashSet<>());
  private volatile @Nullable StoreException firstCorrupt;

  /**
   * A call, with nothing answered.
   *
   * @param asked as the caller named them, in any number and as often as it likes
   * @param columns those that rows are to have
   */
  ReadCall(List<Key> asked, Projection columns, ChangeEncoder encoder, RowKeys rowKeys) {
    int size = asked.size();
    this.columns = columns;
    this.keys = new ArrayList<>(size);
    this.rowKeys = new ArrayList<>(size);
    this.places = new int[size];
    // The places of the keys so far, plus one, each where its hash says or at the next free
    // position. At most half of it is used.
    int[] known = new int[Math.max(2, Integer.highestOneBit(Math.max(1, size)) << 2)];
    for (int i = 0; i < size; i++) {
      places[i] = place(asked.get(i), known, encoder, rowKeys);
    }
    this.answers = new @Nullable Put[keys.size()];
  }

  private int place(Key key, int[] known, ChangeEncoder encoder, RowKeys codec) {
    int mask = known.length - 1;
    int at = key.hashCode() * HASH_SPREAD >>> Integer.numberOfLeadingZeros(mask);
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

  /** How many keys are read. */
  int size() {
    return keys.size();
  }

  /**
   * A part of the keys.
   *
   * @param from the position of its first; {@link #PART} further, the next one begins
   */
  Part part(int from, RedisCopy copy) {
    int to = Math.min(from + PART, keys.size());
    int[] own = new int[to - from];
    for (int i = 0; i < own.length; i++) {
      own[i] = from + i;
    }
    boolean whole = own.length == keys.size();
    return new Part(
        this,
        whole ? keys : keys.subList(from, to),
        copy.rows(whole ? rowKeys : rowKeys.subList(from, to)),
        own);
  }

  /** Fails the call when it has been answered, for the sake of this key; may be told twice. */
  void unreadable(Key key, StoreException why) {
    corrupt.add(key);
    firstCorrupt = why;
  }

  /** Whether a key has been told to be unreadable. */
  boolean isUnreadable(Key key) {
    return firstCorrupt != null && corrupt.contains(key);
  }

  /**
   * The rows in the order asked, null where there is none.
   *
   * @throws StoreException CORRUPT, naming the keys, where some are unreadable
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
   * @param call whose keys they are
   * @param keys the keys
   * @param rows the keys as both servers know them, in the same order
   * @param places where their answers go
   */
  record Part(ReadCall call, List<Key> keys, RedisCopy.Rows rows, int[] places) {

    int size() {
      return places.length;
    }

    /** What is asked about these keys alone, by their position. */
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

    /** Answers a key, by its position. */
    void answer(int key, @Nullable Put row) {
      call.answers[places[key]] = row;
    }
  }
}
