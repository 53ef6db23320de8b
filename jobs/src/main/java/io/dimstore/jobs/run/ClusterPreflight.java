// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks a Flink cluster before a job is planned for it. Flink's own client repeats its requests to
 * an absent cluster for a minute.
 */
public final class ClusterPreflight {

  /** How long another JobManager may take to take over from the one that was lost. */
  private static final Duration TAKEOVER = Duration.ofMinutes(1);

  private static final long POLL_MILLIS = 200;
  private static final int UNAVAILABLE = 503;

  private ClusterPreflight() {}

  /**
   * Checks that Flink's REST interface answers at this address. Waits while another JobManager
   * takes over.
   *
   * @throws JobException naming the address and the option
   */
  public static void require(URI cluster) throws InterruptedException {
    require(cluster, TAKEOVER);
  }

  static void require(URI cluster, Duration takeover) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster + "/overview"))
            .timeout(StoreCalls.PATIENCE)
            .build();
    HttpClient client = HttpClient.newBuilder().connectTimeout(StoreCalls.PATIENCE).build();
    long end = System.nanoTime() + takeover.toNanos();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      while (answer.statusCode() == UNAVAILABLE && System.nanoTime() - end < 0) {
        Thread.sleep(POLL_MILLIS);
        answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      }
      if (answer.statusCode() == UNAVAILABLE) {
        throw absent(cluster, "no JobManager leads", null);
      }
      if (answer.statusCode() != 200 || !answer.body().contains("\"flink-version\"")) {
        throw absent(cluster, "the answer is not that of Flink", null);
      }
    } catch (IOException e) {
      throw absent(cluster, e.toString(), e);
    }
  }

  private static JobException absent(URI cluster, String why, @Nullable Exception cause) {
    return new JobException(
        "Flink does not answer at " + cluster + " (" + why + "). Remedy: check --cluster.", cause);
  }
}
