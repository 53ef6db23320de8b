// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.UnchangedRows;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Row;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;

/** A fake table answers as region servers do, in combinations that these seldom send. */
class ReplacedRowsTest {

  private static final TableSpec SPEC = Users.spec("users");

  private final Layout layout = new Layout(SPEC);
  private final ChangeEncoder encoder =
      new ChangeEncoder(SPEC, layout, new EntryCodec(layout), true);

  /** What the table answers to the next conditional mutation of a row; it applies others. */
  private final Map<String, Object> answers = new HashMap<>();

  /** The state cells that the table has. */
  private final Map<String, Cell> states = new HashMap<>();

  private final List<List<String>> sent = new ArrayList<>();
  private final List<String> marked = new ArrayList<>();

  private ReplacedRows step(Deadline deadline) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "checkAndMutate" -> mutate((List<?>) arguments[0]);
              case "getAll" -> CompletableFuture.completedFuture(get((List<?>) arguments[0]));
              case "batch" -> mark((List<?>) arguments[0]);
              default -> throw new UnsupportedOperationException(method.getName());
            };
    @SuppressWarnings("unchecked")
    AsyncTable<AdvancedScanResultConsumer> table =
        (AsyncTable<AdvancedScanResultConsumer>)
            Proxy.newProxyInstance(
                ReplacedRowsTest.class.getClassLoader(),
                new Class<?>[] {AsyncTable.class},
                handler);
    HBaseRows hbaseRows =
        new HBaseRows(
            name -> CompletableFuture.completedFuture(table), new Meter(StoreMetrics.NONE), layout);
    return new ReplacedRows(layout, hbaseRows, new UnchangedRows(layout), Map.of(), deadline);
  }

  private static String name(Object row) {
    return Bytes.toString(((Row) row).getRow());
  }

  private List<CompletableFuture<CheckAndMutateResult>> mutate(List<?> steps) {
    sent.add(steps.stream().map(ReplacedRowsTest::name).toList());
    return steps.stream()
        .map(
            step ->
                answers.getOrDefault(name(step), true) instanceof Boolean applied
                    ? CompletableFuture.completedFuture(new CheckAndMutateResult(applied, null))
                    : CompletableFuture.<CheckAndMutateResult>failedFuture(
                        (Throwable) answers.get(name(step))))
        .toList();
  }

  private List<Result> get(List<?> gets) {
    return gets.stream()
        .map(get -> states.get(Bytes.toString(((Get) get).getRow())))
        .map(state -> state == null ? Result.EMPTY_RESULT : Result.create(List.of(state)))
        .toList();
  }

  private List<CompletableFuture<?>> mark(List<?> deletes) {
    deletes.forEach(delete -> marked.add(name(delete)));
    return List.of(CompletableFuture.completedFuture(null));
  }

  private List<EncodedChange> rows(Change... changes) {
    return encoder.prepare(List.of(changes), 1);
  }

  private static Delete delete(String id) {
    return new Delete(Key.of(id), 5);
  }

  private Cell state(EncodedChange row) {
    return row.state().get(layout.stateFamily(), StateCell.QUALIFIER).get(0);
  }

  private static Deadline later() {
    return Deadline.after(Duration.ofHours(1));
  }

  private static StoreException failure(CompletableFuture<?> future) {
    return StoreException.find(future.handle((done, failure) -> failure).join());
  }

  @Test
  void onlyAppliedDeletesAreFollowedByMarkers() {
    List<EncodedChange> rows = rows(delete("applied"), delete("changed"), delete("own"));
    answers.put("changed", false);
    answers.put("own", false);
    // A delete by another writer, of the same version and at the same time.
    states.put("changed", state(rows(delete("changed")).get(0)));
    states.put("own", state(rows.get(2)));
    ReplacedRows step = step(later());
    assertThat(step.apply(rows).join().writtenOf(rows)).isEqualTo(rows);
    assertThat(step.applied(rows)).containsExactly(rows.get(0), rows.get(2));
    assertThat(step.changed()).containsExactly(Key.of("changed"));
    assertThat(marked).containsExactly("applied", "own");
  }

  @Test
  void rowWithoutStateAfterwardsCountsAsChanged() {
    List<EncodedChange> rows = rows(Users.user("purged", "NL", 1, 5));
    answers.put("purged", false);
    ReplacedRows step = step(later());
    step.apply(rows).join();
    assertThat(step.applied(rows)).isEmpty();
    assertThat(step.changed()).containsExactly(Key.of("purged"));
  }

  @Test
  void oneUnknownOutcomeFailsTheBatch() {
    List<EncodedChange> rows =
        rows(Users.user("a", "NL", 1, 5), Users.user("b", "NL", 1, 5), delete("c"));
    answers.put("a", new IllegalArgumentException("KeyValue size too large"));
    answers.put("b", new RegionTooBusyException("Over memstore limit"));
    ReplacedRows step = step(later());
    assertThat(failure(step.apply(rows)).kind()).isEqualTo(Kind.THROTTLED);
    assertThat(sent).hasSize(1);
  }

  @Test
  void onlyRowsWithoutAnAnswerAreSentAgain() {
    List<EncodedChange> rows =
        rows(Users.user("a", "NL", 1, 5), Users.user("big", "NL", 1, 5), delete("c"));
    answers.put("big", new IllegalArgumentException("KeyValue size too large"));
    ReplacedRows step = step(later());
    OversizedRows oversized = step.apply(rows).join();
    assertThat(oversized.rows()).containsExactly(rows.get(1));
    assertThat(step.applied(oversized.writtenOf(rows))).containsExactly(rows.get(0), rows.get(2));
    assertThat(sent).containsExactly(List.of("a", "big", "c"), List.of("big"));
    assertThat(marked).containsExactly("c");
  }

  @Test
  void nothingIsSentAfterTheDeadline() {
    ReplacedRows step = step(Deadline.after(Duration.ZERO));
    assertThat(failure(step.apply(rows(delete("a")))).kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(sent).isEmpty();
  }
}
