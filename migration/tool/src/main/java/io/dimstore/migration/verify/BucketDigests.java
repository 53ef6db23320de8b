// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.Digest;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * For each bucket of one side, the number of its rows and the sum of their hashes: of the high and
 * of the low 64 bits apart, each modulo 2^64. A sum does not depend on the order in which the store
 * returns its rows. Thread-safe.
 *
 * <p>A bucket takes 24 bytes. Two buckets with different rows have equal sums with a probability of
 * 2^-128, because a hash behaves as a random number.
 */
final class BucketDigests {

  private final int shift;
  private final AtomicLongArray counts;
  private final AtomicLongArray high;
  private final AtomicLongArray low;

  /**
   * Creates empty buckets.
   *
   * @param buckets a power of 2
   */
  BucketDigests(int buckets) {
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(buckets);
    this.counts = new AtomicLongArray(buckets);
    this.high = new AtomicLongArray(buckets);
    this.low = new AtomicLongArray(buckets);
  }

  /** Returns the bucket of a key: the highest bits of its hash. */
  int bucketOf(long keyHash) {
    return (int) (keyHash >>> shift);
  }

  void add(int bucket, Digest row) {
    counts.getAndIncrement(bucket);
    high.getAndAdd(bucket, row.high());
    low.getAndAdd(bucket, row.low());
  }

  long count(int bucket) {
    return counts.get(bucket);
  }

  /** Returns the buckets in which the two sides differ. */
  BitSet differing(BucketDigests other) {
    BitSet differing = new BitSet(counts.length());
    for (int i = 0; i < counts.length(); i++) {
      if (counts.get(i) != other.counts.get(i)
          || high.get(i) != other.high.get(i)
          || low.get(i) != other.low.get(i)) {
        differing.set(i);
      }
    }
    return differing;
  }

  /** Returns the sum over all buckets: equal for tables with equal rows. */
  Digest sum() {
    long allHigh = 0;
    long allLow = 0;
    for (int i = 0; i < counts.length(); i++) {
      allHigh += high.get(i);
      allLow += low.get(i);
    }
    return new Digest(allHigh, allLow);
  }
}
