// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.run.EventFeed;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Progress;
import io.dimstore.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs one measurement: one backend after the other. Not thread-safe. */
final class CheckpointBench {

  private final CheckpointBenchSettings settings;
  private final Progress progress;

  CheckpointBench(CheckpointBenchSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs the measurement. The log of the job is kept if it fails; the failure names it.
   *
   * @throws BenchException if the measurement cannot be completed
   */
  CheckpointFigures run() throws IOException {
    Map<String, CheckpointFigures.OfBackend> backends = new LinkedHashMap<>();
    Path folder = Files.createTempDirectory("dimstore-bench-checkpoint-");
    try (LocalStack stack = LocalStack.start(settings.servers().withProgress(progress::step))) {
      String bootstrap = stack.kafka().bootstrapServers();
      Topics.createShared(bootstrap, settings.parallelism());
      for (Backend backend : settings.backends()) {
        try (WorkFolder work = WorkFolder.create(folder);
            EventFeed feed = new EventFeed(bootstrap);
            MeasuredBackend measured =
                MeasuredBackend.start(backend, settings, stack, work, folder, feed, progress)) {
          backends.put(backend.text(), measured.run());
        }
        Files.deleteIfExists(MeasuredBackend.log(folder, backend));
      }
    } finally {
      WorkFolder.deleteIfEmpty(folder);
    }
    return new CheckpointFigures(
        settings.users(),
        settings.eventsPerUser(),
        settings.perSecond(),
        settings.block().toMillis() / 1e3,
        settings.rounds(),
        settings.parallelism(),
        settings.seed(),
        backends);
  }
}
