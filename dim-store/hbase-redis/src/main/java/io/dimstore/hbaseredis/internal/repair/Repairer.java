// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.EntryTrust;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.common.SerialQueue;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.ReconcilerLease;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.hbaseredis.internal.table.TableAdmin;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles a table's write intents in passes, the oldest first. A pass ignores intents that were
 * created after it began (after its <i>cutoff</i>), so that it ends however much is written
 * meanwhile. In one process, passes of a table run one after another. Among processes, only the
 * holder of the {@link ReconcilerLease} runs a pass. A pass handles a limited number of keys; the
 * next pass continues.
 *
 * <p>A recovery also reconciles write intents whose batches may still be in flight to HBase, but
 * leaves them in place until every attempt must have ended. Thread-safe.
 */
public final class Repairer {

  private static final Logger LOG = LoggerFactory.getLogger(Repairer.class);
  private static final int PAGE = 64;
  private static final int STEP_KEYS = 1_000;
  private static final int PASS_KEYS = 100_000;
  private static final byte[] START = {};
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  /** How long a table must be missing before its write intents are removed. */
  private static final long CERTAIN = TimeUnit.SECONDS.toNanos(3);

  private final Layout layout;
  private final Reconciler reconciler;
  private final EntryTrust trust;
  private final RedisServers servers;
  private final WriteIntents intents;
  private final TableAdmin admin;
  private final Meter meter;
  private final Duration maxAge;
  private final ReconcilerLease lease;
  private final SerialQueue queue = new SerialQueue();
  private final Schedule schedule = new Schedule();
  private volatile long missedSince;

  /**
   * Creates the repairer of one table.
   *
   * @param maxAge how long an entry lives in Redis at most
   */
  public Repairer(
      Layout layout,
      Reconciler reconciler,
      RedisEntries redisEntries,
      WriteIntents intents,
      TableAdmin admin,
      Meter meter,
      Duration maxAge) {
    this.layout = layout;
    this.reconciler = reconciler;
    this.trust = redisEntries.trust();
    this.servers = redisEntries.servers();
    this.intents = intents;
    this.admin = admin;
    this.meter = meter;
    this.maxAge = maxAge;
    this.lease = intents.lease(layout.declaration());
  }

  /**
   * Reconciles write intents whose batches have ended, up to about this many keys.
   *
   * @param deadline when the repair must have ended. If another process holds the lease, the repair
   *     waits for half of that time; then it reconciles nothing, and the result has work remaining
   */
  public CompletableFuture<Repair> repair(int maxKeys, Deadline deadline) {
    return queue
        .inTurn(
            () -> {
              if (deadline.isOver()) {
                throw new StoreException(
                    Kind.TIMEOUT,
                    "The repair could not begin before its"
                        + " deadline: other repairs of the table were running");
              }
              return repairNow(maxKeys, deadline.remainingNanos() / 2);
            })
        .thenApply(
            repair -> {
              if (repair.failure != null) {
                throw repair.failure;
              }
              return new Repair(repair.examined, Math.toIntExact(repair.healed), repair.remaining);
            });
  }

  /**
   * Reconciles like {@link #repair}, for the periodic repair. Does nothing if another process holds
   * the lease. Failures of Redis are ignored.
   */
  public CompletableFuture<Void> repairUnlessBusy(int maxKeys) {
    return queue.inTurn(() -> repairNow(maxKeys, 0)).thenAccept(done -> {});
  }

  private CompletableFuture<Pass> repairNow(int maxKeys, long patience) {
    Pass pass = new Pass(intents.cutoff(), START, maxKeys, false);
    return leased(patience, pass::run)
        .thenApply(
            done -> {
              pass.remaining |= done == null;
              return pass;
            });
  }

  /** Whether any Redis server accepts writes. */
  public boolean canRepair() {
    return servers.breakers().stream().anyMatch(Breaker::allowsWrites);
  }

  /** Begins a recovery if one is due and none is running. */
  public CompletableFuture<Void> recoverIfDue() {
    return trust.isMissing(servers.breakers()) && schedule.begin()
        ? recover().whenComplete((done, failure) -> schedule.ended(failure == null))
        : CompletableFuture.completedFuture(null);
  }

