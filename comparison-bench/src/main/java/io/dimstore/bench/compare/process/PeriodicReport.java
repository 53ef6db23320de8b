// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.writer.WriterException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads a value twice a second and reports it, in a daemon thread, until it is closed. No report
 * follows once {@link #close} has returned, even if a read still waits for its answer.
 *
 * @param <V> the type of the value
 */
final class PeriodicReport<V> implements AutoCloseable {

  /** Reads the value. */
  interface Read<V> {

    V get() throws InterruptedException;
  }

  private final Read<V> read;
  private final Consumer<V> report;
  private final Thread thread = new Thread(this::run, "progress");
  private volatile boolean closed;

  private PeriodicReport(Read<V> read, Consumer<V> report) {
    this.read = read;
    this.report = report;
  }

  /**
   * Starts the thread.
   *
   * @param read returns the value; a {@link WriterException} or an {@link IllegalStateException}
   *     means that there is none now
   */
  static <V> PeriodicReport<V> start(Read<V> read, Consumer<V> report) {
    PeriodicReport<V> started = new PeriodicReport<>(read, report);
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  private void run() {
    while (!closed) {
      try {
        TimeUnit.MILLISECONDS.sleep(500);
        reportUnlessClosed(read.get());
      } catch (WriterException | IllegalStateException notRunning) {
        // The job's cluster is starting or stopping.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void reportUnlessClosed(V value) {
    if (!closed) {
      report.accept(value);
    }
  }

  /** Ends the reports. The thread is not joined, because a read may wait without limit. */
  @Override
  public synchronized void close() {
    closed = true;
    thread.interrupt();
  }
}
