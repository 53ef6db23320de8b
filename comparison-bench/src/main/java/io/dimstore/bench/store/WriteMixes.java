package io.dimstore.bench.store;

import io.dimstore.bench.store.WriteWays.Cost;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import io.dimstore.stack.StackOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the ways of writing newest-wins cost for mixes of new, newer and superseded rows. Requests
 * and units are exact; CPU is this process's, ways in random order in every round.
 */
final class WriteMixes {

  private static final String TABLE = "bench_mixes";
  private static final int BATCH = 25;
  private static final int IN_FLIGHT = 8;
  private static final int OLD_ROWS = 1_000;
  private static final int BLOCK = 500;
  private static final double DOLLARS_PER_MILLION_UNITS = 0.625;

  /** Percent of the rows that are new, and of the others that are superseded. */
  private record Mix(int fresh, int superseded) {
    String text() {
      return fresh + " % new" + (superseded == 0 ? "" : ", " + superseded + " % superseded");
    }
  }

  private static final List<Mix> MIXES =
      List.of(
          new Mix(0, 0),
          new Mix(20, 0),
          new Mix(50, 0),
          new Mix(80, 0),
          new Mix(100, 0),
          new Mix(0, 50));

  private static final class Sum {
    private Cost cost = new Cost(0, 0);
    private long cpuNanos;
    private long rows;
  }

  private final int rounds;
  private final Random random;
  private final Workload workload;
  private final Stopwatch stopwatch = Stopwatch.system();
  private final Consumer<String> progress;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong milliUnits = new AtomicLong();
  private int nextNew = OLD_ROWS;
  private long version = 1_000;

  WriteMixes(int rounds, long seed, Consumer<String> progress) {
    this.rounds = rounds;
    this.random = new Random(seed);
    this.workload = new Workload(seed, OLD_ROWS);
    this.progress = progress;
  }

  /** The table for the console. */
  String run() {
    StackOptions servers = StackOptions.of(Set.of(Server.DYNAMODB)).withProgress(progress::accept);
    try (LocalStack stack = LocalStack.start(servers);
        DynamoDbBaseline plain = new DynamoDbBaseline(stack.dynamoDb());
        DimensionStore store = open(stack.dynamoDb())) {
      Pipeline.await(store.createIfAbsent(Workload.table(TABLE)));
      DimensionTable table = store.table(Workload.table(TABLE));
      Pipeline.run(workload.puts(OLD_ROWS, 500, version++), 2, table::write);
      var layout =
          plain
              .itemsByKey(TABLE, List.of(workload.key(0)))
              .values()
              .iterator()
              .next()
              .get("__dim_c");
      if (layout == null) {
        throw new BenchException("The store's items have no attribute __dim_c");
      }
      WriteWays ways = new WriteWays(plain.client(), TABLE, layout);
      Map<String, Function<List<Change>, CompletableFuture<Cost>>> all = new LinkedHashMap<>();
      all.put("PutItem", ways::puts);
      all.put("UpdateItem", ways::updates);
      all.put("INSERT first", ways::insertFirst);
      all.put("UPDATE first", ways::updateFirst);
      all.put("store", rows -> table.write(rows).toCompletableFuture().thenApply(ignored -> null));
      return measure(all);
    }
  }

  private String measure(Map<String, Function<List<Change>, CompletableFuture<Cost>>> ways) {
    StringBuilder text =
        new StringBuilder(line("rows", "way", "requests", "units", "USD/M rows", "CPU us/row"));
    for (Mix mix : MIXES) {
      Map<String, Sum> sums = new LinkedHashMap<>();
      ways.keySet().forEach(way -> sums.put(way, new Sum()));
      for (int round = -1; round < rounds; round++) {
        progress.accept(mix.text() + ": round " + (round + 1) + " of " + rounds);
        List<String> order = new ArrayList<>(ways.keySet());
        Collections.shuffle(order, random);
        for (String way : order) {
          Sum sum = sums.getOrDefault(way, new Sum());
          Function<List<Change>, CompletableFuture<Cost>> write =
              ways.getOrDefault(way, rows -> none());
          block(mix, write, round < 0 ? new Sum() : sum);
        }
      }
      sums.forEach(
          (way, sum) ->
              text.append(
                  line(
                      mix.text(),
                      way,
                      figure(1_000.0 * sum.cost.requests() / sum.rows),
                      figure(1_000.0 * sum.cost.units() / sum.rows),
                      String.format(
                          Locale.ROOT,
                          "%.3f",
                          DOLLARS_PER_MILLION_UNITS * sum.cost.units() / sum.rows),
                      figure(sum.cpuNanos / 1e3 / sum.rows))));
    }
    return text.append("\nRequests and units per 1,000 rows of less than 1 KB; units by the")
        .append(" documented formula.\nUSD at 0.625 per million write units.\n")
        .toString();
  }

  private void block(Mix mix, Function<List<Change>, CompletableFuture<Cost>> write, Sum sum) {
    List<List<Change>> batches = batches(mix);
    List<CompletableFuture<Cost>> costs = Collections.synchronizedList(new ArrayList<>());
    requests.set(0);
    milliUnits.set(0);
    long cpu = stopwatch.cpuNanos();
    Pipeline.run(
        batches,
        IN_FLIGHT,
        rows -> {
          CompletableFuture<Cost> cost = write.apply(rows);
          costs.add(cost);
          return cost;
        });
    sum.cpuNanos += stopwatch.cpuNanos() - cpu;
    sum.rows += BLOCK;
    for (CompletableFuture<Cost> cost : costs) {
      Cost plain = cost.join();
      if (plain != null) {
        sum.cost = sum.cost.plus(plain);
      }
    }
    sum.cost = sum.cost.plus(new Cost(requests.get(), milliUnits.get() / 1_000));
  }

  /** Rows of the mix in random order, no key twice. */
  private List<List<Change>> batches(Mix mix) {
    List<Integer> old = new ArrayList<>();
    for (int i = 0; i < OLD_ROWS; i++) {
      old.add(i);
    }
    Collections.shuffle(old, random);
    version++;
    List<Change> rows = new ArrayList<>(BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      if (i * 100 < mix.fresh * BLOCK) {
        rows.add(workload.put(nextNew++, version));
      } else {
        boolean isOld = i * 100 < mix.superseded * BLOCK;
        rows.add(workload.put(old.get(i), isOld ? 1 : version));
      }
    }
    Collections.shuffle(rows, random);
    List<List<Change>> batches = new ArrayList<>();
    for (int from = 0; from < BLOCK; from += BATCH) {
      batches.add(List.copyOf(rows.subList(from, from + BATCH)));
    }
    return batches;
  }

  private DimensionStore open(DynamoDbEndpoint endpoint) {
    return MeasuredStores.dynamoDb(
        endpoint,
        new StoreMetrics() {
          @Override
          public void request(Request request) {
            requests.incrementAndGet();
            milliUnits.addAndGet(Math.round(request.writeUnits() * 1_000));
          }

          @Override
          public void count(String name, long delta) {}
        });
  }

  private static CompletableFuture<Cost> none() {
    return CompletableFuture.completedFuture(new Cost(0, 0));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-24s %-14s %9s %8s %11s %11s", (Object[]) cells) + "\n";
  }
}
