// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.UnreadableRow;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cache with clocks, reads and a change feed that the test controls. */
class TableCacheTest implements TableCache.Source, ChangeFeed {

  private static final Key KEY = Key.of("k");
  private static final CacheSettings.Following FOLLOWING =
      new CacheSettings.Following(true, Duration.ofMillis(100), Duration.ofMinutes(5));

  private final ManualTime time = new ManualTime(Long.MAX_VALUE - 1_000_000_000L);
  private final RecordedMetrics metrics = new RecordedMetrics();
  private final StoreMeter meter = new StoreMeter("cache", List.of());
  private final Deque<CompletableFuture<@Nullable Put>> reads = new ArrayDeque<>();
  private final Deque<CompletableFuture<FeedPage>> polls = new ArrayDeque<>();
  private final Counts counts = new Counts();
  private int once;
  private @Nullable StoreException refusal;
  private TableCache cache = cache(1 << 20, Duration.ofSeconds(1), Duration.ZERO);

  TableCacheTest() {
    meter.join(metrics);
  }

  private TableCache cache(long maxBytes, Duration absentMaxAge, Duration onError) {
    return new TableCache(
        new CacheSettings(
            false, maxBytes, Duration.ofSeconds(10), absentMaxAge, onError, FOLLOWING),
        this,
        time.clock(),
        meter.table("t"));
  }

  @Override
  public CompletableFuture<@Nullable Put> read(Key key) {
    CompletableFuture<@Nullable Put> read = new CompletableFuture<>();
    reads.add(read);
    return read;
  }

  @Override
  public CompletableFuture<@Nullable Put> readOnce(Key key) {
    once++;
    return read(key);
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    StoreException refused = refusal;
    return refused == null
        ? CompletableFuture.completedFuture(List.of(new FeedPosition("0")))
        : CompletableFuture.failedFuture(refused);
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    CompletableFuture<FeedPage> poll = new CompletableFuture<>();
    polls.add(poll);
    return poll;
  }

  private static final class Counts implements CacheMeter {
    private int hits;
    private int absent;
    private int misses;
    private long ageNanos;

    @Override
    public void hit(boolean absent, long ageNanos) {
      hits++;
      this.absent += absent ? 1 : 0;
      this.ageNanos = ageNanos;
    }

    @Override
    public void miss() {
      misses++;
    }
  }

  private static Put row(long version) {
    return new Put(KEY, Row.of("v" + version), version);
  }

  private @Nullable CacheEntry find() {
    return cache.find(KEY, time.nanos(), counts);
  }

  private CompletableFuture<@Nullable Put> load() {
    return cache.load(KEY, time.nanos());
  }

  /** Looks the key up, and lets the store answer. */
  private void lookUp(@Nullable Put row) {
    CompletableFuture<@Nullable Put> answer = load();
    reads.remove().complete(row);
    assertThat(answer).isCompletedWithValue(row);
  }

  private CacheFollower followed() {
    CacheFollower follower = new CacheFollower("table 't'", cache, this, null, time);
    follower.begin();
    return follower;
  }

  private void page(Change... changes) {
    polls.remove().complete(new FeedPage(List.of(changes), List.of(), next()));
    pass(100);
  }

  private static List<FeedPosition> next() {
    return List.of(new FeedPosition("1"));
  }

  private void pass(long millis) {
    time.pass(Duration.ofMillis(millis));
  }

  private Object metric(String name) {
    return metrics.value("dim.store.cache.table.t." + name);
  }

  @Test
  void rowAnswersUntilItsAgeAndNoLonger() {
    lookUp(row(1));
    pass(8_900);
    assertThat(find()).isNotNull();
    pass(1_100);
    assertThat(find()).isNull();
    assertThat(counts.hits).isEqualTo(1);
    assertThat(counts.misses).isEqualTo(1);
    assertThat(counts.ageNanos).isEqualTo(Duration.ofMillis(8_900).toNanos());
  }

  @Test
  void ageCountsFromTheBeginningOfTheRead() {
    CompletableFuture<@Nullable Put> answer = load();
    pass(9_999);
    reads.remove().complete(row(1));
    assertThat(answer).isCompletedWithValue(row(1));
    pass(1);
    assertThat(find()).isNull();
  }

  @Test
  void absenceHasAnAgeOfItsOwn() {
    lookUp(null);
    pass(800);
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isNull();
    assertThat(counts.absent).isEqualTo(1);
    pass(200);
    assertThat(find()).isNull();
  }

