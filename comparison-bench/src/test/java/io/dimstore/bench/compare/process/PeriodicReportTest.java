// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeriodicReportTest {

  @Test
  void aReadThatFailsIsRepeated() throws Exception {
    BlockingQueue<Integer> reported = new LinkedBlockingQueue<>();
    List<Integer> reads = Collections.synchronizedList(new ArrayList<>());
    try (PeriodicReport<Integer> reports =
        PeriodicReport.start(
            () -> {
              reads.add(0);
              if (reads.size() == 1) {
                throw new IllegalStateException("starting");
              }
              return reads.size();
            },
            reported::add)) {
      assertThat(reported.take()).isEqualTo(2);
    }
  }

  @Test
  void closingDoesNotWaitForAReadAndItsValueIsNotReported() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicReference<Thread> reader = new AtomicReference<>();
    BlockingQueue<String> reported = new LinkedBlockingQueue<>();
    PeriodicReport<String> reports =
        PeriodicReport.start(
            () -> {
              reader.set(Thread.currentThread());
              reading.countDown();
              awaitWhateverInterrupts(answer);
              return "late";
            },
            reported::add);
    reading.await();

    reports.close();

    answer.countDown();
    reader.get().join();
    assertThat(reported).isEmpty();
  }

  private static void awaitWhateverInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // This stands for a client that ignores interrupts.
      }
    }
  }
}
