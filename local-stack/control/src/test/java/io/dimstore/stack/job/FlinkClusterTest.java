// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to a cluster whose leading JobManager is lost. */
@Timeout(60)
class FlinkClusterTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final String JOBS =
      "{\"jobs\":[{\"jid\":\"a1\",\"name\":\"features\",\"state\":\"RUNNING\",\"start-time\":1}]}";
  private static final String ELECTION = "{\"errors\":[\"ongoing leader election\"]}";
  private static final FlinkJob JOB = new FlinkJob("a1", "features", "RUNNING", Instant.EPOCH);

  /** An answer, or with status 0 the end of the connection. */
  private record Answer(int status, String body) {

    static final Answer LOST = new Answer(0, "");
  }

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void endServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    exchange.getRequestBody().readAllBytes();
    // The last answer is given for ever.
    Answer next = answers.size() > 1 ? answers.poll() : answers.peek();
    if (next.status > 0) {
      byte[] body = next.body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private FlinkCluster cluster(Duration takeover) {
    return new FlinkCluster(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), takeover);
  }

  @Test
  void requestIsRepeatedUntilAJobManagerHasTakenOver() throws Exception {
    answers.add(new Answer(503, ELECTION));
    answers.add(new Answer(503, ELECTION));
    answers.add(new Answer(200, JOBS));

    assertThat(cluster(LONG).jobs()).extracting(FlinkJob::id).containsExactly("a1");
    assertThat(requests).hasSize(3);
  }

  @Test
  void electionThatDoesNotEndIsReported() {
    answers.add(new Answer(503, ELECTION));

    assertThatThrownBy(() -> cluster(Duration.ZERO).jobs())
        .isInstanceOf(StackException.class)
        .hasMessageContaining("ongoing leader election");
    assertThat(requests).hasSize(1);
  }

  @Test
  void readThatLosesItsConnectionIsRepeated() throws Exception {
    answers.add(new Answer(200, JOBS));
    answers.add(Answer.LOST);
    answers.add(Answer.LOST);
    answers.add(Answer.LOST);
    answers.add(new Answer(200, JOBS));
    FlinkCluster cluster = cluster(LONG);

    assertThat(cluster.jobs()).hasSize(1);
    assertThat(cluster.jobs()).hasSize(1);
    assertThat(requests).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void triggerThatLosesItsConnectionIsNotRepeated() throws Exception {
    answers.add(new Answer(200, JOBS));
    answers.add(Answer.LOST);
    FlinkCluster cluster = cluster(LONG);
    cluster.jobs();

    assertThatThrownBy(() -> cluster.savepoint(JOB, null))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("may have carried out the request")
        .hasMessageContaining("job list");
    assertThat(requests).containsExactly("GET /jobs/overview", "POST /jobs/a1/savepoints");
  }

  @Test
  void savepointThatIsNotKnownAfterATakeoverIsReportedWithTheRemedy() {
    answers.add(new Answer(202, "{\"request-id\":\"r7\"}"));
    answers.add(new Answer(200, "{\"status\":{\"id\":\"IN_PROGRESS\"}}"));
    answers.add(new Answer(503, ELECTION));
    answers.add(new Answer(404, "{\"errors\":[\"no such operation\"]}"));

    assertThatThrownBy(() -> cluster(LONG).savepoint(JOB, null))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("does not know the savepoint of the job a1 any more")
        .hasMessageContaining("repeat the command");
    assertThat(requests).hasSize(4).last().isEqualTo("GET /jobs/a1/savepoints/r7");
  }

  @Test
  void jobThatANewLeaderDoesNotKnowHasEnded() throws Exception {
    answers.add(new Answer(200, "{}"));
    answers.add(new Answer(200, JOBS));
    answers.add(new Answer(200, "{\"jobs\":[]}"));

    cluster(LONG).cancel(JOB);

    assertThat(requests)
        .containsExactly("PATCH /jobs/a1?mode=cancel", "GET /jobs/overview", "GET /jobs/overview");
  }

  @Test
  void wrongAddressIsReportedAtOnce() {
    FlinkCluster cluster = cluster(LONG);
    server.stop(0);

    assertThatThrownBy(cluster::jobs)
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Check --cluster");
  }
}
