// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import io.dimstore.tck.harness.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the guarantees of the read cache about the age of its answers. */
class CachedReaderTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(10);
  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(
              new Column("k", DataType.STRING),
              new Column("a", DataType.STRING),
              new Column("n", DataType.Simple.BIGINT)),
          List.of("k"));
  private static final Key K = Key.of("k");

  private final TestClock clock = new TestClock(1_000_000);
  private final CachedServer server = new CachedServer(clock);
  private final ReadCache cache = ReadCache.bounded(MAX_AGE, 1_000_000);
  private final CachedReader reader =
      new CachedReader(cache, SPEC, server.eventual(), server.strong(), StoreMetrics.NONE, clock);

  @Test
  void aRowIsAnsweredFromMemoryUntilMaxAge() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    server.write(put(2));
    clock.advance(MAX_AGE.minusMillis(1));
    assertThat(get()).isEqualTo(put(1));
    assertThat(server.reads()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    assertThat(get()).isEqualTo(put(2));
  }

  @Test
  void absenceIsAnsweredFromMemoryUntilMaxAgeToo() {
    assertThat(get()).isNull();
    server.write(put(1));
    clock.advance(MAX_AGE.minusMillis(1));
    assertThat(get()).isNull();
    assertThat(server.reads()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    assertThat(get()).isEqualTo(put(1));
  }

  /** The age counts from the beginning of the read, since the row may be from that time. */
  @Test
  void theAgeOfASlowResponseCountsFromItsRequest() {
    server.write(put(1));
    server.hold();
    CompletableFuture<List<Put>> slow = read();
    server.write(put(2));
    clock.advance(MAX_AGE.minusMillis(1));
    server.release();
    assertThat(slow.join()).containsExactly(put(1));
    clock.advance(Duration.ofMillis(1));
    assertThat(get()).isEqualTo(put(2));
  }

  @Test
  void aRowIsAbsentFromTheMillisecondOfItsExpiry() {
    Put ending = new Put(K, Row.of("a", 1L), 1, clock.millis() + 500);
    server.write(ending);
    assertThat(get()).isEqualTo(ending);
    clock.advance(Duration.ofMillis(499));
    assertThat(get()).isEqualTo(ending);
    clock.advance(Duration.ofMillis(1));
    assertThat(get()).isNull();
    assertThat(server.reads()).isEqualTo(1);
  }

  @Test
  void aWriteOfThisProcessIsSeenAlthoughReplicasLag() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    server.lag(1);
    write(put(2));
    assertThat(get()).as("a strong read").isEqualTo(put(2));
    write(new Delete(K, 3));
    assertThat(get()).isNull();
    clock.advance(MAX_AGE);
    assertThat(get()).as("the replica still has the row").isNull();
  }

  @Test
  void aWriteOfEqualVersionIsSeenToo() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    server.lag(1);
    Put other = new Put(K, Row.of("other", 9L), 1);
    write(other);
    assertThat(get()).isEqualTo(other);
  }

  @Test
  void aReadThatBeganBeforeAWriteCachesNoOldRow() {
    server.write(put(1));
    server.hold();
    CompletableFuture<List<Put>> slow = read();
    write(put(2));
    server.release();
    assertThat(slow.join()).containsExactly(put(1));
    assertThat(get()).isEqualTo(put(2));
  }

  @Test
  void aFailedWriteIsTreatedAsPossiblyApplied() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    CompletableFuture<Void> failed =
        cache.writing(
            List.of(put(2)),
            () -> {
              server.write(put(2));
              return CompletableFuture.failedFuture(
                  new StoreException(StoreException.Kind.TIMEOUT, "lost"));
            });
    assertThat(failed).isCompletedExceptionally();
    assertThat(get()).isEqualTo(put(2));
  }

  @Test
  void readersNeverGoBackAlthoughReplicasDo() {
    server.write(put(1));
    server.write(put(2));
    assertThat(get()).isEqualTo(put(2));
    clock.advance(MAX_AGE);
    server.lag(1);
    assertThat(get()).isEqualTo(put(2));
    server.lag(0);
    server.write(new Delete(K, 3));
    clock.advance(MAX_AGE);
    assertThat(get()).isNull();
    clock.advance(MAX_AGE);
    server.lag(1);
    assertThat(get()).as("a deleted row does not come back").isNull();
  }

  @Test
  void aChangeOfTheFeedInvalidatesAnEntry() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    server.write(put(2));
    server.lag(1);
    cache.changed(List.of(put(2)));
    assertThat(get()).isEqualTo(put(2));
    int reads = server.reads();
    cache.changed(List.of(put(2)));
    assertThat(get()).isEqualTo(put(2));
    assertThat(server.reads()).as("an old change invalidates nothing").isEqualTo(reads);
  }

  @Test
  void aChangeByAnotherToolInvalidatesAnEntryWithoutAHigherVersion() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    Put other = new Put(K, Row.of("other", 9L), 1);
    server.write(other);
    cache.changed(List.of(other));
    assertThat(get()).isEqualTo(other);
    server.write(new Delete(K, 1));
    cache.changed(List.of(new Delete(K, 1)));
    assertThat(get()).isNull();
  }

  @Test
  void projectionsAreAnsweredFromTheSameEntry() {
    server.write(put(1));
    assertThat(get()).isEqualTo(put(1));
    assertThat(reader.get(List.of(K, K), SPEC.project("n"), deadline()).join())
        .containsExactly(new Put(K, Row.of(1L), 1), new Put(K, Row.of(1L), 1));
    assertThat(server.reads()).isEqualTo(1);
  }

  @Test
  void memoryIsBounded() {
    ReadCache small = ReadCache.bounded(MAX_AGE, 100_000);
    CachedReader bounded =
        new CachedReader(small, SPEC, server.eventual(), server.strong(), StoreMetrics.NONE, clock);
    for (int i = 0; i < 50; i++) {
      Put large = new Put(Key.of("large" + i), Row.of("x".repeat(10_000), 1L), 1);
      server.write(large);
      assertThat(bounded.get(List.of(large.key()), SPEC.all(), deadline()).join())
          .containsExactly(large);
      List<Key> absent =
          IntStream.range(i * 100, i * 100 + 100).mapToObj(n -> Key.of("none" + n)).toList();
      assertThat(bounded.get(absent, SPEC.all(), deadline()).join()).containsOnlyNulls();
    }
    assertThat(small.bytes()).isBetween(10_000L, 100_000L);
  }

  /** Runs two readers and two writers with lagging replicas and slow responses, in random order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inRandomHistoriesAnswersAreYoungAndNeverGoBack(long seed) {
    Random random = new Random(seed);
    int steps = Integer.getInteger("dimstore.cache.steps", 3_000);
    List<CachedServer.Witness> readers =
        List.of(server.witness("A, seed " + seed), server.witness("B, seed " + seed));
    List<CompletableFuture<List<Put>>> pending = new ArrayList<>();
    pending.add(null);
    pending.add(null);
    long version = 1;
    for (int step = 0; step < steps; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(2_000)));
      server.lag(random.nextInt(3));
      switch (random.nextInt(8)) {
        case 0 -> {
          Change change = change(random, version++);
          write(change);
          readers.forEach(CachedServer.Witness::mustSeeTheLast);
        }
        case 1 -> server.write(change(random, version++));
        case 2 -> server.hold();
        case 3 -> server.release();
        default -> {
          int i = random.nextInt(2);
          if (pending.get(i) == null) {
            readers.get(i).asks(MAX_AGE);
            pending.set(i, read());
          }
        }
      }
      for (int i = 0; i < 2; i++) {
        if (pending.get(i) != null && pending.get(i).isDone()) {
          readers.get(i).sees(pending.get(i).join().get(0));
          pending.set(i, null);
        }
      }
    }
  }

  private static Change change(Random random, long version) {
    return random.nextInt(4) == 0 ? new Delete(K, version) : put(version);
  }

  private void write(Change change) {
    cache
        .writing(
            List.of(change),
            () -> {
              server.write(change);
              return CompletableFuture.completedFuture(null);
            })
        .join();
  }

  private static Put put(long version) {
    return new Put(K, Row.of("v" + version, version), version);
  }

  private Put get() {
    return read().join().get(0);
  }

  private CompletableFuture<List<Put>> read() {
    return reader.get(List.of(K), Projection.all(2), deadline());
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofMinutes(1));
  }
}