  @Test
  void repeatedLookupIsAnsweredOnlyByWhatIsYoungerThanTheMiss() {
    lookUp(null);
    pass(100);
    assertThat(cache.find(KEY, time.nanos(), millis(100), counts)).as("the miss itself").isNull();
    assertThat(cache.find(KEY, time.nanos(), millis(101), counts)).as("read since").isNotNull();
    assertThat(find()).as("other lookups").isNotNull();
  }

  @Test
  void repeatedLookupDoesNotTakeTheRowThatDidNotMatchBefore() {
    lookUp(row(1));
    pass(100);
    assertThat(cache.find(KEY, time.nanos(), millis(100), counts)).isNull();
    assertThat(find()).as("other lookups").isNotNull();
  }

  @Test
  void repeatedLookupIsAnsweredByAnAbsenceThatTheFeedHasConfirmedSince() {
    followed();
    page();
    lookUp(null);
    pass(300);
    assertThat(cache.find(KEY, time.nanos(), millis(250), counts)).isNull();
    page();
    page();
    assertThat(cache.find(KEY, time.nanos(), millis(250), counts)).isNotNull();
  }

  @Test
  void repeatedLookupJoinsOnlyAReadThatBeganAfterTheMiss() {
    load();
    pass(100);
    cache.load(KEY, time.nanos(), millis(101));
    assertThat(reads).as("a read that began since").hasSize(1);
    cache.load(KEY, time.nanos(), millis(100));
    assertThat(reads).hasSize(2);
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void absencesAreNotKeptIfTheirAgeIsZero() {
    cache = cache(1 << 20, Duration.ZERO, Duration.ZERO);
    lookUp(null);
    assertThat(find()).isNull();
    assertThat(metric("cacheEntries")).isEqualTo(0L);
  }

  @Test
  void entriesEndAtDifferentTimesAndNeverLater() {
    int ended = 0;
    for (int i = 0; i < 200; i++) {
      cache.load(Key.of("k" + i), time.nanos());
      reads.remove().complete(new Put(Key.of("k" + i), Row.of("x"), 1));
    }
    pass(9_500);
    for (int i = 0; i < 200; i++) {
      ended += cache.find(Key.of("k" + i), time.nanos(), counts) == null ? 1 : 0;
    }
    assertThat(ended).isBetween(50, 150);
  }

  @Test
  void expiredRowIsReadAgain() {
    Put expiring = new Put(KEY, Row.of("x"), 1, time.millis() + 50);
    lookUp(expiring);
    pass(49);
    assertThat(find()).isNotNull();
    pass(1);
    assertThat(find()).isNull();
    lookUp(null);
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isNull();
  }

  @Test
  void concurrentLookupsShareARead() {
    CompletableFuture<@Nullable Put> one = load();
    CompletableFuture<@Nullable Put> other = load();
    assertThat(reads).hasSize(1);
    reads.remove().complete(row(1));
    assertThat(one).isCompletedWithValue(row(1));
    assertThat(other).isCompletedWithValue(row(1));
  }

  @Test
  void lookupDoesNotWaitForAReadThatBeganTooLongAgo() {
    load();
    pass(1_000);
    load();
    assertThat(reads).hasSize(2);
    CompletableFuture<@Nullable Put> old = reads.remove();
    reads.remove().complete(row(2));
    old.complete(row(1));
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isEqualTo(row(2));
  }

  @Test
  void olderVersionDoesNotReplaceANewerOne() {
    lookUp(row(5));
    pass(20_000);
    CompletableFuture<@Nullable Put> answer = load();
    reads.remove().complete(row(4));
    assertThat(answer).isCompletedWithValue(row(5));
    pass(2 * 3_600_000);
    lookUp(row(4));
    assertThat(find()).as("a version holds for an hour").isNotNull();
  }

  @Test
  void changeOfTheFeedReplacesTheRowAndKeepsItFresh() {
    followed();
    page();
    lookUp(row(1));
    page();
    page(row(2));
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isEqualTo(row(2));
    for (int i = 0; i < 300; i++) {
      page();
    }
    assertThat(find()).as("30 s later").isNotNull();
    page(new Delete(KEY, 3));
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isNull();
  }

  @Test
  void followedRowIsReadAgainInTheEnd() {
    followed();
    page();
    lookUp(row(1));
    for (int i = 0; i < 2_600; i++) {
      page();
    }
    assertThat(find()).isNotNull();
    for (int i = 0; i < 400; i++) {
      page();
    }
    assertThat(find()).isNull();
  }

  @Test
  void rowThatWasReadBeforeADeleteDoesNotComeBack() {
    followed();
    page();
    CompletableFuture<@Nullable Put> answer = load();
    page(new Delete(KEY, 2));
    reads.remove().complete(row(1));
    assertThat(answer).isCompletedWithValue(row(1));
    assertThat(find()).isNull();
  }

  @Test
  void absenceThatWasReadBeforeAnInsertIsNotKept() {
    followed();
    page();
    CompletableFuture<@Nullable Put> answer = load();
    page(row(1));
    reads.remove().complete(null);
    assertThat(answer).isCompletedWithValue(null);
    assertThat(find()).isNull();
    load();
    assertThat(reads).hasSize(1);
  }

  @Test
  void lookupAfterAReportedChangeStartsItsOwnRead() {
    followed();
    page();
    load();
    page(row(1));
    load();
    assertThat(reads).hasSize(2);
  }

  @Test
  void partThatIsDividedIsReadUpToItsPageBefore() {
    followed();
    page();
    lookUp(row(1));
    pass(6_000);
    page();
    List<FeedPosition> divided = List.of(new FeedPosition("a"), new FeedPosition("b"));
    polls.remove().complete(new FeedPage(List.of(), List.of(), divided));
    pass(4_000);
    assertThat(find()).as("the new parts may have had changes before that page").isNull();
  }

  @Test
  void feedThatStandsStillFallsBackToTheAge() {
    followed();
    page();
    lookUp(row(1));
    page();
    pass(9_900);
    assertThat(find()).isNull();
  }

  @Test
  void gapIsCountedAndEntriesOfBeforeAgeFromItsBeginning() {
    followed();
    page();
    lookUp(row(1));
    for (int i = 0; i < 200; i++) {
      page();
    }
    polls.remove().completeExceptionally(new StoreException(Kind.NO_TABLE, "trimmed"));
    assertThat(metric("cacheGaps")).isEqualTo(1L);
    assertThat(find()).as("fresh at the beginning of the gap").isNotNull();
    pass(1_000);
    assertThat(polls).as("it follows again").hasSize(1);
    for (int i = 0; i < 50; i++) {
      page();
    }
    assertThat(find()).as("not yet too old").isNotNull();
    for (int i = 0; i < 50; i++) {
      page();
    }
    assertThat(find()).as("changes may be missed").isNull();
  }

  @Test
  void tableWithoutChangesIsOneGapAndTriedAgain() {
    refusal = new StoreException(Kind.NO_TABLE, "keeps no changes");
    followed();
    pass(120_000);
    assertThat(metric("cacheGaps")).isEqualTo(1L);
    refusal = null;
    pass(60_000);
    assertThat(polls).hasSize(1);
  }

  @Test
  void changeThatCannotBeDecodedRemovesTheEntry() {
    followed();
    page();
    lookUp(row(1));
    polls
        .remove()
        .complete(new FeedPage(List.of(), List.of(new UnreadableRow(KEY, "broken")), next()));
    assertThat(find()).isNull();
  }

  /** Follows, and reads the whole table from the pages that the test completes. */
  private CompletableFuture<Void> whole(CompletableFuture<ScanPage> page) {
    CacheFollower follower =
        new CacheFollower(
            "table 't'",
            cache,
            this,
            pages -> {
              long began = time.nanos();
              return page.thenAccept(read -> pages.page(read, began));
            },
            time);
    follower.begin();
    return follower.loaded();
  }

  @Test
  void wholeTableAnswersWithoutReads() {
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    CompletableFuture<Void> loaded = whole(scan);
    assertThat(polls).as("changes are read after the scan").isEmpty();
    assertThat(find()).as("nothing is known yet").isNull();
    scan.complete(new ScanPage(List.of(row(1)), null));
    assertThat(loaded).isNotDone();
    page();
    assertThat(loaded).isCompleted();
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isEqualTo(row(1));
    CacheEntry other = cache.find(Key.of("other"), time.nanos(), counts);
    assertThat(other).isNotNull().extracting(CacheEntry::row).isNull();
    page();
    page(new Delete(KEY, 2), new Put(Key.of("other"), Row.of("x"), 1));
    page();
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isNull();
    other = cache.find(Key.of("other"), time.nanos(), counts);
    assertThat(other).isNotNull().extracting(CacheEntry::row).isNotNull();
    pass(1_000);
    assertThat(cache.find(Key.of("third"), time.nanos(), counts)).as("not followed").isNull();
    assertThat(reads).isEmpty();
  }

  @Test
  void pageThatIsOlderThanAReadBringsNoRowBack() {
    cache = cache(1 << 20, Duration.ZERO, Duration.ZERO);
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    whole(scan);
    pass(1);
    lookUp(null);
    scan.complete(new ScanPage(List.of(row(1)), null));
    page();
    assertThat(find()).as("the row was deleted after the page had seen it").isNull();
  }

  @Test
  void pageThatIsOlderThanAReplacedReadBringsNoRowBack() {
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    whole(scan);
    CompletableFuture<@Nullable Put> first = load();
    pass(1_500); // too long ago to wait for
    CompletableFuture<@Nullable Put> second = load();
    reads.remove().complete(null);
    assertThat(first).isCompletedWithValue(null);
    scan.complete(new ScanPage(List.of(row(1)), null));
    page();
    assertThat(find()).as("the row was deleted after the page had seen it").isNull();
    reads.remove().complete(null);
    assertThat(second).isCompletedWithValue(null);
  }

  @Test
  void pageThatIsOlderThanAnEvictedEntryBringsNoRowBack() {
    cache = cache(400, Duration.ofSeconds(1), Duration.ZERO);
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    whole(scan);
    pass(1);
    lookUp(null);
    for (int i = 0; i < 3; i++) {
      CompletableFuture<@Nullable Put> other = cache.load(Key.of("o" + i), time.nanos());
      reads.remove().complete(null);
      assertThat(other).isCompleted();
    }
    scan.complete(new ScanPage(List.of(row(1)), null));
    page();
    CacheEntry entry = find();
    assertThat(entry == null || entry.row() == null).as("no row").isTrue();
  }

  @Test
  void pageThatIsOlderThanTheEndOfAReadBringsNoRowBack() {
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    CompletableFuture<@Nullable Put> answer = load();
    pass(1);
    whole(scan);
    pass(1);
    reads.remove().complete(null); // the page was requested after the read, and before its end
    assertThat(answer).isCompletedWithValue(null);
    scan.complete(new ScanPage(List.of(row(1)), null));
    page();
    CacheEntry entry = find();
    assertThat(entry == null || entry.row() == null).as("no row").isTrue();
  }

  @Test
  void pageThatMayHaveMoreIsNotTheEndOfTheFeed() {
    whole(CompletableFuture.completedFuture(new ScanPage(List.of(row(1)), null)));
    for (int i = 0; i < 12; i++) {
      polls.remove().complete(new FeedPage(List.of(row(1)), List.of(), next(), true));
      pass(1_000);
    }
    assertThat(find()).as("followed to its end never").isNull();
  }

  @Test
  void loadingEndsAlthoughTheFeedCannotBeReadNow() {
    CompletableFuture<Void> loaded =
        whole(CompletableFuture.completedFuture(new ScanPage(List.of(row(1)), null)));
    assertThat(loaded).isNotDone();
    polls.remove().completeExceptionally(new StoreException(Kind.THROTTLED, "too many readers"));
    assertThat(loaded).isCompleted();
  }

  @Test
  void tableThatDoesNotFitIsNotReadToItsEndOrAgain() {
    cache = cache(700, Duration.ofSeconds(1), Duration.ZERO);
    List<Boolean> wanted = new ArrayList<>();
    new CacheFollower(
            "table 't'",
            cache,
            this,
            pages -> {
              for (int i = 0; i < 10; i++) {
                Put row = new Put(Key.of("k" + i), Row.of("x"), 1);
                wanted.add(pages.page(new ScanPage(List.of(row), null), time.nanos()));
              }
              return CompletableFuture.completedFuture(null);
            },
            time)
        .begin();
    assertThat(wanted).contains(true, false).last().isEqualTo(false);
    int pages = wanted.size();
    for (int i = 0; i < 2_000; i++) {
      page();
      pass(400);
    }
    assertThat(wanted).hasSize(pages);
  }

  @Test
  void absencesMakeRoomWhenTheTableIsReadAgain() {
    List<ScanPage> tables = new ArrayList<>(List.of(new ScanPage(List.of(row(1)), null)));
    new CacheFollower(
            "table 't'",
            cache,
            this,
            pages -> {
              boolean unused = pages.page(tables.get(0), time.nanos());
              return CompletableFuture.completedFuture(null);
            },
            time)
        .begin();
    page(new Delete(KEY, 2));
    tables.set(0, new ScanPage(List.of(), null));
    assertThat(metric("cacheEntries")).isEqualTo(1L);
    for (int i = 0; i < 600; i++) {
      page();
      pass(400);
    }
    assertThat(metric("cacheEntries")).isEqualTo(0L);
    assertThat(find()).isNotNull().extracting(CacheEntry::row).isNull();
  }

  @Test
  void wholeTableIsReadAgainBeforeItsEntriesAreTooOld() {
    List<CompletableFuture<ScanPage>> scans = new ArrayList<>();
    CacheFollower follower =
        new CacheFollower(
            "table 't'",
            cache,
            this,
            pages -> {
              long began = time.nanos();
              CompletableFuture<ScanPage> scan = new CompletableFuture<>();
              scans.add(scan);
              return scan.thenAccept(read -> pages.page(read, began));
            },
            time);
    follower.begin();
    scans.get(0).complete(new ScanPage(List.of(row(1)), null));
    for (int i = 0; i < 3_000; i++) {
      page();
      pass(400);
      assertThat(find()).as("a row after " + i / 2 + " s").isNotNull();
      assertThat(cache.find(Key.of("other"), time.nanos(), counts)).isNotNull();
      CompletableFuture<ScanPage> last = scans.get(scans.size() - 1);
      if (!last.isDone()) {
        // The change comes between the page and its end.
        page(new Put(Key.of("new"), Row.of("x"), 1));
        last.complete(new ScanPage(List.of(row(1)), null));
      }
    }
    assertThat(scans).as("five minutes, less a third").hasSizeBetween(6, 9);
    CacheEntry added = cache.find(Key.of("new"), time.nanos(), counts);
    assertThat(added == null || added.row() != null).as("not absent").isTrue();
    assertThat(reads).isEmpty();
  }

  @Test
  void changeDuringAScanIsNotUndoneByAnOlderPage() {
    List<CompletableFuture<ScanPage>> scans = new ArrayList<>();
    new CacheFollower(
            "table 't'",
            cache,
            this,
            pages -> {
              long began = time.nanos();
              CompletableFuture<ScanPage> scan = new CompletableFuture<>();
              scans.add(scan);
              return scan.thenAccept(read -> pages.page(read, began));
            },
            time)
        .begin();
    scans.get(0).complete(new ScanPage(List.of(row(1)), null));
    while (scans.size() < 2) {
      page();
      pass(400);
    }
    // Another tool removes the row with its own version.
    page(new Delete(KEY, 1), new Put(Key.of("new"), Row.of("x"), 1));
    scans.get(1).complete(new ScanPage(List.of(row(1)), null));
    page();
    CacheEntry entry = find();
    assertThat(entry == null || entry.row() == null).as("the deleted row").isTrue();
    CacheEntry added = cache.find(Key.of("new"), time.nanos(), counts);
    assertThat(added == null || added.row() != null).as("the new row").isTrue();
  }

  @Test
  void tableThatDoesNotFitIsReadByKey() {
    cache = cache(700, Duration.ofSeconds(1), Duration.ZERO);
    List<Change> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rows.add(new Put(Key.of("k" + i), Row.of("x"), 1));
    }
    CompletableFuture<Void> loaded =
        whole(CompletableFuture.completedFuture(new ScanPage(rows, null)));
    page();
    assertThat(loaded).isCompleted();
    for (int i = 0; i < 10; i++) {
      CacheEntry entry = cache.find(Key.of("k" + i), time.nanos(), counts);
      assertThat(entry == null || entry.row() != null).isTrue();
    }
  }

