// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import java.util.EnumMap;
import java.util.Map;

/**
 * A misbehaviour of a store's servers that a harness can cause, so that the kit can test cases that
 * do not occur with a healthy server. Each lasts until the kit ends it.
 */
public enum Provocation {
  /** Each response contains only some of the requested keys, but at least one. */
  PARTIAL_ANSWERS,
  /** Requests for rows are answered, but with all keys left unprocessed. */
  NOTHING_PROCESSED,
  /** Requests for rows are answered, but with the last key left unprocessed. */
  ONE_UNPROCESSED,
  /** A part of each written batch is applied, and the rest fails. */
  HALF_WRITES,
  /** The partitions of the table are split or merged once; done when the call returns. */
  REORGANISED,
  /** The credentials are refused. */
  DENIED,
  /** Each request is throttled. */
  THROTTLED,
  /** Open connections break, and new ones are refused or broken. */
  AWAY,
  /** The system of record accepts requests and does not answer them. */
  STUCK,
  /** The cache accepts requests and does not answer them; the system of record is healthy. */
  CACHE_STUCK,
  /**
   * The cache answers each request {@link StoreHarness#cacheDelay} late, which is within the time
   * that a call waits for it. The system of record is healthy.
   */
  CACHE_SLOW,
  /** The changes that a feed has kept so far are dropped; done when the call returns. */
  CHANGES_DROPPED,
  /** The server executes each request for a shared record, and the first answer is lost. */
  ANSWERS_LOST;

  /** Returns all provocations with one reason why they are impossible. */
  public static Map<Provocation, String> none(String reason) {
    Map<Provocation, String> none = new EnumMap<>(Provocation.class);
    for (Provocation each : values()) {
      none.put(each, reason);
    }
    return none;
  }
}
