// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command {@code job} before a stand-in for Flink's REST interface. */
class JobMainTest {

  private static final String OVERVIEW =
      """
      {"jobs": [
        {"jid": "a1", "name": "one", "state": "RUNNING", "start-time": 1},
        {"jid": "a2", "name": "two", "state": "RUNNING", "start-time": 2},
        {"jid": "a3", "name": "two", "state": "RESTARTING", "start-time": 3},
        {"jid": "a4", "name": "one", "state": "CANCELED", "start-time": 4}]}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> answers = new HashMap<>();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String answer =
              answers.get(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
          byte[] body =
              (answer == null ? "{\"errors\": [\"Not found: x\\n\\tat y\"]}" : answer)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    answers.put("GET /jobs/overview", OVERVIEW);
    for (String id : new String[] {"a1", "a2", "a3", "a4"}) {
      answers.put("GET /jobs/" + id, "{\"vertices\": [{\"parallelism\": 2}]}");
    }
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void activeJobsAreListedTheNewestFirst() {
    assertThat(run("list")).isZero();
    assertThat(out.toString().lines().skip(1).map(line -> line.substring(0, 2)))
        .containsExactly("a3", "a2", "a1");
    assertThat(run("list", "--ended")).isZero();
    assertThat(out.toString()).containsPattern("(?m)^a4 +CANCELED +2 +1970-01-01T00:00:00Z  one$");
  }

  @Test
  void aNameIsThatOfTheOnlyActiveJobThatHasIt() {
    answers.put("POST /jobs/a1/savepoints", "{\"request-id\": \"r\"}");
    answers.put(
        "GET /jobs/a1/savepoints/r",
        "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"location\": \"file:/s\"}}");
    assertThat(run("savepoint", "one")).isZero();
    assertThat(out.toString()).isEqualTo("file:/s" + System.lineSeparator());
  }

  @Test
  void aFailedSavepointIsReportedInOneLine() {
    answers.put("POST /jobs/a1/savepoints", "{\"request-id\": \"r\"}");
    answers.put(
        "GET /jobs/a1/savepoints/r",
        "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"failure-cause\":"
            + " {\"stack-trace\": \"CheckpointException: no\\n\\tat x\"}}}");
    assertThat(run("savepoint", "a1")).isEqualTo(1);
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("The savepoint failed: CheckpointException: no");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "savepoint two                | 2 active jobs of ",
        "savepoint three              | No job of ",
        "stop a1                      | refuses the request: Not found: x",
        "rescale a1 --parallelism 9   | The job needs 7 more slots, and the cluster has 3 free",
      })
  void whatCannotBeDoneIsReportedInOneLine(String line, String message) {
    answers.put("GET /overview", "{\"slots-available\": 3}");
    assertThat(run(line.split(" +"))).isEqualTo(1);
    assertThat(err.toString()).hasLineCount(1).startsWith("error: ").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rescale a1 --parallelism 0                      | --parallelism '0': must be at least 1",
        "stop a1 --without-savepoint --savepoint-dir d   | --savepoint-dir does not go with",
      })
  void wrongUsageExitsWith2(String line, String message) {
    assertThat(run(line.split(" +"))).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains(message);
  }

  @Test
  void anAbsentClusterIsNamedWithTheCommandThatStartsOne() {
    server.stop(0);
    assertThat(run("list")).isEqualTo(1);
    assertThat(err.toString())
        .contains("Flink does not answer at http://127.0.0.1:", "stack up --flink");
  }

  private int run(String... words) {
    CommandLine command = JobMain.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] arguments = Arrays.copyOf(words, words.length + 1);
    arguments[words.length] = "--cluster=http://127.0.0.1:" + server.getAddress().getPort();
    return command.execute(arguments);
  }
}
