package io.dimstore.bench.store;

import io.dimstore.spi.StoreException;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures every operation of one store, from the start of the servers to their end. */
final class StoreBench {

  private static final int LEAST_WARM_UP = 3;

  private final BenchSettings settings;
  private final Consumer<String> progress;

  StoreBench(BenchSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  BenchResults run() {
    Workload workload = new Workload(settings.seed(), settings.rows());
    StackOptions servers =
        StackOptions.of(settings.store().servers()).withProgress(progress::accept);
    try (LocalStack stack = LocalStack.start(servers)) {
      try {
        progress.accept("loading " + settings.rows() + " rows");
        return measure(stack, workload);
      } catch (BenchException | StoreException e) {
        stack.check(); // a server that died is the reason, and more telling
        throw e;
      }
    }
  }

  private BenchResults measure(LocalStack stack, Workload workload) {
    BenchResults results =
        BenchResults.of(
            settings,
            (settings.store() == Rig.Kind.DYNAMODB
                    ? "DynamoDB Local"
                    : "HBase in one process on a local disk, Redis")
                + ", loopback, "
                + Runtime.getRuntime().availableProcessors()
                + " cores shared with the client");
    Interleaving interleaving =
        new Interleaving(
            Stopwatch.system(),
            LEAST_WARM_UP,
            TimeUnit.SECONDS.toNanos(settings.warmUpSeconds()),
            settings.blocks(),
            settings.seed(),
            progress);
    try (Rig rig = settings.store().open(stack, workload)) {
      for (Operation operation : rig.operations()) {
        if (!settings.operations().contains(operation.name())) {
          continue;
        }
        progress.accept(operation.name() + ": comparing rows");
        operation.ready().run();
        int compared = operation.same().getAsInt();
        results.add(operation, interleaving.run(operation), compared);
      }
    }
    return results;
  }
}
