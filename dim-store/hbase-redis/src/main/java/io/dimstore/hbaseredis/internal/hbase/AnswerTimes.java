// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.ServerName;

/**
 * Remembers when each server answered last, and judges by that whether its connections are
 * half-open. Thread-safe. Times are of {@link System#nanoTime}.
 */
final class AnswerTimes {

  private final Map<ServerName, Long> answered = new ConcurrentHashMap<>();
  private final long shortestWaitNanos;

  /**
   * Creates the times of one client.
   *
   * @param settings the timeouts of the client's calls
   */
  AnswerTimes(Configuration settings) {
    long timeout =
        settings.getLong(HConstants.HBASE_RPC_TIMEOUT_KEY, HConstants.DEFAULT_HBASE_RPC_TIMEOUT);
    timeout = Math.min(timeout, settings.getLong(HConstants.HBASE_RPC_READ_TIMEOUT_KEY, timeout));
    timeout = Math.min(timeout, settings.getLong(HConstants.HBASE_RPC_WRITE_TIMEOUT_KEY, timeout));
    this.shortestWaitNanos = TimeUnit.MILLISECONDS.toNanos(timeout) / 2;
  }

  void answered(ServerName server, long nanos) {
    answered.put(server, nanos);
  }

  /**
   * Returns whether a call that has timed out shows that the server has stopped answering. A call
   * that waited less than half of the configured timeout shows nothing: the client gives the last
   * attempt of a call only what is left of the call's time, down to a millisecond.
   */
  boolean showsSilence(ServerName server, long sent, long timedOut) {
    Long last = answered.get(server);
    return timedOut - sent >= shortestWaitNanos && (last == null || last - sent < 0);
  }
}
