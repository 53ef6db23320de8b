// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.DocumentedMetrics;
import io.dimstore.flink.DocumentedStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.StoreMetric;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Compares the documentation, the dashboard and the alerts with what Prometheus gets from a job
 * that uses the connector in every way. The job reports the metrics that are documented of the
 * stores; comparison-bench compares those with what the stores declare.
 */
class PrometheusTest {

  private static final Path DOCKER = Path.of(System.getProperty("dimstore.home"), "docker");
  private static final String OPERATOR = "flink_taskmanager_job_task_operator_";
  private static final String STORE = OPERATOR + "dim_store_";
  private static final String COLUMNS = "id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED";
  private static final int PORT = freePort();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(reporting())
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static DocumentedMetrics documented;
  private static Scrape scrape;

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Returns what the image of Flink sets about metrics, with a free port. */
  private static Configuration reporting() {
    Configuration ofImage = GlobalConfiguration.loadConfiguration(DOCKER + "/flink/conf");
    Configuration metrics = new Configuration();
    ofImage
        .toMap()
        .forEach(
            (key, value) -> {
              if (key.startsWith("metrics.")) {
                metrics.setString(key, value);
              }
            });
    metrics.setString("metrics.reporter.prom.port", Integer.toString(PORT));
    return metrics;
  }