  /**
   * Reconciles every write intent that exists now, including those of batches in flight, so that
   * entries may be read again from servers that have come back. Fails if this is not possible now;
   * other tables are not affected.
   */
  public CompletableFuture<Void> recover() {
    return recover(new Recovery())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.info(
                    "Lookups of table {} are answered by HBase until its write intents can be"
                        + " reconciled: {}",
                    layout.table(),
                    Failures.of("Recovery", failure).getMessage());
              }
            });
  }

  private CompletableFuture<Void> recover(Recovery recovery) {
    return queue.inTurn(recovery::pass).thenCompose(recovery::next);
  }

  /** One recovery. It may take several passes, which have the same cutoff. */
  private final class Recovery {
    private @Nullable Map<Breaker, Integer> begun;
    private long cutoff;
    private byte[] last = START;

    /** Runs the next pass. The result is null if no recovery is needed. */
    CompletableFuture<@Nullable Pass> pass() {
      if (begun == null) {
        Map<Breaker, Integer> missing = trust.missing(servers.breakers());
        if (missing.isEmpty()) {
          return CompletableFuture.completedFuture(null);
        }
        begun = missing;
        cutoff = intents.cutoff();
      }
      return leased(PATIENCE, () -> new Pass(cutoff, last, PASS_KEYS, true).run())
          .thenApply(
              pass -> {
                if (pass == null) {
                  throw new StoreException(
                      Kind.UNAVAILABLE, "Another process is reconciling" + " the table");
                }
                return pass;
              });
    }

    CompletableFuture<Void> next(@Nullable Pass pass) {
      Map<Breaker, Integer> servers = begun;
      if (pass == null || servers == null) {
        return CompletableFuture.completedFuture(null);
      }
      meter.gauge(
          "reconcile.remaining.ms", layout.table().getNameAsString(), pass.remainingMillis());
      if (pass.blocked > 0) {
        throw new StoreException(
            Kind.CORRUPT,
            pass.blocked + " write intents cannot be read; has a newer release written them?");
      }
      if (pass.remaining) {
        last = pass.last;
        return recover(this);
      }
      // If Redis failed meanwhile, the breaker of that server has opened again, so the table does
      // not read from it.
      trust.reconciled(servers);
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Counts the keys of the existing write intents, up to about this many keys, and reports the
   * gauges.
   */
  public CompletableFuture<Backlog> backlog(int maxKeys) {
    return backlog(START, 0, 0, maxKeys, intents.cutoff())
        .thenApply(
            backlog -> {
              String table = layout.table().getNameAsString();
              meter.gauge("backlog.keys", table, backlog.keys());
              meter.gauge("backlog.oldest.ms", table, backlog.oldestAge().toMillis());
              return backlog;
            });
  }

  private CompletableFuture<Backlog> backlog(
      byte[] last, long sum, long oldest, int maxKeys, long cutoff) {
    return intents
        .after(layout.declaration(), last, PAGE)
        .thenCompose(
            found -> {
              long first = last.length > 0 || found.isEmpty() ? oldest : found.get(0).createdAt();
              long keys = sum;
              for (WriteIntent intent : found) {
                if (keys >= maxKeys) {
                  return CompletableFuture.completedFuture(backlogOf(keys, true, first));
                }
                keys += intent.rowKeys().size();
              }
              return isLast(found, cutoff)
                  ? CompletableFuture.completedFuture(backlogOf(keys, false, first))
                  : backlog(found.get(found.size() - 1).row(), keys, first, maxKeys, cutoff);
            });
  }

  private static boolean isLast(List<WriteIntent> page, long cutoff) {
    return page.size() < PAGE || page.get(page.size() - 1).createdAt() > cutoff;
  }

  private static Backlog backlogOf(long keys, boolean more, long oldest) {
    long age = oldest == 0 ? 0 : Math.max(0, System.currentTimeMillis() - oldest);
    return new Backlog(keys, more, Duration.ofMillis(age));
  }

  /** Runs a pass under the lease. The result is null if another process holds the lease. */
  private CompletableFuture<@Nullable Pass> leased(
      long patience, Supplier<CompletableFuture<Pass>> pass) {
    return lease
        .acquire(patience)
        .thenCompose(
            taken -> {
              if (!taken) {
                return CompletableFuture.<@Nullable Pass>completedFuture(null);
              }
              return pass.get()
                  .handle(
                      (done, failure) ->
                          lease
                              .release()
                              .thenCompose(
                                  released ->
                                      failure == null
                                          ? CompletableFuture.completedFuture(done)
                                          : CompletableFuture.<Pass>failedFuture(failure)))
                  .thenCompose(Function.identity());
            });
  }

  /** The state of one pass. The stages of the pass use it one after another. */
  private final class Pass {
    private final long cutoff;
    private final int maxKeys;
    private final boolean includesInFlight;
    private byte[] last;
    private long lastCreatedAt;
    private int examined;
    private long healed;
    private int blocked;
    private boolean remaining;
    private @Nullable StoreException failure;

    /**
     * Creates a pass that has not run.
     *
     * @param cutoff the latest creation time of its write intents, in epoch milliseconds
     * @param last the row key of the write intent after which it begins, or {@link #START}
     * @param includesInFlight whether the pass also reconciles intents whose batches may still be
     *     in flight
     */
    Pass(long cutoff, byte[] last, int maxKeys, boolean includesInFlight) {
      this.cutoff = cutoff;
      this.last = last;
      this.maxKeys = maxKeys;
      this.includesInFlight = includesInFlight;
    }

    CompletableFuture<Pass> run() {
      meter.count("reconcile.pass", 1);
      return page();
    }

    /**
     * Returns the milliseconds between the pass's last write intent and the cutoff; 0 if nothing
     * remains.
     */
    long remainingMillis() {
      return remaining ? Math.max(0, cutoff - lastCreatedAt) : 0;
    }

    private CompletableFuture<Pass> page() {
      return lease
          .renew()
          .thenCompose(renewed -> intents.after(layout.declaration(), last, PAGE))
          .thenCompose(found -> step(found, 0));
    }

    private CompletableFuture<Pass> step(List<WriteIntent> found, int from) {
      List<WriteIntent> some = new ArrayList<>();
      int keys = 0;
      int at = from;
      for (; at < found.size(); at++) {
        WriteIntent intent = found.get(at);
        if (intent.createdAt() > cutoff) {
          break;
        }
        if (!intent.isReadable()) {
          if (isObsolete(intent)) {
            some.add(intent);
            meter.count("intents.dropped", 1);
            LOG.warn("A write intent of table {} that cannot be read is removed", layout.table());
          } else {
            blocked++;
          }
        } else if (includesInFlight || intent.isOver()) {
          if (examined + keys >= maxKeys) {
            remaining = true;
            break;
          }
          if (keys > 0 && keys + intent.rowKeys().size() > STEP_KEYS) {
            break;
          }
          some.add(intent);
          keys += intent.rowKeys().size();
        }
        last = intent.row();
        lastCreatedAt = intent.createdAt();
      }
      int next = at;
      int more = keys;
      return (some.isEmpty() ? CompletableFuture.completedFuture(this) : reconcile(some, more))
          .thenCompose(done -> continueFrom(found, next));
    }

    private CompletableFuture<Pass> continueFrom(List<WriteIntent> found, int at) {
      if (remaining) {
        return CompletableFuture.completedFuture(this);
      }
      if (at < found.size()) {
        return found.get(at).createdAt() > cutoff
            ? CompletableFuture.completedFuture(this)
            : lease.renew().thenCompose(renewed -> step(found, at));
      }
      return found.size() < PAGE ? CompletableFuture.completedFuture(this) : page();
    }

    private CompletableFuture<Pass> reconcile(List<WriteIntent> some, int keys) {
      return reconciler
          .reconcile(some)
          .whenComplete((outcome, why) -> missedSince = why == null ? 0 : missedSince)
          .exceptionallyCompose(why -> dropIfTableIsMissing(some, why))
          .thenApply(
              outcome -> {
                examined += keys;
                healed += outcome.healed();
                if (outcome.failure() != null) {
                  failure = outcome.failure();
                  // A repair ends here. A recovery continues, because other servers may be
                  // available.
                  remaining |= !includesInFlight;
                }
                return this;
              });
    }
  }

  /**
   * Whether a write intent that cannot be read is too old to matter: every entry that may lack its
   * write has expired.
   */
  private boolean isObsolete(WriteIntent intent) {
    return intent.isOver() && intent.ageMillis() > intent.graceMillis() + maxAge.toMillis();
  }

  /**
   * Removes the write intents of a table that no longer exists: HBase must report it missing twice,
   * 3 s apart. Otherwise fails with the given failure.
   */
  private CompletableFuture<Reconciler.Outcome> dropIfTableIsMissing(
      List<WriteIntent> some, Throwable why) {
    StoreException known = Failures.of("HBase", why);
    if (known.kind() != Kind.NO_TABLE) {
      return CompletableFuture.failedFuture(known);
    }
    return admin
        .exists(layout.table())
        .thenCompose(
            exists -> {
              if (exists) {
                missedSince = 0;
                throw known;
              }
              long now = System.nanoTime();
              long since = missedSince;
              if (since == 0) {
                missedSince = now;
              }
              if (since == 0 || now - since < CERTAIN) {
                // The table may be about to return, for instance from a snapshot.
                throw known;
              }
              // The intents were listed before the table was found missing, so none belongs to a
              // table that was created since.
              return intents
                  .removeAll(some)
                  .thenApply(
                      removed -> {
                        meter.count("intents.dropped", some.size());
                        LOG.warn(
                            "HBase has no table {}: {} of its write intents are removed",
                            layout.table(),
                            some.size());
                        return new Reconciler.Outcome(0, null);
                      });
            });
  }
}
