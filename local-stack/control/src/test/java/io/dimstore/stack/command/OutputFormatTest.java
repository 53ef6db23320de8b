// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.server.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFormatTest {

  private static final List<OutputFormat.Row> ROWS =
      List.of(
          new OutputFormat.Row(Endpoint.of("hbase", 2181), 11, true, "/tmp/a b/h.log", List.of()),
          new OutputFormat.Row(
              Endpoint.of("dynamodb", 8000), 12, false, "/tmp/\"d\"\\\n.log", List.of()));

  @Test
  void aTableHasALineForEachServerAndSaysWhichHaveEnded() {
    assertThat(OutputFormat.TABLE.of(ROWS).lines())
        .containsExactly(
            "SERVER    ADDRESS                PROCESS  LOG",
            "hbase     localhost:2181         11       /tmp/a b/h.log",
            "dynamodb  http://127.0.0.1:8000  ended    /tmp/\"d\"\\",
            ".log");
  }

  @Test
  void environmentLinesCanBeEvaluatedByAShell() {
    assertThat(OutputFormat.ENV.of(ROWS))
        .isEqualTo(
            """
            export HBASE_ZOOKEEPER_QUORUM='localhost:2181'
            export DIMSTORE_HBASE_HOST='127.0.0.1'
            export DIMSTORE_HBASE_PORT='2181'
            export DIMSTORE_HBASE_ADDRESS='localhost:2181'
            export AWS_ACCESS_KEY_ID='local'
            export AWS_ENDPOINT_URL_DYNAMODB='http://127.0.0.1:8000'
            export AWS_REGION='us-east-1'
            export AWS_SECRET_ACCESS_KEY='local'
            export DIMSTORE_DYNAMODB_HOST='127.0.0.1'
            export DIMSTORE_DYNAMODB_PORT='8000'
            export DIMSTORE_DYNAMODB_ADDRESS='http://127.0.0.1:8000'
            export DIMSTORE_DYNAMODB_ACCESS_KEY='local'
            export DIMSTORE_DYNAMODB_REGION='us-east-1'
            export DIMSTORE_DYNAMODB_SECRET_KEY='local'
            """);
  }

  @Test
  void jsonEscapesReservedCharacters() {
    assertThat(OutputFormat.JSON.of(ROWS))
        .isEqualTo(
            """
            {
              "hbase": {"address": "localhost:2181", "port": 2181, "pid": 11, "alive": true, \
            "log": "/tmp/a b/h.log", "environment": {"HBASE_ZOOKEEPER_QUORUM": "localhost:2181", \
            "DIMSTORE_HBASE_HOST": "127.0.0.1", "DIMSTORE_HBASE_PORT": "2181", \
            "DIMSTORE_HBASE_ADDRESS": "localhost:2181"}},
              "dynamodb": {"address": "http://127.0.0.1:8000", "port": 8000, "pid": 12, "alive": false, \
            "log": "/tmp/\\"d\\"\\\\\\u000a.log", "environment": {\
            "AWS_ACCESS_KEY_ID": "local", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000", \
            "AWS_REGION": "us-east-1", "AWS_SECRET_ACCESS_KEY": "local", \
            "DIMSTORE_DYNAMODB_HOST": "127.0.0.1", "DIMSTORE_DYNAMODB_PORT": "8000", \
            "DIMSTORE_DYNAMODB_ADDRESS": "http://127.0.0.1:8000", \
            "DIMSTORE_DYNAMODB_ACCESS_KEY": "local", "DIMSTORE_DYNAMODB_REGION": "us-east-1", \
            "DIMSTORE_DYNAMODB_SECRET_KEY": "local"}}
            }
            """);
  }

  @Test
  void otherProcessesOfAServerHaveLinesOfTheirOwn(@TempDir Path folder) throws IOException {
    long own = ProcessHandle.current().pid();
    Process ended = new ProcessBuilder("true").start();
    ended.onExit().join();
    Files.writeString(
        folder.resolve("processes"),
        "jobmanager-1 %d http://127.0.0.1:15001 leader%ntaskmanager-1 %d -%n"
            .formatted(own, ended.pid()));
    List<OutputFormat.Row> rows =
        List.of(
            OutputFormat.Row.of(
                Endpoint.of("redis", 6379), 5, true, folder.resolve("server.log").toString()));

    assertThat(OutputFormat.TABLE.of(rows).lines().map(line -> line.replace(folder + "/", "")))
        .containsExactly(
            "SERVER                 ADDRESS                 PROCESS  LOG",
            "redis                  127.0.0.1:6379          5        server.log",
            "  jobmanager-1 (leads) http://127.0.0.1:15001  %-8d jobmanager-1.log".formatted(own),
            "  taskmanager-1                                ended    taskmanager-1.log");
    assertThat(OutputFormat.JSON.of(rows))
        .contains(
            ", \"processes\": {\"jobmanager-1\": {\"address\": \"http://127.0.0.1:15001\", \"pid\": "
                + own
                + ", \"alive\": true, \"leads\": true, \"log\": \"")
        .contains("\"alive\": false, \"leads\": false");
  }
}
