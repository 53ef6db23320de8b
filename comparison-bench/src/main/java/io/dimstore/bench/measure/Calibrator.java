// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Measures how fast the machine is at a moment: the CPU time of a computation that is always the
 * same. On a shared machine that time varies, although no program changed.
 */
public final class Calibrator {

  private static final int STEPS = 4_000_000;
  private static final int WARM_UP = 20;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long state = 1;

  /** Creates a calibrator whose computation is already compiled. */
  public Calibrator() {
    for (int i = 0; i < WARM_UP; i++) {
      compute();
    }
  }

  /** Runs the computation once and returns its CPU time in milliseconds. */
  public double millis() {
    long before = threads.getCurrentThreadCpuTime();
    compute();
    return (threads.getCurrentThreadCpuTime() - before) / 1e6;
  }

  private void compute() {
    long x = state;
    for (int i = 0; i < STEPS; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
    }
    state = x;
  }
}
