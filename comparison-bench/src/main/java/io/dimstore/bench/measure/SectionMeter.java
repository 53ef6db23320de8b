// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Measures sections of a run: the elapsed time, and how far counters advanced. A counter is a
 * number that only grows, for instance the CPU time of a process. Counters are read outside of the
 * elapsed time.
 */
public final class SectionMeter {

  /** The counter of the CPU time that this process uses. */
  public static final String CLIENT = "client";

  private final LongSupplier nanoTime;
  private final Map<String, LongSupplier> counters;

  /**
   * Creates a meter with its own clock.
   *
   * @param nanoTime the nanoseconds since an arbitrary but fixed time
   * @param counters the counters by name
   */
  public SectionMeter(LongSupplier nanoTime, Map<String, LongSupplier> counters) {
    this.nanoTime = nanoTime;
    this.counters = Map.copyOf(counters);
  }

  /**
   * Returns a meter of CPU time.
   *
   * @param processes the processes by name; the counters have the same names and count nanoseconds
   */
  public static SectionMeter ofCpu(Map<String, ProcessHandle> processes) {
    return ofCpu(processes, Map.of());
  }

  /**
   * Returns a meter of CPU time.
   *
   * @param processes the processes by name; the counters have the same names and count nanoseconds
   * @param servers more processes, whose counters include the processes that they have started
   */
  public static SectionMeter ofCpu(
      Map<String, ProcessHandle> processes, Map<String, ProcessHandle> servers) {
    Map<String, LongSupplier> counters = new TreeMap<>();
    processes.forEach((name, process) -> counters.put(name, () -> ProcessCpu.nanos(process)));
    servers.forEach(
        (name, process) -> counters.put(name, () -> ProcessCpu.nanosWithChildren(process)));
    return new SectionMeter(System::nanoTime, counters);
  }

  /** Returns a meter of the CPU time of this process, where the clients run, as {@link #CLIENT}. */
  public static SectionMeter ofClient() {
    return ofCpu(Map.of(CLIENT, ProcessHandle.current()));
  }

  /** Returns the current time of this meter's clock, in nanoseconds. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Starts a section. */
  public Section start() {
    Map<String, Long> before = read();
    return new Section(before, nanoTime());
  }

  private Map<String, Long> read() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, counter) -> values.put(name, counter.getAsLong()));
    return values;
  }

  /** A section that has started. */
  public final class Section {

    private final Map<String, Long> before;
    private final long startNanos;

    private Section(Map<String, Long> before, long startNanos) {
      this.before = before;
      this.startNanos = startNanos;
    }

    /** Returns what the section took so far. */
    public SectionUsage end() {
      long nanos = nanoTime() - startNanos;
      Map<String, Long> counts = read();
      counts.replaceAll((name, value) -> value - before.getOrDefault(name, 0L));
      return new SectionUsage(nanos, counts);
    }
  }
}
