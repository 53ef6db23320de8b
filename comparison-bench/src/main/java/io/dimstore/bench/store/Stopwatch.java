package io.dimstore.bench.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time as it passes, and the CPU time of this process. */
interface Stopwatch {

  /** Nanoseconds since some moment. */
  long nanos();

  /** Nanoseconds of CPU that all threads of this process have used. */
  long cpuNanos();

  /** The machine's. */
  static Stopwatch system() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Stopwatch() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public long cpuNanos() {
        return system.getProcessCpuTime();
      }
    };
  }
}
