// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs each task on its own thread; {@link #join} fails if a task failed. */
final class Parallel {

  private final List<CompletableFuture<Void>> ends = new ArrayList<>();

  private Parallel() {}

  static Parallel start(List<Runnable> work) {
    Parallel parallel = new Parallel();
    for (Runnable task : work) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      parallel.ends.add(end);
      Thread thread =
          new Thread(
              () -> {
                try {
                  task.run();
                  end.complete(null);
                } catch (Throwable e) {
                  end.completeExceptionally(e);
                }
              },
              "tck");
      thread.setDaemon(true);
      thread.start();
    }
    return parallel;
  }

  void join(Answers answers) {
    for (CompletionStage<Void> end : ends) {
      answers.awaitWork(end);
    }
  }
}
