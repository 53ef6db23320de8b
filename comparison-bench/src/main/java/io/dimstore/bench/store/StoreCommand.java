package io.dimstore.bench.store;

import io.dimstore.spi.StoreException;
import io.dimstore.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench store}: see its help. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a store against the plain clients on the same servers, which it starts itself:",
      "how many times as fast it is, with a 95 %% interval, and what CPU each side takes a row.",
      "Blocks of both sides run in turn in random order; the plain client against itself is the",
      "noise floor. docs/benchmarks.md says how to read it.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bin/dimstore bench store --store hbase-redis",
      "  bin/dimstore bench store --store hbase-redis --operations readHit,readMiss",
      "  bin/dimstore bench store --store hbase-redis-slow --blocks 10",
      "  bin/dimstore bench store --store dynamodb --json dynamodb.json",
      "  bin/dimstore bench store --store dynamodb --mixes",
      "  bin/dimstore bench store --store hbase-redis --rows 50000 --blocks 60 --seed 7",
      "",
      "Exit code: 0 measured, whatever the ratios are; 1 it failed; 2 usage."
    })
public final class StoreCommand implements Callable<Integer> {

  private static final long PROGRESS_NANOS = 1_000_000_000L;
  private static final int LEAST_ROWS = 100;
  private static final int MOST_ROWS = 1_000_000;
  private static final int LEAST_BLOCKS = 3;
  private static final int MOST_BLOCKS = 10_000;
  private static final int MOST_WARM_UP = 3_600;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      required = true,
      description =
          "hbase-redis or dynamodb; hbase-redis-slow measures hbase-redis, from the moment on in"
              + " which its Redis becomes slow, against itself without Redis.")
  private String storeName = "";

  @Option(
      names = "--operations",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "Measure these alone: of hbase-redis readHit, readMiss, dualWrite; of hbase-redis-slow"
              + " slow10, slow100, slowTimeout; of dynamodb batchRead, write (default all).")
  private Set<String> operations = new LinkedHashSet<>();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Rows in the table that is read (default ${DEFAULT-VALUE}).")
  private int rows = 20_000;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "Pairs of blocks per operation, and as many of the noise floor (default"
              + " ${DEFAULT-VALUE}).")
  private int blocks = 30;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "40",
      description =
          "How long to run an operation at least before it is measured, so that the servers and this"
              + " process have compiled their code (default ${DEFAULT-VALUE}).")
  private int warmUp = 40;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of rows, order and intervals (default ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures to this file as well.")
  private @Nullable Path json;

  @Option(
      names = "--mixes",
      description =
          "Of dynamodb: what the ways to write newest-wins cost for mixes of new, newer and"
              + " superseded rows, instead of the ratios.")
  private boolean mixes;

  /** For picocli. */
  public StoreCommand() {}

  @Override
  public Integer call() {
    BenchSettings settings = settings();
    PrintWriter out = commandLine().getOut();
    try {
      if (mixes) {
        String table = new WriteMixes(Math.max(1, blocks / 10), seed, progress()).run();
        out.println();
        out.print(table);
        out.flush();
        return CommandLine.ExitCode.OK;
      }
      BenchResults results = new StoreBench(settings, progress()).run();
      if (json != null) {
        results.write(json);
      }
      out.println();
      out.print(results.table());
      out.println();
      out.println(
          "Ratio: speed of the store to that of the plain client. CPU: store : plain client.");
      out.println("On " + results.servers() + ". Seed " + results.seed() + ".");
      out.flush();
      return CommandLine.ExitCode.OK;
    } catch (BenchException | StackException | StoreException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed("--json " + json + " could not be written: " + e);
    }
  }

  private BenchSettings settings() {
    Rig.Kind store =
        Arrays.stream(Rig.Kind.values())
            .filter(kind -> kind.id().equals(storeName))
            .findFirst()
            .orElseThrow(
                () ->
                    usage(
                        "--store '"
                            + storeName
                            + "' is none of "
                            + Arrays.stream(Rig.Kind.values())
                                .map(Rig.Kind::id)
                                .collect(Collectors.joining(", "))));
    for (String operation : operations) {
      if (!store.operations().contains(operation)) {
        throw usage(
            "--operations '"
                + operation
                + "' is none of "
                + String.join(", ", store.operations())
                + ", which --store "
                + store.id()
                + " has");
      }
    }
    if (mixes && (store != Rig.Kind.DYNAMODB || json != null || !operations.isEmpty())) {
      throw usage("--mixes is of --store dynamodb alone, and without --json and --operations");
    }
    if (rows < LEAST_ROWS || rows > MOST_ROWS) {
      throw usage("--rows must be " + LEAST_ROWS + " to " + MOST_ROWS);
    }
    if (blocks < LEAST_BLOCKS || blocks > MOST_BLOCKS) {
      throw usage("--blocks must be " + LEAST_BLOCKS + " to " + MOST_BLOCKS);
    }
    if (warmUp < 0 || warmUp > MOST_WARM_UP) {
      throw usage("--warm-up must be 0 to " + MOST_WARM_UP);
    }
    Path file = json;
    if (file != null) {
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
        throw usage("--json " + file + " must name a file in a folder that is there");
      }
    }
    Set<String> chosen =
        operations.isEmpty() ? Set.copyOf(store.operations()) : Set.copyOf(operations);
    return new BenchSettings(store, chosen, rows, warmUp, blocks, seed);
  }

  /** Lines on standard error: what goes on, once a second at most within one step. */
  private Consumer<String> progress() {
    PrintWriter err = commandLine().getErr();
    long start = System.nanoTime();
    return new Consumer<>() {
      private long last = start;
      private String step = "";

      @Override
      public synchronized void accept(String text) {
        int colon = text.indexOf(':');
        String next = colon < 0 ? text : text.substring(0, colon);
        long now = System.nanoTime();
        if (next.equals(step) && now - last < PROGRESS_NANOS) {
          return;
        }
        step = next;
        last = now;
        err.printf(Locale.ROOT, "[%6.1f s] %s%n", (now - start) / 1e9, text);
        err.flush();
      }
    };
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }

  private int failed(String message) {
    PrintWriter err = commandLine().getErr();
    err.println("bench store failed: " + message);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
