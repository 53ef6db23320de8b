// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R2: a key is reported as absent only if the store knows that it is absent. */
public abstract class CompletenessRules {

  private static final int LARGE_ROWS = 100;

  private final Kit kit;

  public CompletenessRules(Kit kit) {
    this.kit = kit;
  }

  /** The batch exceeds one response, so a server may return it only in parts. */
  @Test
  void r2aRowsTooLargeForOneResponseAreAllFound() {
    Rows rows = kit.rows("large");
    String large = "x".repeat(kit.harness().largeBatchBytes() / LARGE_ROWS);
    List<Put> puts =
        IntStream.range(0, LARGE_ROWS)
            .mapToObj(i -> new Put(rows.key(i), Row.of("v" + i, (long) i, large), i))
            .toList();
    for (int i = 0; i < puts.size(); i += 10) {
      rows.write(puts.subList(i, i + 10));
    }
    List<@Nullable Put> found = rows.getAll(puts.stream().map(Put::key).toList());
    for (int i = 0; i < puts.size(); i++) {
      Put row = found.get(i);
      assertThat(row).as("row %d of %d", i, puts.size()).isNotNull();
      assertThat(row.equals(puts.get(i))).as("row %d is equal", i).isTrue();
    }
  }

  @Test
  void r2bUnprocessedKeysAreRequestedAgain() {
    Rows rows = kit.rows();
    List<Put> puts = puts(rows, 60);
    rows.write(puts);
    List<Key> asked = new ArrayList<>();
    List<@Nullable Put> expected = new ArrayList<>();
    for (Put put : puts) {
      asked.add(put.key());
      expected.add(put);
      if (asked.size() % 5 == 0) {
        asked.add(rows.key("never" + asked.size()));
        expected.add(null);
      }
    }
    asked.add(puts.get(0).key());
    expected.add(puts.get(0));
    kit.provoked(
        Provocation.PARTIAL_ANSWERS,
        rows,
        Map.of(),
        (partial, end) -> {
          for (int size : new int[] {2, 7, asked.size()}) {
            assertThat(partial.getAll(asked.subList(0, size)))
                .as("%d keys", size)
                .isEqualTo(expected.subList(0, size));
          }
        });
  }

  @Test
  void r2cKeysThatAreNeverProcessedFailTheCall() {
    Rows rows = kit.rows();
    List<Put> puts = puts(rows, 5);
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    kit.provoked(
        Provocation.NOTHING_PROCESSED,
        rows,
        kit.hurried(),
        (unprocessed, end) -> {
          kit.answers().assertMayBeRetried(() -> unprocessed.table().get(keys, unprocessed.all()));
          end.run();
          assertThat(kit.answers().retried(() -> unprocessed.table().get(keys, unprocessed.all())))
              .isEqualTo(puts);
        });
  }

  @Test
  void r2dOneKeyThatIsNeverProcessedFailsTheCall() {
    Rows rows = kit.rows();
    List<Put> puts = puts(rows, 5);
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    kit.provoked(
        Provocation.ONE_UNPROCESSED,
        rows,
        kit.hurried(),
        (unprocessed, end) -> {
          kit.answers().assertMayBeRetried(() -> unprocessed.table().get(keys, unprocessed.all()));
          end.run();
          assertThat(kit.answers().retried(() -> unprocessed.table().get(keys, unprocessed.all())))
              .isEqualTo(puts);
        });
  }

  private static List<Put> puts(Rows rows, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Rows.put(rows.key("u" + i), "v" + i, i))
        .toList();
  }

  @Test
  void r2cGetThatMissesItsDeadlineFails() {
    Rows rows = kit.rows();
    List<Put> puts =
        IntStream.range(0, 500).mapToObj(i -> Rows.put(rows.key("d" + i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    Rows hurried = rows.through(kit.open(Map.of("deadline", "1 ms")));
    List<CompletionStage<List<@Nullable Put>>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(hurried.table().get(keys, hurried.all()));
    }
    for (CompletionStage<List<@Nullable Put>> call : calls) {
      try {
        assertThat(kit.answers().await(call))
            .as("a get that succeeds has all rows")
            .isEqualTo(puts);
      } catch (StoreException e) {
        assertThat(e.kind().isRetryable()).as("may be retried: %s", e).isTrue();
      }
    }
  }
}
