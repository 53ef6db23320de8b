// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

/**
 * A random generator (SplitMix64: a Weyl sequence through a 64-bit mixing function). Its algorithm
 * is fixed, so the sequence does not depend on the version of the JDK.
 */
final class SplitMix64 {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /**
   * Returns an independent generator for one purpose. More draws for it do not affect the others.
   */
  static SplitMix64 forPurpose(long seed, int purpose) {
    return new SplitMix64(new SplitMix64(seed ^ mix(purpose * GAMMA)).nextLong());
  }

  long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** Returns a number uniform in [0, 1), a multiple of 2^-53. */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Returns a number uniform in [0, bound). */
  long below(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound);
    }
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long draw;
    do {
      draw = nextLong() >>> 1;
    } while (draw >= limit);
    return draw % bound;
  }

  int below(int bound) {
    return (int) below((long) bound);
  }

  /** Returns true with this probability. */
  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
