package io.dimstore.bench;

import java.time.Duration;

/** CPU time of a process, user and system, as the operating system counts it. */
final class ProcessCpu {

  private ProcessCpu() {}

  /** Seconds since the process began; 0 when it is gone or the system does not tell. */
  static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }
}
