// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Checks a Flink cluster before a job is planned for it. Flink's own client repeats its requests to
 * an absent cluster for a minute.
 */
public final class ClusterPreflight {

  private ClusterPreflight() {}

  /**
   * Checks that Flink's REST interface answers at this address.
   *
   * @throws JobException naming the address and the option
   */
  public static void require(URI cluster) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster + "/overview"))
            .timeout(StoreCalls.PATIENCE)
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(StoreCalls.PATIENCE)
              .build()
              .send(request, HttpResponse.BodyHandlers.ofString());
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
