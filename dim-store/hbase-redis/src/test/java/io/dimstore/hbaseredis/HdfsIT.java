package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HBase on HDFS, with its region servers in processes of their own. */
class HdfsIT {

  private static final int BATCH = 500;
  private static final int BATCHES = 10;

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.REDIS);

  /** Nothing is flushed: what was acknowledged is in the log of the server that dies. */
  @Test
  void whatWasAcknowledgedIsThereAfterARegionServerDies() throws Exception {
    StackOptions options = StackOptions.of(Set.of(Server.HBASE)).withHdfs(2);
    try (LocalStack hdfs = LocalStack.start(options)) {
      HBaseRedisHarness servers = new HBaseRedisHarness(hdfs.hbase(), stack.redis());
      TableSpec spec = Users.spec("users_" + Users.unique());
      try (HBaseShell shell = new HBaseShell(hdfs.hbase())) {
        byte[][] splits = {Utf8.encode("u2"), Utf8.encode("u5"), Utf8.encode("u8")};
        shell.create(spec.name(), splits, "f", "s");
      }
      List<Put> acknowledged = new ArrayList<>();
      try (Users users = Users.open(servers, Map.of("deadline", "60 s"), spec).created()) {
        for (int batch = 0; batch < BATCHES; batch++) {
          if (batch == BATCHES / 2) {
            kill(hdfs.log(Server.HBASE).resolveSibling("processes"));
          }
          List<Put> rows = rows(batch);
          users.write(rows.toArray(Put[]::new));
          acknowledged.addAll(rows);
        }
        List<Key> keys = acknowledged.stream().map(Put::key).toList();
        assertThat(Users.await(users.table().get(keys, spec.all()))).isEqualTo(acknowledged);
      }
    }
  }

  private static List<Put> rows(int batch) {
    return IntStream.range(batch * BATCH, (batch + 1) * BATCH)
        .mapToObj(i -> Users.user("u" + i, "NL", i, 1))
        .toList();
  }

  /** Ends one of the region servers as a crash would. */
  private static void kill(Path processes) throws Exception {
    long pid =
        Files.readAllLines(processes).stream()
            .filter(line -> line.startsWith("regionserver "))
            .map(line -> Long.parseLong(line.substring("regionserver ".length())))
            .findFirst()
            .orElseThrow();
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    assertThat(server.destroyForcibly()).isTrue();
    server.onExit().get(1, TimeUnit.MINUTES);
  }
}
