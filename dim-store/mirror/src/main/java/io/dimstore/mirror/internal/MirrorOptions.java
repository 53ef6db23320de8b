// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The options of the store, each declared once. */
public final class MirrorOptions {

  /** The id of this store. */
  public static final String ID = "mirror";

  static final StoreOption<String> FROM_STORE =
      StoreOption.text("from.store", null, "The store to migrate from, for instance hbase-redis.");

  static final StoreOption<String> TO_STORE =
      StoreOption.text(
          "to.store",
          null,
          "The store to migrate to, for instance dynamodb. It must keep shared records.");

  static final StoreOption<String> FROM =
      StoreOption.text(
          "from.",
          null,
          "Any option of the store to migrate from. An option of its tables is the default for each"
              + " table.");

  static final StoreOption<String> TO =
      StoreOption.text(
          "to.",
          null,
          "Any option of the store to migrate to. An option of its tables is the default for each"
              + " table.");

  static final StoreOption<Duration> MODE_REFRESH =
      StoreOption.duration(
          "mode.refresh",
          Duration.ofSeconds(1),
          "How often the mode of each table is read from the shared records.");

  static final StoreOption<Duration> MODE_VALIDITY =
      StoreOption.duration(
          "mode.validity",
          Duration.ofSeconds(10),
          "How long a mode may be used after the time at which it was read. After that, writes fail"
              + " UNAVAILABLE and reads use the last known primary. A change of the mode takes"
              + " effect everywhere after this time and 'deadline'.");

  static final StoreOption<Duration> OTHER_TIMEOUT =
      StoreOption.duration(
          "other.timeout",
          Duration.ofSeconds(1),
          "How long a call waits for the side that is not the primary. After that, a write leaves an"
              + " intent and a read uses the primary.");

  static final StoreOption<String> INTENTS_TABLE =
      StoreOption.text(
          "intents-table",
          "dimstore_mirror_intents",
          "The table, in both stores, of writes that the other side may lack; shared by all tables"
              + " and created when it is first needed.");

  static final StoreOption<Duration> RECONCILE_INTERVAL =
      StoreOption.duration(
          "reconcile.interval",
          Duration.ofSeconds(1),
          "How often the rows of pending writes are copied to the side that may lack them. While"
              + " none are pending, it is checked a tenth as often.");

  static final StoreOption<Duration> RECONCILE_ABSENT_AFTER =
      StoreOption.duration(
          "reconcile.absent-after",
          Duration.ofMinutes(15),
          "How old a pending put must be before the absence of its row in the primary is copied as a"
              + " delete. Must be larger than the time for which the primary may answer from a"
              + " cache, such as 'max-age' of hbase-redis.");

  static final StoreOption<Duration> RECONCILE_UNKNOWN_AFTER =
      StoreOption.duration(
          "reconcile.unknown-after",
          Duration.ofSeconds(30),
          "How long after a write failed in the primary its rows are copied: a part of it may have"
              + " been applied, and an attempt may arrive late.");

  static final StoreOption<Integer> SHADOW_QUEUE =
      StoreOption.integer(
          "shadow.queue",
          10_000,
          1,
          1_000_000,
          "How many keys may wait for a comparison. Further ones are not compared, but counted as"
              + " dropped.");

  static final StoreOption<Duration> SHADOW_RECHECK =
      StoreOption.duration(
          "shadow.recheck-after",
          Duration.ofSeconds(1),
          "How long to wait before a key that differs is compared again. A key counts as a mismatch"
              + " after three more comparisons.");

  static final StoreOption<Duration> SHADOW_PUBLISH =
      StoreOption.duration(
          "shadow.publish-interval",
          Duration.ofSeconds(10),
          "How often the counts of comparisons are written to the shared records.");

  private static final List<StoreOption<?>> OWN =
      List.of(
          FROM_STORE,
          TO_STORE,
          FROM,
          TO,
          MODE_REFRESH,
          MODE_VALIDITY,
          OTHER_TIMEOUT,
          INTENTS_TABLE,
          RECONCILE_INTERVAL,
          RECONCILE_ABSENT_AFTER,
          RECONCILE_UNKNOWN_AFTER,
          SHADOW_QUEUE,
          SHADOW_RECHECK,
          SHADOW_PUBLISH);

  private MirrorOptions() {}

  /** Returns all options. */
  public static Set<StoreOption<?>> all() {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(OWN);
    return all;
  }
}
