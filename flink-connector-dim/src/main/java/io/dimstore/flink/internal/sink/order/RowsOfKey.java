// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.spi.Versions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a changelog that have the same key at the moment. Each has its own version, and the
 * version under which it is stored. The store keeps the row with the greatest own version, so the
 * stored versions are in the order of the own ones.
 *
 * <p>If the store may refuse rows without the knowledge of the changelog, any of these rows may be
 * the one in the store. Each row is then listed, and its stored version leaves the others as they
 * are: it is above that of each row with a smaller own version, below that of each row with a
 * greater one, and not below any deleted row. Otherwise only the newest row is listed and the
 * others are counted, because the store holds nothing of them. Not thread-safe.
 */
final class RowsOfKey {

  /** The result of {@link #find} if it found more than one row. */
  static final int SEVERAL = -2;

  private static final int PAIR = 2;

  private long deleted;
  private int refused;
  private int unlisted;

  /** Own and stored version of each listed row, the smallest own version first. */
  private long[] versions;

  private RowsOfKey(long deleted, int refused, int unlisted, long[] versions) {
    this.deleted = deleted;
    this.refused = refused;
    this.unlisted = unlisted;
    this.versions = versions;
  }

  /**
   * Restores the rows from state.
   *
   * @param state what {@link #toState} returned, or null for a key without rows
   */
  static RowsOfKey of(long @Nullable [] state) {
    if (state == null) {
      return new RowsOfKey(ChangelogOrder.NO_VERSION, 0, 0, new long[0]);
    }
    int counts = 1 - state.length % PAIR;
    long refusedAndUnlisted = counts == 0 ? 0 : state[1];
    return new RowsOfKey(
        state[0],
        (int) (refusedAndUnlisted >>> Integer.SIZE),
        (int) refusedAndUnlisted,
        Arrays.copyOfRange(state, 1 + counts, state.length));
  }

  /**
   * Returns the state, or null if there is nothing to remember: the greatest version of a deleted
   * row, the two counts in one number unless both are 0, and the listed rows.
   */
  long @Nullable [] toState() {
    if (deleted == ChangelogOrder.NO_VERSION && refused == 0 && unlisted == 0 && isEmpty()) {
      return null;
    }
    int counts = refused == 0 && unlisted == 0 ? 0 : 1;
    long[] state = new long[1 + counts + versions.length];
    state[0] = deleted;
    if (counts == 1) {
      state[1] = (long) refused << Integer.SIZE | unlisted;
    }
    System.arraycopy(versions, 0, state, 1 + counts, versions.length);
    return state;
  }

  /** Returns the number of rows without a valid version, which the writer refuses. */
  int refused() {
    return refused;
  }

  void addRefused(int more) {
    refused += more;
  }

  /** Returns the number of rows with a valid version. */
  int valid() {
    return listed() + unlisted;
  }

  /** Returns the number of listed rows. */
  int listed() {
    return versions.length / PAIR;
  }

  /** Returns whether there is no row with a valid version. */
  boolean isEmpty() {
    return versions.length == 0;
  }

  private long own(int row) {
    return versions[row * PAIR];
  }

  private long stored(int row) {
    return versions[row * PAIR + 1];
  }

  /** Returns the greatest own version of a row. There must be a row. */
  long newestOwn() {
    return own(listed() - 1);
  }

  /** Returns the greatest version that a row or a delete had in the store, or -1. */
  long greatest() {
    return isEmpty() ? deleted : Math.max(deleted, stored(listed() - 1));
  }

  /** Returns the number of rows that are not listed. */
  int unlisted() {
    return unlisted;
  }

  /**
   * Adds a row that becomes the newest, because no row has a greater own version.
   *
   * @param listsOlder whether the row that was the newest remains listed
   * @return the version under which to store it, or {@link ChangelogOrder#NO_VERSION} if there is
   *     none above the others
   */
  long addNewest(long own, boolean listsOlder) {
    int count = listed();
    long stored = Math.max(aboveDeleted(own), count == 0 ? 0 : above(count - 1, own));
    if (stored > Versions.MAX) {
      if (listsOlder) {
        return ChangelogOrder.NO_VERSION;
      }
      stored = Versions.MAX;
    }
    if (!listsOlder && count > 0) {
      unlisted++;
      remove(count - 1);
    }
    insert(listed(), own, stored);
    return stored;
  }

  /** Adds a row that is not the newest, and of which the store keeps nothing. */
  void addUnlisted() {
    unlisted++;
  }

  /**
   * Adds a row that is not the newest.
   *
   * @return the version under which to store it, or {@link ChangelogOrder#NO_VERSION} if there is
   *     none between the neighbours
   */
  long addOlder(long own) {
    int at = listed();
    while (at > 0 && own(at - 1) > own) {
      at--;
    }
    long least = at == 0 ? 0 : above(at - 1, own);
    long most = stored(at) - 1;
    // A put takes effect after a delete of the same version, but leaves no room for one below it.
    long stored = Math.max(least, aboveDeleted(own));
    if (stored > most) {
      stored = Math.max(least, deleted);
    }
    if (stored > most) {
      return ChangelogOrder.NO_VERSION;
    }
    insert(at, own, stored);
    return stored;
  }

  /** Returns the least version for a row above the deleted ones: its own one if possible. */
  private long aboveDeleted(long own) {
    return own < deleted ? deleted + 1 : own;
  }

  /** Returns the least version above a row. Rows with equal versions are in order of arrival. */
  private long above(int row, long own) {
    return own(row) == own && stored(row) == own ? own : stored(row) + 1;
  }

  /**
   * Returns the position of the listed row with this own version, counted from the oldest. Returns
   * -1 if there is none, and {@link #SEVERAL} if there is more than one.
   */
  int find(long own) {
    int found = -1;
    for (int row = 0; row < listed(); row++) {
      if (own(row) == own) {
        if (found >= 0) {
          return SEVERAL;
        }
        found = row;
      }
    }
    return found;
  }

  /** Deletes a listed row. Returns the version of the delete, which affects no newer row. */
  long delete(int row) {
    long stored = stored(row);
    deleted = Math.max(deleted, stored);
    remove(row);
    return stored;
  }

  /** Forgets one row that is not listed. */
  void deleteUnlisted(long own) {
    unlisted = Math.max(0, unlisted - 1);
    deleted = Math.max(deleted, own);
  }

  /** Deletes every row with this version, which is not below {@link #greatest}. */
  void deleteAll(long version) {
    deleted = version;
    unlisted = 0;
    versions = new long[0];
  }

  private void insert(int row, long own, long stored) {
    long[] more = new long[versions.length + PAIR];
    System.arraycopy(versions, 0, more, 0, row * PAIR);
    more[row * PAIR] = own;
    more[row * PAIR + 1] = stored;
    System.arraycopy(versions, row * PAIR, more, (row + 1) * PAIR, versions.length - row * PAIR);
    versions = more;
  }

  private void remove(int row) {
    long[] fewer = new long[versions.length - PAIR];
    System.arraycopy(versions, 0, fewer, 0, row * PAIR);
    System.arraycopy(versions, (row + 1) * PAIR, fewer, row * PAIR, fewer.length - row * PAIR);
    versions = fewer;
  }
}
