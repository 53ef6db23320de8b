// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.fixture.FixtureTables;
import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.arm.LookupArms;
import io.dimstore.bench.lookup.arm.LookupContext;
import io.dimstore.bench.lookup.arm.LookupServers;
import io.dimstore.bench.lookup.job.BlockFeed;
import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.measure.LatencyHistogram;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.subject.Stages;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.flink.DimMetrics;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Measures a cache that has the whole table: its load, and when a change is seen. */
final class CacheBench {

  /** How many requests the cache's scan has at the same time, and the size of its pages. */
  private static final int PARTS = 4;

  private static final int PAGE = 500;

  /** The interval at which the cache asks for changes: its default. */
  private static final long FOLLOW_MILLIS = 200;

  private static final long VISIBLE_SECONDS = 60;

  private final CacheBenchSettings settings;
  private final Progress progress;
  private final RowWorkload workload;

  CacheBench(CacheBenchSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    this.workload = new RowWorkload(settings.seed(), settings.rows());
  }

  /**
   * Runs the measurement.
   *
   * @throws BenchException if it cannot be completed
   */
  CacheFigures run() {
    Set<String> servers = settings.store().equals("memory") ? Set.of() : Set.of(settings.store());
    try (LookupStack stack =
            LookupStack.start(
                servers,
                options -> settings.dynamoDb().apply(options).withProgress(progress::step),
                Duration.ZERO);
        DimensionStore store = open(stack.servers())) {
      progress.step("loading " + NumberFormats.count(settings.rows()) + " rows");
      FixtureTables tables = new FixtureTables(store, workload);
      Stages.await(store.createIfAbsent(spec()));
      tables.load(LookupContext.TABLE, settings.rows(), DimensionRows.VERSION);
      return run(stack, store.table(spec()));
    }
  }

  private TableSpec spec() {
    TableSpec plain = RowWorkload.table(LookupContext.TABLE);
    return new TableSpec(
        plain.name(), plain.columns(), plain.keyColumns(), Map.of("change-feed", "true"));
  }

  private DimensionStore open(LookupServers servers) {
    Map<String, String> options = new TreeMap<>(servers.options(settings.store()));
    if (!settings.store().equals("memory")) {
      options.put("deadline", "60 s");
      options.put("attempt-timeout", "20 s");
    }
    return DimensionStores.open(
        settings.store(), options, StoreMetrics.NONE, InstantSource.system());
  }

  private CacheFigures run(LookupStack stack, DimensionTable table) {
    DimensionRows rows = DimensionRows.of(workload);
    LookupContext context = new LookupContext(stack.servers(), 100, settings.rows());
    progress.step("scanning the table");
    scan(table); // warms up
    double scanSeconds = scan(table);
    LookupArm plain = arm(settings.store());
    LookupArm whole = LookupArms.whole(settings.store());
    try (LookupCluster cluster = LookupCluster.start(3, 1)) {
      progress.step("starting jobs without a cache");
      firstRow(cluster, plain, rows, context);
      double plainSeconds = firstRow(cluster, plain, rows, context);
      progress.step("starting the job whose cache has the whole table");
      long heapBefore = heap();
      long begin = System.nanoTime();
      BlockFeed feed = cluster.start(whole, rows, context);
      feed.run(whole.id(), new int[] {0});
      double loadSeconds = Math.max(1e-3, (System.nanoTime() - begin) / 1e9 - plainSeconds);
      double heapPerRow = (double) (heap() - heapBefore) / settings.rows();
      return changes(stack, table, rows, whole, feed, scanSeconds, loadSeconds, heapPerRow);
    }
  }

  private static LookupArm arm(String id) {
    return LookupArms.all().stream().filter(arm -> arm.id().equals(id)).findFirst().orElseThrow();
  }

  /** Starts a job, and returns after how many seconds its first row was joined. */
  private static double firstRow(
      LookupCluster cluster, LookupArm arm, DimensionRows rows, LookupContext context) {
    long begin = System.nanoTime();
    cluster.start(arm, rows, context).run(arm.id(), new int[] {0});
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Reads the whole table, and returns how many seconds that took. */
  private double scan(DimensionTable table) {
    ScanOptions options = ScanOptions.rows(RowWorkload.table(LookupContext.TABLE).all());
    long begin = System.nanoTime();
    AtomicLong rows = new AtomicLong();
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (ScanSplit split : Stages.await(table.splits(PARTS, options))) {
      parts.add(CompletableFuture.runAsync(() -> scan(table, split, rows)));
    }
    parts.forEach(CompletableFuture::join);
    if (rows.get() != settings.rows()) {
      throw new BenchException(
          "The scan has found " + rows.get() + " of " + settings.rows() + " rows");
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void scan(DimensionTable table, ScanSplit split, AtomicLong rows) {
    ScanSplit left = split;
    while (left != null) {
      ScanPage page = Stages.await(table.scan(left, PAGE));
      rows.addAndGet(page.changes().size());
      left = page.remaining();
    }
  }

  /** Returns the bytes of the heap that are in use after a collection. */
  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private CacheFigures changes(
      LookupStack stack,
      DimensionTable table,
      DimensionRows rows,
      LookupArm whole,
      BlockFeed feed,
      double scanSeconds,
      double loadSeconds,
      double heapPerRow) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    LatencyHistogram visible = new LatencyHistogram();
    double requests = whole.requests();
    long events = 0;
    for (int i = 0; i < settings.changes(); i++) {
      if (i % 100 == 0) {
        progress.step("changes: " + i + " of " + settings.changes());
      }
      // Otherwise each change would come just after the cache has asked for changes.
      sleep(random.nextLong(FOLLOW_MILLIS));
      int key = random.nextInt(settings.rows());
      long version = DimensionRows.VERSION + 1 + i;
      Stages.await(table.write(List.of(workload.put(key, version))));
      long written = System.nanoTime();
      rows.change(key, version);
      for (long wrong = -1; wrong != feed.wrong(); events++) {
        wrong = feed.wrong();
        feed.run(whole.id(), new int[] {key});
        if (System.nanoTime() - written > TimeUnit.SECONDS.toNanos(VISIBLE_SECONDS)) {
          throw new BenchException(
              "A change is not visible after " + VISIBLE_SECONDS + " s: " + workload.key(key));
        }
      }
      visible.add(0, (System.nanoTime() - written) / 1e6);
    }
    Map<String, Double> percentiles = new LinkedHashMap<>();
    for (double percentile : new double[] {50, 95, 99, 100}) {
      percentiles.put(
          percentile == 100 ? "most" : "p" + (int) percentile,
          visible.percentileMillis(percentile));
    }
    return new CacheFigures(
        settings.store(),
        settings.rows(),
        stack.descriptions(),
        settings.rows() / scanSeconds,
        settings.rows() / loadSeconds,
        scanSeconds / loadSeconds,
        heapPerRow,
        counted(DimMetrics.CACHE_BYTES) / counted(DimMetrics.CACHE_ENTRIES),
        settings.changes(),
        percentiles,
        (whole.requests() - requests) / events);
  }

  private double counted(String metric) {
    return DimMetrics.snapshot()
        .sum(DimMetrics.table(settings.store(), LookupContext.TABLE, metric), "");
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }
}
