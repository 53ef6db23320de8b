// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import static io.dimstore.migration.store.MemoryTables.row;
import static io.dimstore.migration.store.MemoryTables.side;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.TestClock;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Difference.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The cache of a table whose rows a writer changes that does not know the cache: what it leaves
 * outdated is no difference, and what is wrong for another reason is one.
 */
class CopyVerificationTest {

  private static final int ROWS = 300;

  private final MemoryTables tables = new MemoryTables();
  private final Clock clock = new Clock();
  private final CachedTable cached = new CachedTable(tables.from(), clock);

  /** Lets something happen in the middle of each wait until the outdated entries have ended. */
  private static final class Clock extends TestClock {

    private Runnable inEachWait = () -> {};
    private long next = CachedTable.MAX_AGE.toNanos() / 2;

    @Override
    public void pause(long duration) throws InterruptedException {
      if (nanos() >= next) {
        next += CachedTable.MAX_AGE.toNanos();
        inEachWait.run();
      }
      super.pause(duration);
    }
  }

  CopyVerificationTest() {
    for (int id = 0; id < ROWS; id++) {
      tables.writeBoth(List.of(row(id, "a", 1)));
      cached.cache(row(id, "a", 1));
    }
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private VerifyResult verify() throws InterruptedException {
    return verify(CachedTable.MAX_AGE, 10_000);
  }

  private VerifyResult verify(Duration copySettle, int maxDifferences) throws InterruptedException {
    VerifySettings d = VerifySettings.defaults();
    VerifySettings settings =
        new VerifySettings(
            8,
            2,
            100,
            1 << 10,
            1_000,
            d.settle(),
            copySettle,
            3,
            maxDifferences,
            100,
            d.tombstoneRetention(),
            0,
            Duration.ofSeconds(10),
            0,
            20);
    return new Verify(
            side("from", cached), side("to", tables.to()), settings, VerifyListener.NONE, clock)
        .run();
  }

  /** The other writer's change, which is carried to the target. */
  private void change(int id, long version) {
    tables.writeBoth(List.of(row(id, "v" + version, version)));
  }

  @Test
  void entryThatAnotherWriterLeftOutdatedIsNoDifferenceOnceItHasEnded() throws Exception {
    change(1, 2);
    tables.writeBoth(List.of(new Delete(Key.of("k2"), 2)));
    VerifyResult result = verify();
    assertThat(result.copies().different()).isZero();
    assertThat(result.copies().outdated()).isEqualTo(2);
    assertThat(result.copies().inStep()).isEqualTo(ROWS - 2);
    assertThat(result.copies().settleMillis()).isEqualTo(30_000);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.EQUAL);
  }

  @Test
  void wrongEntryIsFoundBesideLiveWritesOfAnotherWriter() throws Exception {
    Random random = new Random(5);
    change(1, 2);
    cached.cacheForEver(row(7, "wrong", 1));
    clock.inEachWait =
        () -> {
          for (int i = 0; i < 50; i++) {
            int id = 10 + random.nextInt(ROWS - 10);
            cached.cache(row(id, "before", 0));
            change(id, 10 + i);
          }
        };
    VerifyResult result = verify();
    assertThat(result.copies().differences()).containsExactlyEntriesOf(Map.of(Kind.VALUE, 1L));
    assertThat(result.copies().examples())
        .containsExactly(new CopyCheck.Example("[k7]", Kind.VALUE));
    assertThat(result.copies().outdated()).isEqualTo(1);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.DIFFERENT);
  }

  @Test
  void wrongEntryOfARowThatChangedMeanwhileIsFoundOnceTheRowRests() throws Exception {
    cached.cacheForEver(row(7, "wrong", 9));
    clock.inEachWait = () -> change(7, 2);
    assertThat(verify().copies().different()).isEqualTo(1);
    assertThat(verify().copies().examples())
        .containsExactly(new CopyCheck.Example("[k7]", Kind.EXTRA));
  }

  @Test
  void rowThatChangesInEachWaitCountsAsChanged() throws Exception {
    change(1, 2);
    clock.inEachWait =
        () -> {
          long version = 3 + clock.nanos() / 1_000_000_000;
          // A lookup between two changes makes an entry that is outdated again.
          cached.cache(row(1, "v" + version, version));
          change(1, version + 1);
        };
    VerifyResult result = verify();
    assertThat(result.copies().changed()).isEqualTo(1);
    assertThat(result.copies().different()).isZero();
    assertThat(result.copies().outdated()).isZero();
  }

  @Test
  void entryThatCannotBeDecodedIsADifferenceAtOnce() throws Exception {
    cached.damage(Key.of("k3"));
    VerifyResult result = verify();
    assertThat(result.copies().differences()).containsExactlyEntriesOf(Map.of(Kind.UNREADABLE, 1L));
    assertThat(result.copies().settleMillis()).isZero();
  }

  @Test
  void withoutATimeOrWithTooManyDifferencesNothingIsComparedAgain() throws Exception {
    for (int id = 0; id < 20; id++) {
      change(id, 2);
    }
    long began = clock.nanos();
    assertThat(verify(Duration.ZERO, 10_000).copies().different()).isEqualTo(20);
    assertThat(verify(CachedTable.MAX_AGE, 19).copies().different()).isEqualTo(20);
    assertThat(clock.nanos()).as("time waited").isEqualTo(began);
  }

  @Test
  void onlyThePartsWithDifferencesAreComparedAgain() throws Exception {
    verify();
    int each = cached.checks();
    change(1, 2);
    verify();
    assertThat(cached.checks() - each).isEqualTo(each + 1);
  }
}
