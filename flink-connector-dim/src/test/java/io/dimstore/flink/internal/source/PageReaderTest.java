// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FakeTable;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.flink.internal.store.Retry;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests how the keys of a split are asked for. */
class PageReaderTest {

  private static final KeyCodec CODEC = new KeyCodec(List.of(new Column("k", DataType.STRING)));

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FakeTable table = new FakeTable();
  private final PageReader reader =
      new PageReader(
          table,
          Projection.of(0),
          CODEC,
          2,
          new Retry(timer, Duration.ofMillis(0), new StoreMeter("test", List.of()).table("t")));

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private static List<byte[]> encoded(String... keys) {
    return Stream.of(keys).map(key -> CODEC.encode(Key.of(key))).toList();
  }

  private static List<Object> keysOf(String token) {
    return KeySplit.keys(KeySplit.encoded(token), CODEC).stream().map(key -> key.get(0)).toList();
  }

  @Test
  void keysAreAskedForPageByPageFromEachPosition() throws Exception {
    DimSplit split = new DimSplit("0", KeySplit.token(encoded("a", "absent", "c", "d", "e")));
    List<Object> found = new ArrayList<>();
    List<Object> rests = new ArrayList<>();
    while (split != null) {
      CompletableFuture<PageReader.Page> page = reader.next(split);
      table.nextRead().succeed();
      page.join().rows().forEach(put -> found.add(put.key().get(0)));
      split = page.join().rest();
      if (split != null) {
        assertThat(split.id()).isEqualTo("0");
        rests.add(keysOf(split.token()));
      }
    }
    assertThat(found).containsExactly("a", "c", "d", "e");
    assertThat(rests).containsExactly(List.of("c", "d", "e"), List.of("e"));
  }

  @Test
  void keysOfUnreadableRowsAreReportedAndTheOthersAreAskedForAgain() throws Exception {
    CompletableFuture<PageReader.Page> page =
        reader.next(new DimSplit("0", KeySplit.token(encoded("a", "b"))));
    table
        .nextRead()
        .answer()
        .completeExceptionally(
            new StoreException(StoreException.Kind.CORRUPT, "why", List.of(Key.of("b")), null));
    FakeTable.Read again = table.nextRead();
    assertThat(again.keys()).containsExactly(Key.of("a"));
    again.succeed();
    assertThat(page.join().rows()).extracting(Put::key).containsExactly(Key.of("a"));
    assertThat(page.join().unreadable()).containsExactly(new UnreadableRow(Key.of("b"), "why"));
  }

  @Test
  void otherFailuresFailThePage() throws Exception {
    CompletableFuture<PageReader.Page> page =
        reader.next(new DimSplit("0", KeySplit.token(encoded("a", "b"))));
    StoreException denied =
        new StoreException(StoreException.Kind.DENIED, "no", List.of(Key.of("a")), null);
    table.nextRead().answer().completeExceptionally(denied);
    assertThat(page).isCompletedExceptionally();
    assertThat(page.handle((ready, failure) -> StoreException.find(failure)).join())
        .isSameAs(denied);
  }

  @Test
  void keysAreDividedEvenly() {
    List<byte[]> keys = encoded("a", "b", "c", "d", "e");
    assertThat(KeySplit.tokens(keys, 8, 2).stream().map(PageReaderTest::keysOf))
        .containsExactly(List.of("a"), List.of("b", "c"), List.of("d", "e"));
    assertThat(KeySplit.tokens(keys, 2, 2)).hasSize(2);
    assertThat(KeySplit.tokens(keys, 8, 500)).hasSize(1);
    assertThat(KeySplit.tokens(List.of(), 8, 500)).isEmpty();
    assertThat(KeySplit.isToken(KeySplit.tokens(keys, 1, 1).get(0))).isTrue();
    assertThat(KeySplit.isToken("keys/1/a store of this name")).isFalse();
  }
}
