// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.events.transfer.Ticker;
import java.util.List;

/**
 * Sends elements by a schedule, regardless of how earlier ones progress. A latency that is measured
 * from the scheduled time includes the delay that a stalled subject causes to the elements behind
 * it.
 */
public final class OpenLoop {

  private static final long LEAD_MILLIS = 50;

  private final Ticker ticker;

  public OpenLoop(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Sends one element. Returns without waiting for the response. */
  @FunctionalInterface
  public interface Sender<T> {

    /**
     * Sends an element.
     *
     * @param scheduledMillis when it is due, in epoch milliseconds
     */
    void send(T element, double scheduledMillis);
  }

  /**
   * What was sent.
   *
   * @param scheduledMillis when each element was due, in epoch milliseconds
   * @param lagMillisMax the longest delay of the sender itself; if it is not small compared with
   *     the latencies, the latencies are meaningless
   */
  public record Sent(double[] scheduledMillis, double lagMillisMax) {}

  /**
   * Sends element n at n / {@code perSecond} seconds after the start.
   *
   * @throws BenchException if the thread is interrupted; its interrupt flag then stays set
   */
  public <T> Sent run(List<T> elements, double perSecond, Sender<? super T> sender) {
    double[] scheduled = new double[elements.size()];
    double lagMillis = 0;
    double startMillis = (double) (ticker.epochMillis() + LEAD_MILLIS);
    long startNanos = ticker.nanos() + LEAD_MILLIS * 1_000_000;
    for (int i = 0; i < scheduled.length; i++) {
      long offset = (long) (i * 1e9 / perSecond);
      long due = startNanos + offset;
      ticker.awaitNanos(due);
      if (Thread.currentThread().isInterrupted()) {
        throw new BenchException(
            "interrupted after " + i + " of " + scheduled.length + " elements");
      }
      scheduled[i] = startMillis + offset / 1e6;
      lagMillis = Math.max(lagMillis, (ticker.nanos() - due) / 1e6);
      sender.send(elements.get(i), scheduled[i]);
    }
    return new Sent(scheduled, lagMillis);
  }
}
