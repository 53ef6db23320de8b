// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the REST interface of a Flink cluster. While another JobManager takes over, it
 * repeats its requests. Thread-safe.
 */
final class FlinkCluster {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long another JobManager may take to take over. */
  private static final Duration TAKEOVER = Duration.ofMinutes(1);

  private static final long POLL_MILLIS = 100;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;
  private final Duration takeover;

  /** Whether the cluster has answered: its address is right. */
  private volatile boolean answered;

  FlinkCluster(URI address) {
    this(address, TAKEOVER);
  }

  FlinkCluster(URI address, Duration takeover) {
    this.address = address;
    this.takeover = takeover;
  }

  /**
   * Returns the jobs of the cluster, the newest first, among them those that have ended.
   *
   * @throws StackException if the cluster does not answer, as all methods do
   */
  List<FlinkJob> jobs() throws InterruptedException {
    List<FlinkJob> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new FlinkJob(
              job.path("jid").asText(),
              job.path("name").asText(),
              job.path("state").asText(),
              Instant.ofEpochMilli(job.path("start-time").asLong())));
    }
    jobs.sort(Comparator.comparing(FlinkJob::start).reversed());
    return jobs;
  }

  /**
   * Returns the job with this id, or the only active job of this name.
   *
   * @throws StackException if there is none, or more than one
   */
  FlinkJob job(String idOrName) throws InterruptedException {
    List<FlinkJob> jobs = jobs();
    List<FlinkJob> found =
        jobs.stream()
            .filter(
                job -> job.id().equals(idOrName) || (job.name().equals(idOrName) && job.isActive()))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> active =
        jobs.stream().filter(FlinkJob::isActive).map(job -> job.name() + " " + job.id()).toList();
    throw new StackException(
        found.isEmpty()
            ? "No job of %s is '%s'; the active ones are %s.".formatted(address, idOrName, active)
            : "%d active jobs of %s are named '%s': name one by its id. They are %s."
                .formatted(found.size(), address, idOrName, active));
  }

  /**
   * Writes a savepoint of a job, which runs on, and returns its path.
   *
   * @param folder where to write it, or null for the folder of the cluster
   */
  String savepoint(FlinkJob job, @Nullable String folder) throws InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("cancel-job", false);
    if (folder != null) {
      body.put("target-directory", folder);
    }
    return written(job, post("/jobs/" + job.id() + "/savepoints", body));
  }

  /** Writes a savepoint of a job and stops the job. Returns the path of the savepoint. */
  String stop(FlinkJob job, @Nullable String folder) throws InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("drain", false);
    if (folder != null) {
      body.put("targetDirectory", folder);
    }
    String path = written(job, post("/jobs/" + job.id() + "/stop", body));
    awaitEnd(job);
    return path;
  }

  /** Cancels a job and waits until it has ended. */
  void cancel(FlinkJob job) throws InterruptedException {
    send("PATCH", "/jobs/" + job.id() + "?mode=cancel", null);
    awaitEnd(job);
  }

  /** Changes the parallelism of all operators of a job and waits until it runs with it. */
  void rescale(FlinkJob job, int parallelism) throws InterruptedException {
    String path = "/jobs/" + job.id() + "/resource-requirements";
    ObjectNode requirements = (ObjectNode) get(path);
    for (JsonNode operator : requirements) {
      ((ObjectNode) operator.path("parallelism"))
          .put("lowerBound", 1)
          .put("upperBound", parallelism);
    }
    send("PUT", path, requirements);
    while (!runsWith(job, parallelism)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Returns how many slots of the cluster no job uses. */
  int freeSlots() throws InterruptedException {
    return get("/overview").path("slots-available").asInt();
  }

  /** Returns the highest parallelism of the operators of a job. */
  int parallelism(FlinkJob job) throws InterruptedException {
    int highest = 0;
    for (JsonNode operator : get("/jobs/" + job.id()).path("vertices")) {
      highest = Math.max(highest, operator.path("parallelism").asInt());
    }
    return highest;
  }

  private boolean runsWith(FlinkJob job, int parallelism) throws InterruptedException {
    JsonNode details = get("/jobs/" + job.id());
    String state = details.path("state").asText();
    if (!new FlinkJob(job.id(), job.name(), state, job.start()).isActive()) {
      throw new StackException("The job " + job.id() + " has ended: it is " + state + ".");
    }
    for (JsonNode operator : details.path("vertices")) {
      String status = operator.path("status").asText();
      if (operator.path("parallelism").asInt() != parallelism
          || !(status.equals("RUNNING") || status.equals("FINISHED"))) {
        return false;
      }
    }
    return state.equals("RUNNING");
  }

  private void awaitEnd(FlinkJob job) throws InterruptedException {
    // A JobManager that has taken over does not know the jobs that ended before.
    while (jobs().stream().anyMatch(each -> each.id().equals(job.id()) && each.isActive())) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits for the savepoint of a trigger, and returns its path. */
  private String written(FlinkJob job, JsonNode trigger) throws InterruptedException {
    String path = "/jobs/" + job.id() + "/savepoints/" + trigger.path("request-id").asText();
    while (true) {
      HttpResponse<String> response = exchange("GET", path, null);
      if (response.statusCode() == NOT_FOUND) {
        throw new StackException(
            ("Flink at %s does not know the savepoint of the job %s any more: the JobManager that"
                    + " wrote it was lost. 'bin/dimstore job list' shows whether the job runs. If it"
                    + " does, repeat the command.")
                .formatted(address, job.id()));
      }
      JsonNode answer = accepted(response);
      if (answer.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = answer.path("operation");
        if (operation.has("location")) {
          return operation.path("location").asText();
        }
        throw new StackException(
            "The savepoint failed: "
                + firstLine(operation.path("failure-cause").path("stack-trace").asText()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private JsonNode get(String path) throws InterruptedException {
    return send("GET", path, null);
  }

  private JsonNode post(String path, JsonNode body) throws InterruptedException {
    return send("POST", path, body);
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body)
      throws InterruptedException {
    return accepted(exchange(method, path, body));
  }

  private JsonNode accepted(HttpResponse<String> response) {
    try {
      JsonNode answer =
          response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
      if (response.statusCode() >= 300) {
        throw new StackException(
            "Flink at "
                + address
                + " refuses the request: "
                + firstLine(answer.path("errors").path(0).asText(response.body())));
      }
      return answer;
    } catch (IOException e) {
      throw silent(e);
    }
  }

  /** Sends a request, and sends it again while another JobManager takes over. */
  private HttpResponse<String> exchange(String method, String path, @Nullable JsonNode body)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
            .build();
    long end = System.nanoTime() + takeover.toNanos();
    while (true) {
      boolean again = System.nanoTime() - end < 0;
      try {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != UNAVAILABLE || !again) {
          answered = true;
          return response;
        }
      } catch (IOException e) {
        if (!again || !answered) {
          throw silent(e);
        }
        if (!canRepeat(method, e)) {
          throw new StackException(
              ("Flink at %s was lost before it answered: %s. It may have carried out the request."
                      + " 'bin/dimstore job list' shows the jobs.")
                  .formatted(address, e),
              e);
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Returns whether a failed request has no effect, or the same one when it is repeated. */
  private static boolean canRepeat(String method, IOException e) {
    return e instanceof ConnectException || method.equals("GET") || method.equals("PUT");
  }

  private StackException silent(IOException e) {
    return new StackException(
        "Flink does not answer at "
            + address
            + ": "
            + e
            + ". Check --cluster; 'bin/dimstore stack up --flink' starts a cluster.",
        e);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
