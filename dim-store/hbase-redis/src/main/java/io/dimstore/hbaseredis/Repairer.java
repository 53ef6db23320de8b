package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
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
 * Reconciles a table's marks in passes over them, the oldest first. A pass ends at a cut: marks
 * that are made after it has begun are not its own, so that it comes to an end however much is
 * written meanwhile. In one process passes of a table follow each other, and of all processes one
 * at a time has the {@link ReconcilerLease}. A pass is bounded in keys; what is left is the next
 * one's.
 *
 * <p>The mark of a batch that may still be under way to HBase is reconciled too in a recovery, but
 * stays until every attempt must have ended. Thread-safe.
 */
final class Repairer {

  private static final Logger LOG = LoggerFactory.getLogger(Repairer.class);
  private static final int PAGE = 64;
  private static final int STEP_KEYS = 1_000;
  private static final int PASS_KEYS = 100_000;
  private static final byte[] START = {};
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

  /** How long a table must be missed before its marks are given up. */
  private static final long CERTAIN = TimeUnit.SECONDS.toNanos(3);

  private final Layout layout;
  private final Reconciler reconciler;
  private final EntryTrust trust;
  private final RedisServers servers;
  private final Marks marks;
  private final TableAdmin admin;
  private final Meter meter;
  private final Duration maxAge;
  private final ReconcilerLease lease;
  private final Turns turns = new Turns();
  private final Schedule schedule = new Schedule();
  private volatile long missedSince;

  /**
   * The marks of one table.
   *
   * @param maxAge after which an entry of Redis is gone, whatever it missed
   */
  Repairer(
      Layout layout,
      Reconciler reconciler,
      RedisCopy copy,
      Marks marks,
      TableAdmin admin,
      Meter meter,
      Duration maxAge) {
    this.layout = layout;
    this.reconciler = reconciler;
    this.trust = copy.trust();
    this.servers = copy.servers();
    this.marks = marks;
    this.admin = admin;
    this.meter = meter;
    this.maxAge = maxAge;
    this.lease = marks.lease(layout.declaration());
  }