  @Test
  void rowThatCannotBeDecodedIsNotAbsent() {
    whole(
        CompletableFuture.completedFuture(
            new ScanPage(List.of(), List.of(new UnreadableRow(KEY, "broken")), null)));
    page();
    assertThat(find()).isNull();
    assertThat(cache.find(Key.of("other"), time.nanos(), counts)).isNotNull();
  }

  @Test
  void wholeTableIsReadAgainAfterAGap() {
    whole(CompletableFuture.completedFuture(new ScanPage(List.of(row(1)), null)));
    page();
    polls.remove().completeExceptionally(new StoreException(Kind.NO_TABLE, "trimmed"));
    pass(11_000);
    assertThat(find()).as("not confirmed by the feed").isNull();
    page();
    page();
    assertThat(find()).as("read again").isNotNull();
  }

  @Test
  void scanEndsWhenTheCacheIsClosed() {
    CompletableFuture<ScanPage> scan = new CompletableFuture<>();
    whole(scan);
    cache.close();
    scan.complete(new ScanPage(List.of(row(1)), null));
    assertThat(polls).isEmpty();
    assertThat(metric("cacheEntries")).isEqualTo(0L);
  }

  @Test
  void tableWithoutAFeedCannotBeLoaded() {
    refusal = new StoreException(Kind.NO_TABLE, "keeps no changes");
    assertThat(whole(new CompletableFuture<>())).isCompletedExceptionally();
  }

