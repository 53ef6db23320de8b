// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The requests that the functions of an arm have sent from this process. Functions are serialized
 * into a job, so they find their counter by the arm's name. Thread-safe.
 */
final class SentRequests {

  private static final Map<String, LongAdder> COUNTERS = new ConcurrentHashMap<>();

  private SentRequests() {}

  static LongAdder of(String arm) {
    return COUNTERS.computeIfAbsent(arm, id -> new LongAdder());
  }
}
