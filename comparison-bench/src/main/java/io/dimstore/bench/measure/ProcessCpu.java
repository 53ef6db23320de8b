// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import java.time.Duration;
import java.util.stream.Stream;

/** Reads the user and system CPU time of a process from the operating system. */
final class ProcessCpu {

  private ProcessCpu() {}

  /**
   * Returns the CPU nanoseconds used since the process started. Linux counts them in steps of 10
   * ms. Returns 0 if the process has ended or the system does not report CPU time.
   */
  static long nanos(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Returns the same for a process together with the processes that it has started. */
  static long nanosWithChildren(ProcessHandle process) {
    try (Stream<ProcessHandle> children = process.descendants()) {
      return nanos(process) + children.mapToLong(ProcessCpu::nanos).sum();
    }
  }
}
