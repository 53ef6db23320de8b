// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;

/**
 * A measurement that a gate judges. Each kind states what was counted; none contains a judgement.
 * The name of a kind is part of the stored format.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Evidence.Verification.class, name = "verification"),
  @JsonSubTypes.Type(value = Evidence.ShadowReads.class, name = "shadow-reads"),
  @JsonSubTypes.Type(value = Evidence.ShadowNoise.class, name = "shadow-noise"),
  @JsonSubTypes.Type(value = Evidence.OpenIntents.class, name = "open-intents"),
  @JsonSubTypes.Type(value = Evidence.Replication.class, name = "replication"),
  @JsonSubTypes.Type(value = Evidence.Latency.class, name = "latency"),
  @JsonSubTypes.Type(value = Evidence.Throttling.class, name = "throttling"),
  @JsonSubTypes.Type(value = Evidence.Replay.class, name = "replay"),
  @JsonSubTypes.Type(value = Evidence.RollBackDrill.class, name = "roll-back-drill"),
  @JsonSubTypes.Type(value = Evidence.Cost.class, name = "cost")
})
public sealed interface Evidence {

  /**
   * A verification of every row of both stores.
   *
   * @param rows rows compared, those of either store
   * @param differences rows that differed to the end, those in flight not counted
   * @param extra the part of the differences that only the new store has
   * @param unreadable the part of the differences that one store cannot decode
   */
  record Verification(long rows, long differences, long extra, long unreadable)
      implements Evidence {

    /** Returns the two counts for people, as in "1 difference in 20 rows". */
    public String differencesInRows() {
      return differences
          + (differences == 1 ? " difference in " : " differences in ")
          + rows
          + " rows";
    }
  }

  /**
   * Shadow reads of a sample of the lookups.
   *
   * @param compared lookups that were compared with the other store
   * @param mismatched those that differed, also after the settle delay
   */
  record ShadowReads(long compared, long mismatched) implements Evidence {}

  /**
   * Shadow reads that compared the deciding store with itself: how many differences the comparison
   * makes by itself. No gate judges it; it is shown beside {@link ShadowReads}.
   *
   * @param compared lookups that were compared
   * @param mismatched those that differed, also after the settle delay
   */
  record ShadowNoise(long compared, long mismatched) implements Evidence {

    /** Returns the counts for people. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "compared with itself, the deciding store differed in %d of %d lookups",
          mismatched,
          compared);
    }
  }

  /**
   * Writes that reached the primary store and not yet the other one.
   *
   * @param keys number of keys in these writes
   */
  record OpenIntents(long keys) implements Evidence {}

  /**
   * The replication of writers that do not use dimstore.
   *
   * @param lagMillis age of the oldest change that is not in the new store, in milliseconds
   * @param uncovered tables or families with writers that no replication carries
   */
  record Replication(long lagMillis, List<String> uncovered) implements Evidence {

    /** Copies the list. */
    public Replication {
      uncovered = List.copyOf(uncovered);
    }
  }

  /**
   * Latency of lookups, measured on both stores in alternating blocks of one run.
   *
   * @param lookups lookups measured on each store
   * @param ratio 99th percentile of the new store by that of the old store
   * @param high upper end of the ratio's 95 % interval
   */
  record Latency(long lookups, double ratio, double high) implements Evidence {

    /** The least number of lookups on each store: a hundred of them are slower than the p99. */
    public static final long LEAST_LOOKUPS = 10_000;
  }

  /**
   * Requests to the new store.
   *
   * @param requests requests sent
   * @param throttled those that the server throttled
   */
  record Throttling(long requests, long throttled) implements Evidence {

    /** Returns the share of the requests that were throttled; 1 without requests. */
    public double share() {
      return requests == 0 ? 1 : (double) throttled / requests;
    }
  }

  /**
   * The feature job, run on the same events with each store.
   *
   * @param rows feature rows compared
   * @param differences rows that differed
   */
  record Replay(long rows, long differences) implements Evidence {}

  /**
   * A roll-back that was carried out to its end.
   *
   * @param seconds from the command to the moment at which every process used the old store again
   */
  record RollBackDrill(double seconds) implements Evidence {}

  /**
   * The cost of the new store for a month, at the rates measured.
   *
   * @param measured US dollars, from the capacity units that were consumed
   * @param forecast US dollars that the plan states
   */
  record Cost(double measured, double forecast) implements Evidence {}
}
