package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;

/**
 * A cluster whose nodes tell ports alone, as Redis 7 does with {@code
 * cluster-preferred-endpoint-type unknown-endpoint}; by a node that is played.
 */
class ClusterRedirectionTest {

  private static final HostAndPort ASKED = new HostAndPort("node.test", 1);

  @Test
  void aNodeWithoutAHostIsAtTheOneThatWasAsked() {
    assertThat(ClusterSlots.address(null, 2, ASKED)).isEqualTo(new HostAndPort("node.test", 2));
    assertThat(ClusterSlots.address("", 2, ASKED)).isEqualTo(new HostAndPort("node.test", 2));
    assertThat(ClusterSlots.address("n", 2, ASKED)).isEqualTo(new HostAndPort("n", 2));
  }

  @Test
  void aRedirectionWithoutAHostStaysAtTheHostThatWasAsked() throws Exception {
    try (ServerSocket node = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      Thread played = new Thread(() -> accept(node), "played-node");
      played.setDaemon(true);
      played.start();
      StoreConfig config =
          StoreConfig.parse(
              "store 'hbase-redis'",
              HBaseRedisOptions.all(),
              StoreOption.Scope.STORE,
              Map.of("redis.cluster", "127.0.0.1:" + node.getLocalPort()));
      try (RedisServers servers = RedisServers.open(config, new Meter(StoreMetrics.NONE))) {
        Failing.with(
            servers.values(List.of(Utf8.encode("a")), Demand.probe()),
            Kind.UNAVAILABLE,
            "No connection to 127.0.0.1:1");
      }
    }
  }

  private static void accept(ServerSocket node) {
    try {
      while (true) {
        Socket client = node.accept();
        Thread serving = new Thread(() -> serve(client, node.getLocalPort()), "played-node");
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException e) {
      // It has been closed.
    }
  }

  private static void serve(Socket client, int port) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int words = Integer.parseInt(line.substring(1));
        in.readLine();
        String command = in.readLine().toUpperCase(Locale.ROOT);
        for (int i = 1; i < words; i++) {
          in.readLine();
          in.readLine();
        }
        out.write(answer(command, port).getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static String answer(String command, int port) {
    return switch (command) {
      case "HELLO" -> "*2\r\n$5\r\nproto\r\n:2\r\n";
      case "INFO" -> bulk("role:master\r\nmaster_replid:" + "0".repeat(40) + "\r\n");
      case "CLUSTER" -> "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$-1\r\n:" + port + "\r\n";
      case "GET" -> "-MOVED 1 :1\r\n";
      default -> "+OK\r\n";
    };
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