  @Test
  void failureIsPassedOnAndNotKept() {
    CompletableFuture<@Nullable Put> answer = load();
    reads.remove().completeExceptionally(new StoreException(Kind.UNAVAILABLE, "made to fail"));
    assertThat(answer).isCompletedExceptionally();
    lookUp(row(1));
    pass(20_000);
    CompletableFuture<@Nullable Put> again = load();
    reads.remove().completeExceptionally(new StoreException(Kind.UNAVAILABLE, "made to fail"));
    assertThat(again).as("no stale answer unless it is wanted").isCompletedExceptionally();
    assertThat(metric("cacheStaleAnswers")).isEqualTo(0L);
  }

  @Test
  void oldRowAnswersAfterAFailureUpToItsBound() {
    cache = cache(1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(60));
    lookUp(row(1));
    pass(59_000);
    CompletableFuture<@Nullable Put> answer = load();
    assertThat(once).as("without retries").isEqualTo(1);
    reads.remove().completeExceptionally(new StoreException(Kind.UNAVAILABLE, "made to fail"));
    assertThat(answer).isCompletedWithValue(row(1));
    assertThat(metric("cacheStaleAnswers")).isEqualTo(1L);
    CompletableFuture<@Nullable Put> denied = load();
    reads.remove().completeExceptionally(new StoreException(Kind.DENIED, "made to fail"));
    assertThat(denied).isCompletedExceptionally();
    pass(1_000);
    CompletableFuture<@Nullable Put> tooOld = load();
    reads.remove().completeExceptionally(new StoreException(Kind.UNAVAILABLE, "made to fail"));
    assertThat(tooOld).as("the read is repeated").isNotDone();
    reads.remove().complete(row(2));
    assertThat(tooOld).isCompletedWithValue(row(2));
  }

