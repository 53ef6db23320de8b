// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Counts the threads and open files of this process. */
@SuppressWarnings("JavaLangClash")
final class Process {

  private Process() {}

  static int threads() {
    return threadNames().size();
  }

  /** Returns the number of open files and sockets, or 0 if the system does not report it. */
  static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
  }
}
