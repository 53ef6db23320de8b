// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.forecast.Forecast;
import io.dimstore.forecast.Observed;
import io.dimstore.forecast.Prices;
import io.dimstore.forecast.Sizes;
import io.dimstore.migration.store.MeteredStoreFactory;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Walks a whole migration, forward and back, while a job writes and reads through a mirror. */
@Timeout(120)
class MigrationWalkTest {

  private static final int KEYS = 2_000;

  @TempDir Path folder;
  private MovingTable moving;
  private TableSpec spec;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "metered");
    spec = moving.spec();
  }

  @AfterEach
  void close() {
    moving.close();
  }

  @Test
  void migrationUnderLiveWritesLosesNothingForwardAndBack() throws Exception {
    try (DimensionStore old = moving.openOld();
        DimensionStore target = moving.openTarget();
        Job job = new Job()) {
      fill(old.table(spec));
      assertThat(moving.run("status")).isEqualTo(3);
      assertThat(moving.run("start")).isEqualTo(1);
      assertThat(moving.err()).contains("begin with migrate plan");

      Path forecast = forecast();
      // Both stores are memory of this JVM: the ratio of their latencies says nothing.
      moving.expect(
          0,
          "plan",
          "--mismatch-rate=0.01",
          "--latency-ratio=1000",
          "--propagation=1s",
          "--forecast=" + forecast);
      moving.expect(0, "preflight", "--all-writers-use-dimstore");
      moving.expect(1, "backfill");
      moving.expect(0, "start");
      moving.expect(0, "backfill", "--impact-factor=0");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "shadow", "--share=1");
      moving.expect(0, "ramp", "--share=0.5");

      moving.expect(3, "cutover");
      assertThat(moving.out())
          .contains("refused: ")
          .contains(
              List.of(
                  "features-equal (nothing was measured)",
                  "fast-enough (nothing was measured)",
                  "not-throttled (nothing was measured)",
                  "cost-as-forecast (nothing was measured)",
                  "roll-back-drilled (nothing was measured)"));
      moving.expect(0, "rollback", "--drill");
      assertThat(moving.out()).contains("drill: the old store answered after");
      moving.expect(
          0, "measure", "--for=2s", "--observed-requests=100000", "--observed-throttled=50");
      moving.expect(0, "status");
      assertThat(moving.out())
          .containsPattern("no +not-throttled +50 of 100000 requests throttled");
      Path measured = folder.resolve("measure.json");
      moving.expect(0, "measure", "--for=4s", "--json=" + measured);
      JsonNode figures = new ObjectMapper().readTree(measured.toFile());
      assertThat(figures.at("/target/lookups").asLong()).isGreaterThan(10_000);
      assertThat(figures.at("/cost/readUnitsPerLookup").asDouble()).isEqualTo(0.5);
      assertThat(figures.at("/cost/rowsFrom").asText()).isEqualTo("the verification");
      Path features = Files.writeString(folder.resolve("old.jsonl"), "{\"a\":1,\"b\":2}\n");
      Path same = Files.writeString(folder.resolve("new.jsonl"), "{\"b\":2,\"a\":1}\n");
      moving.expect(0, "replay", "--old-features=" + features, "--new-features=" + same);
      untilShadowReadsAgree();
      moving.expect(3, "certificate");
      moving.expect(0, "cutover");
      assertThat(moving.out()).contains("all gates held; certificate ");
      certificateIsGenuineUntilItIsChanged();
      moving.expect(3, "reverse");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "reverse");
      moving.expect(0, "rollback");
      moving.expect(1, "cutover", "--force=the verification is from before the roll-back");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "rollback", "--dry-run");
      moving.expect(0, "cutover", "--force=again");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "reverse");
      job.requireHealthy();
      moving.expect(0, "finish");
      moving.expect(1, "rollback");
      job.requireHealthy();
      job.stop();

      assertThat(job.written).hasSizeGreaterThan(100);
      List<Key> keys = List.copyOf(job.written.keySet());
      List<Put> rows = get(target.table(spec), keys);
      for (int i = 0; i < keys.size(); i++) {
        assertThat(rows.get(i)).as(keys.get(i).toString()).isNotNull();
        assertThat(rows.get(i).version())
            .isGreaterThanOrEqualTo(job.written.getOrDefault(keys.get(i), 0L));
      }
      assertThat(get(target.table(spec), IntStream.range(0, KEYS).mapToObj(this::key).toList()))
          .doesNotContainNull();
      moving.expect(0, "status");
      assertThat(moving.out()).contains("phase finished", "forced: again");
      Path json = folder.resolve("status.json");
      moving.expect(0, "status", "--json=" + json);
      assertThat(new ObjectMapper().readTree(json.toFile()).at("/state/phase").asText())
          .isEqualTo("FINISHED");
      PersonalDataTest.requireNamed(old, spec);
      PersonalDataTest.requireNamed(target, spec);
    }
  }

  /** Writes a forecast that the measured cost is within. */
  private Path forecast() throws Exception {
    Sizes sizes = new Sizes();
    for (int i = 0; i < KEYS; i++) {
      sizes.add(MeteredStoreFactory.ITEM_BYTES);
    }
    Forecast forecast =
        Forecast.of(
            new Observed(
                "a test",
                KEYS,
                0,
                true,
                sizes,
                KEYS * MeteredStoreFactory.READ_UNITS,
                KEYS * MeteredStoreFactory.WRITE_UNITS,
                KEYS,
                null,
                0),
            new Forecast.Load(1_000, 0, 10.0, null, Map.of()),
            Prices.read(null));
    Path file = folder.resolve("forecast.json");
    new ObjectMapper().writeValue(file.toFile(), forecast);
    return file;
  }

  private void untilShadowReadsAgree() throws Exception {
    Path json = folder.resolve("gates.json");
    for (int i = 0; i < 600; i++) {
      moving.expect(0, "status", "--json=" + json);
      for (JsonNode gate : new ObjectMapper().readTree(json.toFile()).path("gates")) {
        if (gate.path("gate").asText().equals("SHADOW_READS_AGREE")
            && gate.path("outcome").asText().equals("HOLDS")) {
          return;
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new AssertionError(moving.out());
  }

  private void certificateIsGenuineUntilItIsChanged() throws Exception {
    Path json = folder.resolve("certificate.json");
    Path html = folder.resolve("certificate.html");
    moving.expect(0, "certificate", "--json=" + json, "--html=" + html);
    assertThat(new ObjectMapper().readTree(json.toFile()).path("format").asText())
        .isEqualTo("dimstore-certificate/1");
    assertThat(Files.readString(html)).contains("All 9 gates held.").doesNotContain("http");
    moving.expect(0, "certificate", "--check=" + json);
    Files.writeString(
        json, Files.readString(json).replace("\"measured\" : 0.0", "\"measured\" : 1.0"));
    moving.expect(3, "certificate", "--check=" + json);
    Path status = folder.resolve("status.html");
    moving.expect(0, "status", "--html=" + status);
    assertThat(Files.readString(status)).contains("Migration of dim_moving", "cut-over");
    keep(html);
    keep(status);
  }

  /** Keeps a page for people to look at, if a folder is given. */
  private static void keep(Path page) throws Exception {
    String into = System.getProperty("pages.folder");
    if (into != null) {
      Files.copy(
          page,
          Path.of(into).resolve(page.getFileName()),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Key key(int number) {
    return Key.of("k" + number);
  }

  private void fill(DimensionTable table) {
    List<Change> rows = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      rows.add(new Put(key(i), Row.of(0L), 1));
    }
    table.write(rows).toCompletableFuture().join();
  }

  private static List<Put> get(DimensionTable table, List<Key> keys) {
    return table.get(keys, Projection.of(0)).toCompletableFuture().join();
  }

  /** A job that writes through a mirror and reads what it has written. */
  private final class Job implements AutoCloseable {

    /** The version of each key that was acknowledged last. */
    final Map<Key, Long> written = new ConcurrentHashMap<>();

    private final DimensionStore mirror = moving.openMirror();
    private final DimensionTable table = mirror.table(spec);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::work, "job");

    Job() {
      thread.start();
    }

    private void work() {
      Random random = new Random(1);
      long version = 1;
      try {
        while (!stopped.get()) {
          Key key = key(random.nextInt(KEYS));
          version++;
          try {
            table
                .write(List.of(new Put(key, Row.of(version), version)))
                .toCompletableFuture()
                .join();
          } catch (CompletionException e) {
            // The write may have been applied; its key is not checked by this version.
            StoreException known = StoreException.find(e);
            if (known == null || !known.kind().isRetryable()) {
              throw e;
            }
            continue;
          }
          written.put(key, version);
          Put row = get(table, List.of(key)).get(0);
          if (row == null || row.version() < version) {
            throw new AssertionError("Stale: " + key + " has " + row + ", not " + version);
          }
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    }

    void requireHealthy() {
      assertThat(failure.get()).isNull();
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      thread.join();
      requireHealthy();
    }

    @Override
    public void close() throws InterruptedException {
      stopped.set(true);
      thread.join();
      mirror.close();
    }
  }
}
