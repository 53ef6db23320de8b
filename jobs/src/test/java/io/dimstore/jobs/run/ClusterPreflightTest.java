// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dimstore.jobs.JobException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster without a leader for the first requests. */
@Timeout(60)
class ClusterPreflightTest {

  private final AtomicInteger requests = new AtomicInteger();
  private int withoutLeader;
  private String overview = "{\"taskmanagers\":1,\"flink-version\":\"1.20\"}";
  private HttpServer server;
  private URI address;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean leads = requests.incrementAndGet() > withoutLeader;
          byte[] body = (leads ? overview : "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(leads ? 200 : 503, leads ? body.length : -1);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void endServer() {
    server.stop(0);
  }

  @Test
  void clusterIsAskedAgainUntilAJobManagerLeads() throws Exception {
    withoutLeader = 3;

    ClusterPreflight.require(address, Duration.ofHours(1));

    assertThat(requests).hasValue(4);
  }

  @Test
  void clusterWithoutALeaderIsReportedInTheEnd() {
    withoutLeader = Integer.MAX_VALUE;

    assertThatThrownBy(() -> ClusterPreflight.require(address, Duration.ZERO))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("no JobManager leads")
        .hasMessageContaining("--cluster");
  }

  @Test
  void anotherServerIsReportedAtOnce() {
    overview = "{}";

    assertThatThrownBy(() -> ClusterPreflight.require(address, Duration.ofHours(1)))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("not that of Flink");
    assertThat(requests).hasValue(1);
  }

  @Test
  void absentClusterIsReportedAtOnce() {
    server.stop(0);

    assertThatThrownBy(() -> ClusterPreflight.require(address, Duration.ofHours(1)))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("does not answer");
  }
}
