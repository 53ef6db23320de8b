// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RecordChecks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Keeps shared records as the rows of one HBase table: the row key is the name, and the cells'
 * timestamp is the revision, so that the clocks of region servers do not matter. Thread-safe.
 *
 * <p>HBase's client repeats a request whose answer is lost, and then reports that the condition is
 * not met. So a replacement leaves a nonce of its call in the row, in a column that the next
 * {@value #NONCES} replacements do not overwrite; the nonce tells whether this call has replaced
 * the record.
 */
public final class ControlTable implements SharedRecords {

  /** The family of all cells. */
  static final byte[] FAMILY = {'c'};

  private static final int NONCES = 16;
  private static final byte[] REVISION = {'r'};
  private static final byte[] CONTENT = {'t'};

  private final HBaseClient client;
  private final Meter meter;
  private final TableAdmin admin;
  private final Admission admission;
  private final TableName table;

  public ControlTable(
      HBaseClient client, Meter meter, TableAdmin admin, Admission admission, TableName table) {
    this.client = client;
    this.meter = meter;
    this.admin = admin;
    this.admission = admission;
    this.table = table;
  }

  @Override
  public CompletionStage<Optional<SharedRecord>> read(String name) {
    return admission.admit(
        1,
        deadline -> {
          RecordChecks.requireName(name);
          return get(name).thenApply(row -> Optional.ofNullable(recordOf(row)));
        });
  }

  /** Reads a row; it is empty if there is none or no table. */
  private CompletableFuture<Result> get(String name) {
    return call(rows -> rows.get(new Get(bytes(name)).addFamily(FAMILY)))
        .exceptionallyCompose(failure -> unlessMissing(failure, Result.EMPTY_RESULT));
  }

  @Override
  public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
    return admission.admit(
        1,
        deadline -> {
          RecordChecks.requireReplace(name, expectedRevision, content);
          // The condition alone cannot tell a record that was replaced often before this call from
          // one that was replaced often since the first attempt.
          return get(name)
              .thenCompose(
                  row ->
                      revisionOf(row) == expectedRevision
                          ? replace(name, expectedRevision, content, deadline)
                          : CompletableFuture.completedFuture(false));
        });
  }

  private CompletableFuture<Boolean> replace(
      String name, long expected, String content, Deadline deadline) {
    byte[] nonce = Bytes.toBytes(expected + 1 + ":" + UUID.randomUUID());
    CheckAndMutate step = step(name, expected, content, nonce);
    return call(rows -> rows.checkAndMutate(step))
        .exceptionallyCompose(
            failure ->
                expected == 0 && isMissing(failure)
                    ? admin
                        .createControl(table, FAMILY, deadline)
                        .thenCompose(created -> call(rows -> rows.checkAndMutate(step)))
                    : CompletableFuture.failedFuture(failure))
        .thenApply(CheckAndMutateResult::isSuccess)
        .thenCompose(
            done ->
                done
                    ? CompletableFuture.completedFuture(true)
                    : get(name).thenApply(row -> isBehind(row, name, expected, nonce)));
  }

  private static CheckAndMutate step(String name, long expected, String content, byte[] nonce) {
    byte[] row = bytes(name);
    long next = expected + 1;
    Put put =
        new Put(row, next)
            .addColumn(FAMILY, REVISION, Bytes.toBytes(next))
            .addColumn(FAMILY, CONTENT, bytes(content))
            .addColumn(FAMILY, slot(next), nonce);
    CheckAndMutate.Builder check = CheckAndMutate.newBuilder(row);
    return (expected == 0
            ? check.ifNotExists(FAMILY, REVISION)
            : check.ifEquals(FAMILY, REVISION, Bytes.toBytes(expected)))
        .build(put);
  }

  /** Returns whether an attempt of this call has replaced the record. */
  private static boolean isBehind(Result row, String name, long expected, byte[] nonce) {
    byte[] found = row.getValue(FAMILY, slot(expected + 1));
    if (found != null && Bytes.equals(found, nonce)) {
      return true;
    }
    if (revisionOf(row) > expected + NONCES) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          "Shared record '"
              + name
              + "' was replaced so often meanwhile that the outcome is unknown");
    }
    return false;
  }

  @Override
  public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
    return admission.admit(
        1,
        deadline -> {
          RecordChecks.requireList(prefix, after, maxRecords);
          boolean first = after.compareTo(prefix) < 0;
          Scan scan =
              new Scan()
                  .addFamily(FAMILY)
                  .setStartStopRowForPrefixScan(bytes(prefix))
                  .withStartRow(bytes(first ? prefix : after), first)
                  .setLimit(maxRecords + 1);
          return call(rows -> rows.scanAll(scan))
              .exceptionallyCompose(failure -> unlessMissing(failure, List.of()))
              .thenApply(rows -> page(rows, maxRecords));
        });
  }

  private static SharedRecordPage page(List<Result> rows, int maxRecords) {
    List<SharedRecord> records =
        rows.stream()
            .limit(maxRecords)
            .flatMap(row -> Optional.ofNullable(recordOf(row)).stream())
            .toList();
    boolean more = rows.size() > maxRecords;
    return new SharedRecordPage(
        records, more ? Bytes.toString(rows.get(maxRecords - 1).getRow()) : null);
  }

  private <T> CompletableFuture<T> call(
      Function<AsyncTable<AdvancedScanResultConsumer>, CompletableFuture<T>> request) {
    return client
        .table(table)
        .thenCompose(rows -> meter.hbase(Operation.ADMIN, 1, done -> 0, () -> request.apply(rows)));
  }

  private static byte[] slot(long revision) {
    return Bytes.toBytes("n" + revision % NONCES);
  }

  private static long revisionOf(Result row) {
    byte[] revision = row.getValue(FAMILY, REVISION);
    return revision == null ? 0 : Bytes.toLong(revision);
  }

  private static @Nullable SharedRecord recordOf(Result row) {
    byte[] content = row.getValue(FAMILY, CONTENT);
    return content == null
        ? null
        : new SharedRecord(
            Bytes.toString(row.getRow()),
            revisionOf(row),
            new String(content, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isMissing(Throwable failure) {
    return Failures.of("HBase", failure).kind() == Kind.NO_TABLE;
  }

  private static <T> CompletableFuture<T> unlessMissing(Throwable failure, T instead) {
    return isMissing(failure)
        ? CompletableFuture.completedFuture(instead)
        : CompletableFuture.failedFuture(failure);
  }
}