  /**
   * Reconciles marks whose batches have ended, up to about this many keys.
   *
   * @param deadline a part of the time until then is spent waiting for another process that does
   *     the same; where it goes on, there is something left for the next call
   */
  CompletableFuture<Repair> repair(int maxKeys, Deadline deadline) {
    return turns
        .inTurn(
            () -> {
              if (deadline.isOver()) {
                throw new StoreException(Kind.TIMEOUT, "The repair's turn came after its deadline");
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

  /** The same for nobody in particular: leaves it to another process that is at it. */
  CompletableFuture<Void> repairUnlessBusy(int maxKeys) {
    return turns.inTurn(() -> repairNow(maxKeys, 0)).thenAccept(done -> {});
  }

  private CompletableFuture<Pass> repairNow(int maxKeys, long patience) {
    Pass pass = new Pass(marks.cut(), START, maxKeys, false);
    return leased(patience, pass::run)
        .thenApply(
            done -> {
              pass.remaining |= done == null;
              return pass;
            });
  }

  /** Whether there is a server that can be told of anything. */
  boolean canRepair() {
    return servers.breakers().stream().anyMatch(Breaker::allowsWrites);
  }

  /** Begins a recovery if one is due and none is under way. */
  CompletableFuture<Void> recoverIfDue() {
    return trust.isMissing(servers.breakers()) && schedule.begin()
        ? recover().whenComplete((done, failure) -> schedule.ended(failure == null))
        : CompletableFuture.completedFuture(null);
  }

  /**
   * Reconciles every mark that is there now, those of batches under way included, so that entries
   * may be read again from servers that have come back. Fails where that must wait; other tables
   * are not concerned.
   */
  CompletableFuture<Void> recover() {
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
    return turns.inTurn(recovery::pass).thenCompose(recovery::next);
  }

  /** A recovery, which may take several passes up to one cut. */
  private final class Recovery {
    private @Nullable Map<Breaker, Integer> begun;
    private long cut;
    private byte[] last = START;

    /** Runs the next pass; null where none is needed. */
    CompletableFuture<@Nullable Pass> pass() {
      if (begun == null) {
        Map<Breaker, Integer> missing = trust.missing(servers.breakers());
        if (missing.isEmpty()) {
          return CompletableFuture.completedFuture(null);
        }
        begun = missing;
        cut = marks.cut();
      }
      return leased(PATIENCE, () -> new Pass(cut, last, PASS_KEYS, true).run())
          .thenApply(
              pass -> {
                if (pass == null) {
                  throw new StoreException(Kind.UNAVAILABLE, "Another process is at it");
                }
                return pass;
              });
    }

    CompletableFuture<Void> next(@Nullable Pass pass) {
      Map<Breaker, Integer> servers = begun;
      if (pass == null || servers == null) {
        return CompletableFuture.completedFuture(null);
      }
      meter.gauge("reconcile.left.ms." + layout.table(), pass.left());
      if (pass.blocked > 0) {
        throw new StoreException(
            Kind.CORRUPT,
            pass.blocked + " write intents cannot be read; has a newer release written them?");
      }
      if (pass.remaining) {
        last = pass.last;
        return recover(this);
      }
      // A failure in Redis has opened a breaker again: that server stays out.
      trust.reconciled(servers);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Counts the keys of the marks that are there, up to about a number. */
  CompletableFuture<Backlog> backlog(int maxKeys) {
    return backlog(START, 0, 0, maxKeys, marks.cut())
        .thenApply(
            backlog -> {
              String table = layout.table().getNameAsString();
              meter.gauge("backlog.keys." + table, backlog.keys());
              meter.gauge("backlog.oldest.ms." + table, backlog.oldestAge().toMillis());
              return backlog;
            });
  }

  private CompletableFuture<Backlog> backlog(
      byte[] last, long sum, long oldest, int maxKeys, long cut) {
    return marks
        .after(layout.declaration(), last, PAGE)
        .thenCompose(
            found -> {
              long first = last.length > 0 || found.isEmpty() ? oldest : found.get(0).createdAt();
              long keys = sum;
              for (Mark mark : found) {
                if (keys >= maxKeys) {
                  return CompletableFuture.completedFuture(backlogOf(keys, true, first));
                }
                keys += mark.rowKeys().size();
              }
              return isLast(found, cut)
                  ? CompletableFuture.completedFuture(backlogOf(keys, false, first))
                  : backlog(found.get(found.size() - 1).row(), keys, first, maxKeys, cut);
            });
  }

  private static boolean isLast(List<Mark> page, long cut) {
    return page.size() < PAGE || page.get(page.size() - 1).createdAt() > cut;
  }

  private static Backlog backlogOf(long keys, boolean more, long oldest) {
    long age = oldest == 0 ? 0 : Math.max(0, System.currentTimeMillis() - oldest);
    return new Backlog(keys, more, Duration.ofMillis(age));
  }

  /** Runs a pass while this process has the lease; null where another process has it. */
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

  /** One pass, as it goes on: used by one stage after another. */
  private final class Pass {
    private final long cut;
    private final int maxKeys;
    private final boolean young;
    private byte[] last;
    private long lastCreatedAt;
    private int examined;
    private long healed;
    private int blocked;
    private boolean remaining;
    private @Nullable StoreException failure;

    /**
     * A pass that is yet to run.
     *
     * @param cut when the last of its marks may have been made
     * @param last the mark behind which it begins, or {@link #START}
     * @param young whether marks count whose batches may be under way
     */
    Pass(long cut, byte[] last, int maxKeys, boolean young) {
      this.cut = cut;
      this.last = last;
      this.maxKeys = maxKeys;
      this.young = young;
    }

    CompletableFuture<Pass> run() {
      meter.count("reconcile.pass", 1);
      return page();
    }

    /** Returns how much younger than its last mark the cut is. */
    long left() {
      return remaining ? Math.max(0, cut - lastCreatedAt) : 0;
    }

    private CompletableFuture<Pass> page() {
      return lease
          .renew()
          .thenCompose(renewed -> marks.after(layout.declaration(), last, PAGE))
          .thenCompose(found -> step(found, 0));
    }

    private CompletableFuture<Pass> step(List<Mark> found, int from) {
      List<Mark> some = new ArrayList<>();
      int keys = 0;
      int at = from;
      for (; at < found.size(); at++) {
        Mark mark = found.get(at);
        if (mark.createdAt() > cut) {
          break;
        }
        if (!mark.isReadable()) {
          if (isMoot(mark)) {
            some.add(mark);
            meter.count("intents.dropped", 1);
            LOG.warn("A write intent of table {} that cannot be read is removed", layout.table());
          } else {
            blocked++;
          }
        } else if (young || mark.isOver()) {
          if (examined + keys >= maxKeys) {
            remaining = true;
            break;
          }
          if (keys > 0 && keys + mark.rowKeys().size() > STEP_KEYS) {
            break;
          }
          some.add(mark);
          keys += mark.rowKeys().size();
        }
        last = mark.row();
        lastCreatedAt = mark.createdAt();
      }
      int next = at;
      int more = keys;
      return (some.isEmpty() ? CompletableFuture.completedFuture(this) : reconcile(some, more))
          .thenCompose(done -> go(found, next));
    }

    private CompletableFuture<Pass> go(List<Mark> found, int at) {
      if (remaining) {
        return CompletableFuture.completedFuture(this);
      }
      if (at < found.size()) {
        return found.get(at).createdAt() > cut
            ? CompletableFuture.completedFuture(this)
            : lease.renew().thenCompose(renewed -> step(found, at));
      }
      return found.size() < PAGE ? CompletableFuture.completedFuture(this) : page();
    }

    private CompletableFuture<Pass> reconcile(List<Mark> some, int keys) {
      return reconciler
          .reconcile(some)
          .whenComplete((outcome, why) -> missedSince = why == null ? 0 : missedSince)
          .exceptionallyCompose(why -> unlessGone(some, why))
          .thenApply(
              outcome -> {
                examined += keys;
                healed += outcome.healed();
                if (outcome.failure() != null) {
                  failure = outcome.failure();
                  // A repair ends here; a recovery goes on for the sake of other servers.
                  remaining |= !young;
                }
                return this;
              });
    }
  }

  /** Whether no entry can be left that misses the write of a mark which cannot be read. */
  private boolean isMoot(Mark mark) {
    return mark.isOver() && mark.ageMillis() > mark.graceMillis() + maxAge.toMillis();
  }

  /** Removes the marks of a table that is certainly gone. */
  private CompletableFuture<Reconciler.Outcome> unlessGone(List<Mark> some, Throwable why) {
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
                // It may be on its way back, from a snapshot for instance.
                throw known;
              }
              // Listed before the table was looked for: none is of a table made anew since.
              return marks
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
