// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.RowUpdateLoop.Replacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowUpdateLoopTest {

  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("id", DataType.STRING), new Column("n", DataType.Simple.BIGINT)),
          List.of("id"));
  private static final Deadline LONG = Deadline.after(Duration.ofMinutes(5));
  private static final RowUpdates.Update INCREMENT =
      (key, stored) ->
          stored instanceof Put put
              ? row(key, (long) put.row().get(0) + 1, put.version() + 1)
              : row(key, 1, 1);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final Server server = new Server();
  private final RowUpdateLoop loop =
      new RowUpdateLoop(server, new ChangeValidator(SPEC), new RetryTimer(executor));

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  private static Put row(Key key, long n, long version) {
    return new Put(key, Row.of(n), version);
  }

  @Test
  void onlyKeysThatWereChangedMeanwhileAreReadAndComputedAgain() {
    Key calm = Key.of("calm");
    Key busy = Key.of("busy");
    server.rows.put(busy, row(busy, 10, 5));
    int[] others = {3};
    server.interfere = key -> key.equals(busy) && others[0]-- > 0;

    loop.run(List.of(calm, busy, calm), INCREMENT, LONG).join();

    assertThat(server.rows)
        .containsEntry(calm, row(calm, 1, 1))
        .containsEntry(busy, row(busy, 311, 9));
    assertThat(server.reads)
        .containsExactly(List.of(calm, busy), List.of(busy), List.of(busy), List.of(busy));
  }

  @Test
  void keyThatOthersAlwaysChangeFailsAtTheDeadlineAndIsNamed() {
    server.interfere = key -> true;

    assertThatThrownBy(
            () ->
                loop.run(List.of(Key.of("busy")), INCREMENT, Deadline.after(Duration.ofMillis(50)))
                    .join())
        .cause()
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
        .hasMessageContaining("busy");
  }

  @Test
  void keysWithoutResultAreNotReplaced() {
    loop.run(List.of(Key.of("a"), Key.of("b")), (key, stored) -> null, LONG).join();

    assertThat(server.reads).hasSize(1);
    assertThat(server.replacements).isZero();
  }

  @Test
  void failureOfTheFunctionFailsTheCall() {
    assertThatThrownBy(
            () ->
                loop.run(
                        List.of(Key.of("a")),
                        (key, stored) -> {
                          throw new IllegalStateException("defect");
                        },
                        LONG)
                    .join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("defect");
  }

  @Test
  void keyOfAnotherTypeIsRefusedBeforeAnythingIsRead() {
    assertThatThrownBy(() -> loop.run(List.of(Key.of(1L)), INCREMENT, LONG))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.INVALID);
              assertThat(e.keys()).containsExactly(Key.of(1L));
            });
    assertThat(server.reads).isEmpty();
  }

  /** Rows on condition of their version, with another writer that adds 100 to some of them. */
  private static final class Server implements RowUpdateLoop.Rows {
    final Map<Key, Change> rows = new HashMap<>();
    final List<List<Key>> reads = new ArrayList<>();
    Predicate<Key> interfere = key -> false;
    int replacements;

    @Override
    public synchronized CompletionStage<List<Change>> read(List<Key> keys, Deadline deadline) {
      reads.add(keys);
      List<Change> found = new ArrayList<>();
      keys.forEach(key -> found.add(rows.get(key)));
      for (Key key : keys) {
        if (interfere.test(key)) {
          rows.merge(
              key,
              row(key, 100, 1),
              (old, added) -> row(key, (long) ((Put) old).row().get(0) + 100, old.version() + 1));
        }
      }
      return CompletableFuture.completedFuture(found);
    }

    @Override
    public synchronized CompletionStage<Set<Key>> replace(
        List<Replacement> replaced, Deadline deadline) {
      Set<Key> changed = new LinkedHashSet<>();
      for (Replacement each : replaced) {
        replacements++;
        Change now = rows.get(each.change().key());
        boolean same =
            now == null
                ? each.stored() == null
                : each.stored() != null && now.version() == each.stored().version();
        if (same) {
          rows.put(each.change().key(), each.change());
        } else {
          changed.add(each.change().key());
        }
      }
      return CompletableFuture.completedFuture(changed);
    }
  }
}
