// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.mirror.control.ChangeCarriers;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.ClusterMetrics;
import org.apache.hadoop.hbase.ServerMetrics;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.replication.ReplicationLoadSource;
import org.apache.hadoop.hbase.replication.ReplicationPeerDescription;

/**
 * Reports which replication peers carry the changes of an HBase table to a store of dimstore, what
 * they have recorded as not carried, and how far they are behind, as the region servers have
 * reported it to the master last.
 */
public final class HBaseChangeCarriers implements ChangeCarriers {

  private static final long PATIENCE_SECONDS = 20;

  /** Creates the instance; called by {@link java.util.ServiceLoader}. */
  public HBaseChangeCarriers() {}

  @Override
  public String store() {
    return "hbase-redis";
  }

  @Override
  public Coverage coverage(Map<String, String> storeOptions, TableSpec table)
      throws InterruptedException {
    StoreConfig config =
        StoreConfig.parse(
            "store 'hbase-redis'", HBaseRedisOptions.all(), StoreOption.Scope.STORE, storeOptions);
    TableName name = new Layout(table).table();
    try (HBaseClient client = new HBaseClient(config)) {
      AsyncAdmin admin = client.admin().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<ReplicationPeerDescription> peers = await(admin.listReplicationPeers());
      TableDescriptor described = await(admin.getDescriptor(name));
      ClusterMetrics metrics =
          await(admin.getClusterMetrics(EnumSet.of(ClusterMetrics.Option.LIVE_SERVERS)));
      TableCoverage covered = TableCoverage.of(described, peers);
      return coverage(covered, metrics, uncarried(client, admin, covered, peers));
    } catch (ExecutionException e) {
      throw Failures.of("HBase", e);
    } catch (TimeoutException e) {
      throw new StoreException(
          StoreException.Kind.TIMEOUT, "HBase did not answer within " + PATIENCE_SECONDS + " s", e);
    }
  }

  /**
   * Returns what the peers have recorded as not carried. Where that cannot be read, the sentence
   * says so: it is not known then that every change was carried.
   */
  private static List<String> uncarried(
      HBaseClient client,
      AsyncAdmin admin,
      TableCoverage covered,
      List<ReplicationPeerDescription> peers)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> ours = ids(covered);
    List<String> sentences = new ArrayList<>();
    for (ReplicationPeerDescription peer : peers) {
      if (ours.contains(peer.getPeerId())) {
        TableName letters = DeadLetterTable.nameOf(peer.getPeerConfig().getConfiguration());
        if (await(admin.tableExists(letters))) {
          try {
            sentences.addAll(
                Uncarried.of(client, letters, peer.getPeerId(), covered.table(), PATIENCE_SECONDS));
          } catch (StoreException e) {
            sentences.add(
                "whether peer '%s' could carry every row is not known: table %s cannot be read (%s)"
                    .formatted(peer.getPeerId(), letters, e.getMessage()));
          }
        }
      }
    }
    return sentences;
  }

  private static Set<String> ids(TableCoverage covered) {
    return covered.ours().stream().map(TableCoverage.Peer::id).collect(Collectors.toSet());
  }

  private static <T> T await(CompletableFuture<T> call)
      throws InterruptedException, ExecutionException, TimeoutException {
    return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static Coverage coverage(TableCoverage covered, ClusterMetrics metrics, List<String> uncarried) {
    Set<String> ours = ids(covered);
    long lag = 0;
    long waiting = 0;
    for (ServerMetrics server : metrics.getLiveServerMetrics().values()) {
      for (Map.Entry<String, List<ReplicationLoadSource>> peer :
          server.getReplicationLoadSourceMap().entrySet()) {
        if (ours.contains(peer.getKey())) {
          for (ReplicationLoadSource source : peer.getValue()) {
            lag = Math.max(lag, source.getReplicationLag());
            // The log that is being written is one of the queue.
            waiting += Math.max(0, source.getSizeOfLogQueue() - 1);
          }
        }
      }
    }
    return new Coverage(
        ours.stream().sorted().map(id -> "peer " + id).toList(),
        Stream.concat(covered.uncovered().stream(), uncarried.stream()).toList(),
        covered.peers().stream()
            .filter(peer -> !peer.isOurs())
            .map(
                peer ->
                    "peer "
                        + peer.id()
                        + (peer.endpoint().isEmpty() ? "" : " of " + peer.endpoint()))
            .sorted()
            .toList(),
        lag,
        waiting);
  }
}