  @Test
  void bytesStayBelowTheBoundAndUsedRowsStay() {
    cache = cache(40_000, Duration.ofSeconds(1), Duration.ZERO);
    lookUp(row(1));
    for (int i = 0; i < 1_000; i++) {
      Key key = Key.of("key-" + i);
      cache.load(key, time.nanos());
      reads.remove().complete(new Put(key, Row.of("some text"), 1));
      assertThat((Long) metric("cacheBytes")).isLessThanOrEqualTo(40_000L);
      assertThat(find()).as("used between all others").isNotNull();
    }
    assertThat((Long) metric("cacheEntries")).isBetween(100L, 200L);
    assertThat((Long) metric("cacheEvictions") + (Long) metric("cacheEntries")).isEqualTo(1_001L);
    cache.close();
    assertThat(metric("cacheBytes")).isEqualTo(0L);
    assertThat(metric("cacheEntries")).isEqualTo(0L);
  }

  @Test
  void rowThatIsLargerThanTheCacheIsNotKept() {
    cache = cache(1_000, Duration.ofSeconds(1), Duration.ZERO);
    lookUp(new Put(KEY, Row.of("x".repeat(2_000)), 1));
    assertThat(find()).isNull();
    assertThat(metric("cacheBytes")).isEqualTo(0L);
  }

  @Test
  void hitAllocatesNothing() {
    lookUp(row(1));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    find(20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    find(20_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
  }

  private void find(int times) {
    for (int i = 0; i < times; i++) {
      if (find() == null) {
        throw new AssertionError("a miss");
      }
    }
  }
}
