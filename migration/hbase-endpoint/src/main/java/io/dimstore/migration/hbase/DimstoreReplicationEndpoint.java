// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.hbase.ReplicationOrigin;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.replication.BaseReplicationEndpoint;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;
import org.apache.hadoop.hbase.replication.WALEntryFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replication endpoint of HBase that carries every change of the declared tables to a store of
 * dimstore, whichever client made it and however: puts, all kinds of deletes, increments, appends
 * and bulk loads.
 *
 * <p>An entry of the log is confirmed to HBase only when the target has the rows that it concerns,
 * each as HBase had it at some moment after the entry was written. An entry whose rows cannot be
 * stored at the moment stays in HBase's queue, and the endpoint waits with growing pauses. It never
 * fails to start, because HBase would end the region server: with a wrong configuration it waits,
 * and logs what to correct.
 *
 * <p>{@code docs/hbase-endpoint.md} describes the configuration and the versions.
 */
public final class DimstoreReplicationEndpoint extends BaseReplicationEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(DimstoreReplicationEndpoint.class);

  private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

  private volatile @Nullable Carrier carrier;
  private volatile @Nullable EndpointMetrics metrics;
  private volatile int failures;
  private volatile long logged;
  private volatile boolean reconfigured;

  /** Called by HBase, in the master too. */
  public DimstoreReplicationEndpoint() {}

  /**
   * Returns the cluster id that changes from the target carry. HBase does not send changes with
   * this id to the peer, so no change goes in a circle.
   */
  @Override
  public UUID getPeerUUID() {
    return ReplicationOrigin.idOf(
        settings().get(PeerOptions.PREFIX + PeerOptions.ORIGIN.name(), "dimstore"));
  }

  @Override
  protected WALEntryFilter getScopeWALEntryFilter() {
    return new ScopesAndBulkLoads();
  }

  @Override
  public boolean replicate(ReplicateContext entries) {
    try {
      carrier().carry(entries.getEntries());
      if (failures > 0) {
        LOG.info("Peer {} carries changes again", ctx.getPeerId());
        metrics().held(false);
        failures = 0;
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (HeldException e) {
      waitAfter(e, true);
      return false;
    } catch (StoreException e) {
      waitAfter(e, !e.kind().isRetryable());
      return false;
    } catch (IOException | RuntimeException e) {
      waitAfter(e, false);
      return false;
    }
  }

  /**
   * Notes that the peer has other settings. HBase calls it for changes with which it does not
   * create the endpoint anew. The carrier with the old settings stops, and the next attempt opens
   * one with the new settings.
   */
  @Override
  public void peerConfigUpdated(ReplicationPeerConfig updated) {
    reconfigured = true;
  }

  private synchronized Carrier carrier() throws IOException, InterruptedException {
    if (!isRunning()) {
      throw new InterruptedException("the endpoint was stopped");
    }
    if (reconfigured) {
      reconfigured = false;
      failures = 0;
      closeCarrier();
    }
    Carrier open = carrier;
    if (open == null) {
      open = Carrier.open(ctx, settings(), metrics(), this::isActive);
      carrier = open;
    }
    return open;
  }

  /** Returns the settings of the region server, overridden by those of the peer. */
  private Configuration settings() {
    Configuration settings = new Configuration(ctx.getLocalConfiguration());
    ctx.getPeerConfig().getConfiguration().forEach(settings::set);
    return settings;
  }

  private synchronized EndpointMetrics metrics() {
    EndpointMetrics known = metrics;
    if (known == null) {
      known =
          new EndpointMetrics(
              ctx.getPeerId(), ctx.getMetrics()::incCounters, ctx.getMetrics()::setGauge);
      metrics = known;
    }
    return known;
  }

  private boolean isActive() {
    return isRunning() && !reconfigured && ctx.getReplicationPeer().isPeerEnabled();
  }

  /** Logs a failure, at most once a minute, and waits: HBase itself would ask again at once. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Failures of several logs may be counted as one.
  private void waitAfter(Exception failure, boolean operator) {
    failures = failures + 1;
    metrics().held(operator);
    long now = System.nanoTime();
    if (failures == 1 || now - logged > LOG_INTERVAL) {
      logged = now;
      String what = "Peer {} carries no changes, and HBase keeps them: {}";
      if (operator) {
        LOG.error(what, ctx.getPeerId(), failure.getMessage(), failure);
      } else {
        LOG.warn(what, ctx.getPeerId(), failure.getMessage(), failure);
      }
    }
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
    long end = now + backoff.nanos(failures);
    try {
      // The wait has a minimum, because a random pause can be close to 0.
      do {
        Thread.sleep(50);
      } while (isActive() && System.nanoTime() < end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void start() {
    startAsync();
  }

  @Override
  public void stop() {
    stopAsync();
  }

  @Override
  protected void doStart() {
    notifyStarted();
  }

  @Override
  protected void doStop() {
    closeCarrier();
    notifyStopped();
  }

  private synchronized void closeCarrier() {
    Carrier open = carrier;
    carrier = null;
    if (open != null) {
      open.close();
    }
  }
}
