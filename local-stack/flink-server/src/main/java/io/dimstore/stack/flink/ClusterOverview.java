// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the REST interface of the cluster reports about its TaskManagers. */
final class ClusterOverview {

  private static final Pattern SLOTS = Pattern.compile("\"slots-total\":(\\d+)");
  private static final long POLL_MILLIS = 50;

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  ClusterOverview(int port) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/overview"))
            .timeout(Duration.ofSeconds(5))
            .build();
  }

  /** Waits until the JobManager has all slots of this number of TaskManagers. */
  void awaitTaskManagers(int number) throws InterruptedException {
    while (slots() < number * TaskManagers.SLOTS) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private int slots() throws InterruptedException {
    try {
      String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Matcher slots = SLOTS.matcher(answer);
      return slots.find() ? Integer.parseInt(slots.group(1)) : 0;
    } catch (IOException e) {
      return 0; // it does not serve yet
    }
  }
}
