// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.Fixture;
import io.dimstore.bench.measure.Interleaving;
import io.dimstore.bench.measure.SectionMeter;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.subject.Operation;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.StoreException;
import io.dimstore.stack.LocalStack;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Measures all operations of one store. Starts the servers before the first operation and stops
 * them after the last.
 */
final class StoreBench {

  private static final int LEAST_WARM_UP = 3;

  private final BenchSettings settings;
  private final Consumer<String> progress;

  StoreBench(BenchSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  BenchResults run() {
    RowWorkload workload = new RowWorkload(settings.seed(), settings.rows());
    try (LocalStack stack = LocalStack.start(settings.servers().withProgress(progress))) {
      try {
        progress.accept("loading " + settings.rows() + " rows");
        return measure(stack, workload);
      } catch (BenchException | StoreException e) {
        // If a server has died, report that instead: it explains the failure better.
        stack.check();
        throw e;
      }
    }
  }

  private static String servers(LocalStack stack) {
    return stack.servers().stream()
        .sorted()
        .map(server -> server.id() + " (" + stack.description(server) + ")")
        .collect(Collectors.joining(", "));
  }

  private BenchResults measure(LocalStack stack, RowWorkload workload) {
    BenchResults results =
        BenchResults.of(
            settings,
            servers(stack)
                + ", loopback, "
                + Runtime.getRuntime().availableProcessors()
                + " cores shared with the client");
    Interleaving interleaving =
        new Interleaving(
            SectionMeter.ofClient(),
            LEAST_WARM_UP,
            settings.warmUp().toNanos(),
            settings.blocks(),
            settings.seed(),
            progress);
    try (Fixture fixture = settings.subject().open(stack, workload)) {
      for (Operation operation : fixture.operations()) {
        if (!settings.operations().contains(operation.name())) {
          continue;
        }
        progress.accept(operation.name() + ": comparing rows");
        operation.prepare().run();
        int compared = operation.compareRows().getAsInt();
        results.add(operation, interleaving.run(operation), compared);
      }
    }
    return results;
  }
}
