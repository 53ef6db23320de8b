// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.ServerName;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {

  private static final ServerName SERVER = ServerName.valueOf("a", 1, 1);

  /** Begins near the overflow of {@code nanoTime}. */
  private static final long BEGIN = Long.MAX_VALUE - 5;

  private final AnswerTimes times = new AnswerTimes(timeouts("3000", "3000"));

  private static Configuration timeouts(String all, String read) {
    Configuration settings = new Configuration(false);
    settings.set("hbase.rpc.timeout", all);
    settings.set("hbase.rpc.read.timeout", read);
    return settings;
  }

  private static long after(long millis) {
    return BEGIN + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void serverThatAnsweredNothingDuringACallIsSilent() {
    assertThat(times.showsSilence(SERVER, BEGIN, after(3_000))).isTrue();
    times.answered(SERVER, after(10));
    assertThat(times.showsSilence(SERVER, after(11), after(3_011))).isTrue();
  }

  @Test
  void anyAnswerDuringACallShowsThatTheServerIsAlive() {
    times.answered(SERVER, after(2_000));
    assertThat(times.showsSilence(SERVER, BEGIN, after(3_000))).isFalse();
    ServerName other = ServerName.valueOf("b", 1, 1);
    assertThat(times.showsSilence(other, BEGIN, after(3_000))).isTrue();
  }

  /** The client gives the last attempt before the limit of a call what is left, say 1 ms. */
  @Test
  void attemptThatWasCutShortShowsNothing() {
    assertThat(times.showsSilence(SERVER, BEGIN, after(1))).isFalse();
    assertThat(times.showsSilence(SERVER, BEGIN, after(1_499))).isFalse();
    assertThat(times.showsSilence(SERVER, BEGIN, after(1_500))).isTrue();
  }

  @Test
  void shortestConfiguredTimeoutCounts() {
    AnswerTimes reads = new AnswerTimes(timeouts("3000", "200"));
    assertThat(reads.showsSilence(SERVER, BEGIN, after(99))).isFalse();
    assertThat(reads.showsSilence(SERVER, BEGIN, after(100))).isTrue();
  }
}
