// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.output.RecordSink;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {

  private static final long START_MILLIS = 1_000_000;

  @TempDir Path directory;

  private final FakeTicker ticker = new FakeTicker();
  private final RecordingSink sink = new RecordingSink();

  @Test
  void atARateEveryEventHasItsDueTime() throws IOException {
    TransferReport report = run(new TransferPace.Rate(100), 10, 10, 10);

    assertThat(sink.sentAtMillis).containsExactly(0L, 10L, 20L);
    assertThat(sink.intendedMillis)
        .containsExactly(START_MILLIS, START_MILLIS + 10, START_MILLIS + 20);
    assertThat(report.lag().orElseThrow().max()).isZero();
    assertThat(report.elapsed()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void delayOfTheOutputIsCaughtUpAndReportedAsLag() throws IOException {
    sink.delaysMillis = new long[] {0, 45, 0, 0, 0, 0, 0};
    TransferReport report = run(new TransferPace.Rate(100), 1, 1, 1, 1, 1, 1, 1);

    // Event 1 is due at 10 and blocks until 55. Events 2 to 5 are then sent at once, and event 6 is
    // on time again.
    assertThat(sink.sentAtMillis).containsExactly(0L, 10L, 55L, 55L, 55L, 55L, 60L);
    assertThat(sink.intendedMillis.get(2)).isEqualTo(START_MILLIS + 20);
    TransferReport.Lag lag = report.lag().orElseThrow();
    assertThat(lag.max()).isBetween(Duration.ofMillis(45), Duration.ofNanos(45_100_000));
    assertThat(lag.p50()).isBetween(Duration.ofMillis(15), Duration.ofNanos(15_100_000));
  }

  @Test
  void atASpeedTheDistancesOfEventTimeAreKept() throws IOException {
    run(new TransferPace.Speed(100), 10, 20, 20, 15, 40);

    assertThat(sink.sentAtMillis).containsExactly(0L, 100L, 100L, 100L, 300L);
  }

  @Test
  void withoutAPaceNothingWaitsAndThereIsNoLag() throws IOException {
    TransferReport report = run(new TransferPace.Unpaced(), 1, 1_000_000, 2_000_000);

    assertThat(sink.sentAtMillis).containsExactly(0L, 0L, 0L);
    assertThat(report.lag()).isEmpty();
  }

  @Test
  void aChangeLeavesTogetherWithItsEvent() throws IOException {
    run(new TransferPace.Rate(1), "1,7,a,pv,10", "1,8,a,pv,20", "1,8,a,pv,30");

    assertThat(sink.log)
        .containsExactly(
            "0 change 7", "0 event 7", "1000 change 8", "1000 event 8", "2000 event 8");
  }

  @Test
  void everythingIsFlushedAndProgressIsReported() throws IOException {
    List<Long> reported = new ArrayList<>();
    Path file = file("1,7,a,pv,10", "1,8,a,pv,20");
    try (EventReader reader = FileInput.of(file, ReplayFormat.USER_BEHAVIOR, 9).open(r -> {})) {
      Transfer.create(ticker, reported::add).run(reader, sink, new TransferPace.Unpaced());
    }

    assertThat(reported).containsExactly(1L, 2L);
    assertThat(sink.flushed).isTrue();
  }

  @Test
  void anInterruptedTransferStops() {
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(EventStreamException.class)
          .isThrownBy(() -> run(new TransferPace.Rate(1), 10, 20));
      assertThat(sink.log).isEmpty();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void pacesMustBeAboveZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransferPace.Rate(0))
        .withMessage("rate is 0.0 and must be above 0");
    assertThatIllegalArgumentException().isThrownBy(() -> new TransferPace.Speed(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new TransferPace.Speed(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransferPace.Rate(Double.POSITIVE_INFINITY));
  }

  private TransferReport run(TransferPace pace, long... seconds) throws IOException {
    String[] lines = new String[seconds.length];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "1,7,a,pv," + seconds[i];
    }
    return run(pace, lines);
  }

  private TransferReport run(TransferPace pace, String... lines) throws IOException {
    EventInput input = FileInput.of(file(lines), ReplayFormat.USER_BEHAVIOR, FileInput.ALL);
    try (EventReader reader = input.open(refused -> {})) {
      return Transfer.create(ticker, events -> {}).run(reader, sink, pace);
    }
  }

  private Path file(String... lines) throws IOException {
    return Files.writeString(directory.resolve("input.csv"), String.join("\n", lines));
  }

  /** A clock whose waits return at once and advance it to the deadline. */
  private static final class FakeTicker implements Ticker {
    long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long epochMillis() {
      return START_MILLIS + nanos / 1_000_000;
    }

    @Override
    public void awaitNanos(long deadline) {
      nanos = Math.max(nanos, deadline);
    }
  }

  private final class RecordingSink implements RecordSink {
    final List<String> log = new ArrayList<>();
    final List<Long> sentAtMillis = new ArrayList<>();
    final List<Long> intendedMillis = new ArrayList<>();
    long[] delaysMillis = {};
    boolean flushed;

    @Override
    public void write(StreamRecord record, long intended) {
      long now = ticker.nanos / 1_000_000;
      if (record instanceof Event event) {
        log.add(now + " event " + event.itemId());
        if (sentAtMillis.size() < delaysMillis.length) {
          ticker.nanos += delaysMillis[sentAtMillis.size()] * 1_000_000;
        }
        sentAtMillis.add(now);
        intendedMillis.add(intended);
      } else {
        log.add(now + " change " + record.key());
      }
    }

    @Override
    public void refuse(RefusedLine line) {
      throw new AssertionError("nothing is refused here: " + line);
    }

    @Override
    public void flush() {
      flushed = true;
    }

    @Override
    public void close() {}
  }
}
