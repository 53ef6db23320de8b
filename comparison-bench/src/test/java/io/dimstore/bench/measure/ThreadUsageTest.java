// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadUsageTest {

  private final ThreadUsage usage = new ThreadUsage();

  @ParameterizedTest
  @CsvSource({
    "kafka-producer-network-thread | producer-1, kafka",
    "Source Data Fetcher for Source: raw_events[1] (1/2)#0, kafka",
    "dim-anything-timer-1, store",
    "dimstore-anything-io-2-1, store",
    "RPCClient-NioEventLoopGroup-3-1, store",
    "look back -> Calc (1/2)#0, job",
    "plain-0, job"
  })
  void aThreadBelongsToAGroupByItsName(String name, String group) {
    assertThat(ThreadUsage.groupOf(name)).isEqualTo(group);
  }

  @Test
  void whatAThreadDoesIsAddedToItsGroupAndToTheAllocations() throws Exception {
    BlockingQueue<Object> results = new LinkedBlockingQueue<>();
    BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
    Thread worker =
        new Thread(
            () -> {
              byte[] last = {};
              for (int i = 0; i < 20_000; i++) {
                last = new byte[1_000];
                last[i % 1_000] = 1;
              }
              results.add(last);
              try {
                ends.take();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "kafka-worker");
    ThreadUsage.Usage before = usage.read();
    worker.start();
    results.take();
    ThreadUsage.Usage after = usage.read();
    ends.add("end");
    worker.join();

    assertThat(after.allocatedBytes() - before.allocatedBytes())
        .isBetween(20_000_000L, 200_000_000L);
    assertThat(after.cpuNanos().get(ThreadUsage.KAFKA))
        .isGreaterThan(before.cpuNanos().getOrDefault(ThreadUsage.KAFKA, 0L));
    assertThat(usage.read().cpuNanos().get(ThreadUsage.KAFKA))
        .as("a thread that has ended stays in the sum")
        .isGreaterThanOrEqualTo(after.cpuNanos().get(ThreadUsage.KAFKA));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void compilersAndTheCollectorHaveGroupsOfTheirOwn() {
    System.gc();
    ThreadUsage.Usage used = usage.read();
    assertThat(used.cpuNanos().get(ThreadUsage.JIT)).isPositive();
    assertThat(used.cpuNanos().get(ThreadUsage.GC)).isPositive();
  }
}
