// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Uses both SQL jars in a session of Flink's SQL gateway. */
@Timeout(600)
class SqlGatewayIT {

  private static final String GATEWAY = "org.apache.flink.table.gateway.SqlGateway";

  private static final Pattern LISTENING =
      Pattern.compile("Rest endpoint listening at ([^ ]+:[0-9]+)");

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "hbase", "redis");

  @TempDir Path folder;

  @Test
  void jarsAddedToTheSession() throws Exception {
    run(List.of(), Statements.of(Statements.addJars(), stack, "added_to_gateway"));
  }

  @Test
  void jarsInTheLibFolder() throws Exception {
    run(SqlJars.ALL, Statements.of(List.of(), stack, "lib_of_gateway"));
  }

  private void run(List<Path> lib, List<String> statements) throws Exception {
    try (FlinkProcess gateway =
        FlinkProcess.start(
            folder,
            lib,
            LISTENING,
            GATEWAY,
            "-Dsql-gateway.endpoint.rest.address=localhost",
            "-Dsql-gateway.endpoint.rest.bind-port=0")) {
      GatewaySession session = GatewaySession.open(gateway.await().group(1));
      List<List<String>> rows = List.of();
      for (String statement : statements) {
        rows = session.run(statement);
      }
      assertThat(rows).as(gateway::output).containsExactly(Statements.ROW);
    }
  }
}