  /** Runs the job before the first test: only then do jobs run in the cluster of this class. */
  @BeforeEach
  void scrapeOnce() throws Exception {
    if (scrape != null) {
      return;
    }
    documented = DocumentedMetrics.read();
    try (Sql sql = Sql.streaming(1)) {
      sql.table("users", COLUMNS, options());
      sql.table("fewer", COLUMNS, options("lookup.cache", "PARTIAL"));
      sql.table(
          "seen",
          COLUMNS,
          options(
              "sink.invalid-rows",
              "dead-letter",
              "sink.dead-letter.connector",
              "letters",
              "sink.dead-letter.topic",
              "metrics"));
      sql.run("INSERT INTO users VALUES ('u1', 1), ('u2', 2)");
      sql.run("INSERT INTO fewer VALUES ('u1', 1)");
      sql.env.executeSql(
          "CREATE TABLE events (id AS 'u' || CAST(n AS STRING), n BIGINT, pt AS PROCTIME())"
              + " WITH ('connector' = 'datagen', 'rows-per-second' = '50', 'fields.n.min' = '1',"
              + " 'fields.n.max' = '3')");
      sql.env.executeSql(
          "CREATE TABLE nowhere (id STRING, v BIGINT) WITH ('connector' = 'blackhole')");
      StatementSet job = sql.env.createStatementSet();
      job.addInsertSql(
          "INSERT INTO seen SELECT e.id, e.n FROM events e"
              + " LEFT JOIN users FOR SYSTEM_TIME AS OF e.pt AS u ON e.id = u.id"
              + " LEFT JOIN fewer FOR SYSTEM_TIME AS OF e.pt AS f ON e.id = f.id"
              + " WHERE u.v IS NOT NULL OR f.v IS NULL");
      job.addInsertSql("INSERT INTO nowhere SELECT id, v FROM users");
      TableResult running = job.execute();
      try {
        assertThat(DocumentedStoreFactory.SCAN.await(1, TimeUnit.MINUTES)).isTrue();
        // From now on the same subtask shows the store's metrics.
        awaitMore("users", DimMetrics.READS);
        awaitMore("users", DimMetrics.LOOKUPS_FOUND);
        awaitMore("seen", DimMetrics.CHANGES_WRITTEN);
        scrape =
            new Scrape(
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + "/metrics"))
                            .build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body());
      } finally {
        running.getJobClient().orElseThrow().cancel().get();
      }
    }
  }

  private static String[] options(String... more) {
    List<String> all = new ArrayList<>(List.of("store", "documented", "version.column", "v"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void awaitMore(String table, String metric) {
    String name = DimMetrics.table("documented", table, metric);
    double before = DimMetrics.snapshot().value(name);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (DimMetrics.snapshot().value(name) <= before) {
      assertThat(System.nanoTime()).as(name).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @AfterAll
  static void forget() {
    scrape = null;
  }

  @Test
  void everyDocumentedMetricIsScrapedAndNoOther() {
    Set<String> wanted = new TreeSet<>();
    for (String path : documented.ofConnector) {
      String name = inPrometheus(path);
      wanted.add(name);
      if (path.endsWith(ConnectorMetric.LOOKUP_NANOS.metric())
          || path.endsWith(ConnectorMetric.CACHE_AGE_NANOS.metric())) {
        wanted.add(name + "_count");
      }
    }
    for (StoreMetric metric : documented.ofStores) {
      if (metric.kind() != StoreMetric.Kind.NOTE) {
        wanted.add(inPrometheus(path(metric)));
      }
    }
    Set<String> found = new TreeSet<>();
    for (String name : scrape.names()) {
      // Texts are 0 in Prometheus.
      if (name.startsWith(STORE) && !name.startsWith(STORE + "notes_")) {
        found.add(name);
      }
    }
    assertThat(wanted).hasSizeGreaterThan(100);
    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void metricsHaveTheStoreAndWhatTheyAreAboutAsLabels() {
    for (ConnectorMetric metric : ConnectorMetric.values()) {
      String path = metric.path().substring("dim.store.<store>.".length());
      assertThat(scrape.labels(inPrometheus(path)))
          .as(path)
          .contains("job_name", "operator_name", "subtask_index", "tm_id", "store")
          .containsAll(metric.scope().labels());
    }
    assertThat(scrape.labels(inPrometheus("table.<table>.lookupNanos"))).contains("quantile");
  }

  @Test
  void whatTheJobDidIsInTheScrape() {
    assertThat(scrape.sum(STORE + "table_lookups")).isPositive();
    assertThat(scrape.sum(STORE + "table_reads")).isPositive();
    assertThat(scrape.sum(STORE + "table_keysRead")).isPositive();
    assertThat(scrape.sum(STORE + "table_lookupNanos")).isPositive();
    assertThat(scrape.sum(STORE + "table_changesWritten")).isPositive();
    assertThat(scrape.sum(STORE + "table_writes")).isPositive();
    assertThat(scrape.sum(STORE + "server_operation_requests")).isPositive();
    assertThat(scrape.sum(STORE + "gauges_breaker_state"))
        .as("shown by one subtask alone")
        .isEqualTo(1);
  }

  @Test
  void everyPanelOfTheDashboardNamesMetricsThatExist() throws IOException {
    List<String> missing = new ArrayList<>();
    JsonNode dashboard =
        new ObjectMapper().readTree(Files.readString(DOCKER.resolve("grafana/dimstore.json")));
    int queries = 0;
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries++;
        String query = target.get("expr").asText();
        assertThat(query).as(panel.get("title").asText()).contains("flink_");
        scrape
            .missing(query)
            .forEach(name -> missing.add(panel.get("title").asText() + ": " + name));
      }
    }
    for (JsonNode variable : dashboard.get("templating").get("list")) {
      String query = variable.get("definition").asText();
      Matcher values = Pattern.compile("label_values\\((.*), (\\w+)\\)").matcher(query);
      assertThat(values.matches()).as(query).isTrue();
      missing.addAll(scrape.missing("sum by (" + values.group(2) + ") " + values.group(1)));
    }
    assertThat(queries).isGreaterThan(50);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyAlertNamesMetricsThatExistAndIsExplained() throws IOException {
    String rules = Files.readString(DOCKER.resolve("prometheus/alerts.yml"));
    List<String> alerts = found("- alert: (\\w+)", rules);
    String[] texts = rules.split("- alert: ");
    List<String> missing = new ArrayList<>();
    for (int i = 1; i < texts.length; i++) {
      assertThat(texts[i]).contains("flink_").contains("severity: ");
      String alert = alerts.get(i - 1);
      scrape.missing(texts[i]).forEach(name -> missing.add(alert + ": " + name));
    }
    assertThat(missing).isEmpty();
    assertThat(found("\\| `([A-Z]\\w+)` \\|", Files.readString(DocumentedMetrics.PAGE)))
        .as("the alerts that docs/operations.md explains")
        .isEqualTo(alerts);
  }

  @Test
  void wrongNamesAndLabelsAreFound() {
    assertThat(scrape.missing("rate(" + STORE + "table_lookup{table=\"x\"}[5m])"))
        .containsExactly(STORE + "table_lookup");
    assertThat(scrape.missing("sum by (store, tables) (" + STORE + "table_lookups)"))
        .containsExactly(STORE + "table_lookups by tables");
    assertThat(scrape.missing(STORE + "table_lookups{server=~\"x\",store=\"y\"}"))
        .containsExactly(STORE + "table_lookups by server");
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** Returns the path of a store's metric below {@code dim.store.<store>}. */
  private static String path(StoreMetric metric) {
    String kind = metric.kind() == StoreMetric.Kind.COUNT ? "events." : "gauges.";
    return (metric.ofTable() ? "table.<table>." : "") + kind + metric.name();
  }

  private static String inPrometheus(String path) {
    return STORE + path.replaceAll("<\\w+>\\.", "").replaceAll("[^a-zA-Z0-9_:]", "_");
  }
}
