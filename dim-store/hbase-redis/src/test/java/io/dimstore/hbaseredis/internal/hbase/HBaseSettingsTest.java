// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which source of a setting of the HBase client takes precedence. */
class HBaseSettingsTest {

  @TempDir Path folder;

  @Test
  void defaultTimeoutsLeaveTimeForAnotherAttempt() {
    Configuration settings = of(Map.of("zookeeper.quorum", "zk:1"));
    assertThat(settings.getLong("hbase.client.operation.timeout", 0)).isEqualTo(9_000);
    assertThat(settings.getLong("hbase.client.scanner.timeout.period", 0)).isEqualTo(9_000);
    assertThat(settings.getLong("hbase.rpc.timeout", 0)).isEqualTo(3_000);
    assertThat(settings.get("hbase.rpc.read.timeout")).as("as hbase.rpc.timeout").isNull();
    assertThat(settings.getLong("hbase.client.pause", 0)).isEqualTo(50);
    assertThat(settings.get("hbase.zookeeper.quorum")).isEqualTo("zk:1");
  }

  /** Pauses of 50 ms times 1, 2, 3, 5, 10, 20, 40, then 5 s each. */
  @Test
  void lastRetryEndsBeforeTheTimeLimitSoThatItsReasonIsReported() {
    Map<String, Integer> retries = Map.of("100 ms", 1, "1 s", 4, "5 s", 7, "10 s", 7, "30 s", 11);
    retries.forEach(
        (deadline, wanted) ->
            assertThat(
                    of(Map.of("zookeeper.quorum", "zk:1", "deadline", deadline))
                        .getInt("hbase.client.retries.number", 0))
                .as(deadline)
                .isEqualTo(wanted));
  }

  /** Pauses of 10 ms times 1, 2, 3, 5, 10, 20, 40, 100 four times, then 2 s each. */
  @Test
  void shorterPausesLeaveRoomForMoreRetries() throws Exception {
    String retries = "hbase.client.retries.number";
    Map<String, String> options = Map.of("zookeeper.quorum", "zk:1", "hbase.client.pause", "10");
    assertThat(of(options).getInt(retries, 0)).isEqualTo(12);
    Path site =
        site(
            "hbase-site.xml", Map.of("hbase.zookeeper.quorum", "zk:1", "hbase.client.pause", "10"));
    assertThat(of(Map.of("hbase-site", site.toString())).getInt(retries, 0)).isEqualTo(12);
    options = Map.of("zookeeper.quorum", "zk:1", "hbase.client.pause", "0");
    assertThat(of(options).getInt(retries, 0)).as("a pause of 0 counts as 1 ms").isEqualTo(50);
  }

  @Test
  void rpcClientThatClosesHalfOpenConnectionsIsUsedUnlessAnOptionNamesAnother() {
    String name = "hbase.rpc.client.impl";
    assertThat(of(Map.of("zookeeper.quorum", "zk:1")).get(name))
        .isEqualTo(ReconnectingRpcClient.class.getName());
    assertThat(of(Map.of("zookeeper.quorum", "zk:1", name, "a.B")).get(name)).isEqualTo("a.B");
  }

  @Test
  void optionsOverrideFilesAndFilesOverrideDefaults() throws Exception {
    Path first =
        site(
            "hbase-site.xml",
            Map.of(
                "hbase.zookeeper.quorum",
                "zk:2",
                "hbase.rpc.timeout",
                "700",
                "a.b",
                "1",
                "c",
                "1"));
    Path second = site("core-site.xml", Map.of("c", "2"));
    Configuration settings =
        of(
            Map.of(
                "hbase-site",
                first + ", " + second,
                "hbase.client.retries.number",
                "4",
                "hbase.rpc.timeout",
                "800",
                "hbase.client.ipc.pool.size",
                "3"));
    assertThat(settings.get("hbase.zookeeper.quorum")).isEqualTo("zk:2");
    assertThat(settings.getLong("hbase.rpc.timeout", 0)).isEqualTo(800);
    assertThat(settings.getInt("hbase.client.retries.number", 0)).isEqualTo(4);
    assertThat(settings.getInt("hbase.client.ipc.pool.size", 0)).isEqualTo(3);
    assertThat(settings.getInt("a.b", 0)).isEqualTo(1);
    assertThat(settings.getInt("c", 0)).isEqualTo(2);
    settings = of(Map.of("hbase-site", first.toString(), "zookeeper.quorum", "zk:3"));
    assertThat(settings.get("hbase.zookeeper.quorum")).isEqualTo("zk:3");
    assertThat(settings.getLong("hbase.rpc.timeout", 0)).isEqualTo(700);
  }

  @Test
  void noTimeoutExceedsTheDeadline() throws Exception {
    String[] bounds = {
      "hbase.client.operation.timeout",
      "hbase.client.meta.operation.timeout",
      "hbase.client.scanner.timeout.period",
      "hbase.rpc.timeout",
      "hbase.rpc.read.timeout",
      "hbase.rpc.write.timeout",
    };
    Map<String, String> slow = new HashMap<>();
    for (String bound : bounds) {
      slow.put(bound, "600000");
    }
    slow.put("hbase.zookeeper.quorum", "zk:1");
    String file = site("hbase-site.xml", slow).toString();
    Configuration settings = of(Map.of("hbase-site", file, "deadline", "1 s"));
    assertThat(bounds).allSatisfy(bound -> assertThat(settings.getLong(bound, 0)).isEqualTo(900));
  }

  @Test
  void missingOptionOrFileIsNamed() {
    assertThatThrownBy(() -> of(Map.of()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("'zookeeper.quorum'");
    assertThatThrownBy(() -> of(Map.of("hbase-site", "/no/such/hbase-site.xml")))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("'hbase-site'", "/no/such/hbase-site.xml");
  }

  @Test
  void timeoutThatIsNoNumberIsNamed() {
    Map<String, String> options = Map.of("zookeeper.quorum", "zk:1", "hbase.rpc.timeout", "2 s");
    assertThatThrownBy(() -> of(options))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("'hbase.rpc.timeout'", "'2 s'", "milliseconds");
  }

  private Path site(String name, Map<String, String> settings) throws IOException {
    Configuration xml = new Configuration(false);
    settings.forEach(xml::set);
    Path file = folder.resolve(name);
    try (var out = Files.newBufferedWriter(file)) {
      xml.writeXml(out);
    }
    return file;
  }

  private static Configuration of(Map<String, String> options) {
    return HBaseSettings.of(
        StoreConfig.parse(
            "store 'hbase-redis'", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options));
  }
}
