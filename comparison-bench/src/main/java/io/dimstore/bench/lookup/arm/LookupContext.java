// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import java.time.Duration;

/**
 * What the arms of a run have in common.
 *
 * @param inFlight the most lookups that a subtask of an asynchronous arm has in flight
 * @param cachedRows the most rows that an arm with a cache keeps: about so many in the process for
 *     dimstore, so many in each subtask for the others
 */
public record LookupContext(LookupServers servers, int inFlight, int cachedRows) {

  /** The table in HBase, DynamoDB and memory that all arms look up. */
  public static final String TABLE = "dim_lookup";

  /** How long an arm with a cache keeps a row. */
  static final Duration CACHED_FOR = Duration.ofMinutes(10);

  /** How long a lookup may take before the job fails. */
  static final Duration TIMEOUT = Duration.ofSeconds(60);
}
