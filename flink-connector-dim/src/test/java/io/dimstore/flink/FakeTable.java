// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A table whose reads and writes are answered one by one by the test. */
public final class FakeTable implements DimensionTable {

  /** A read that has not been answered yet. */
  public record Read(List<Key> keys, CompletableFuture<List<Put>> answer) {
    /** Answers each key with a row that contains the key's text. */
    public void succeed() {
      List<Put> rows = new ArrayList<>();
      for (Key key : keys) {
        rows.add(key.get(0).equals("absent") ? null : new Put(key, Row.of(key.get(0)), 1));
      }
      answer.complete(rows);
    }
  }

  /** A write that has not been answered yet. */
  public record Write(List<Change> changes, CompletableFuture<Void> answer) {}

  /** Called at the beginning of each read. */
  public volatile Consumer<List<Key>> beforeRead = keys -> {};

  /** Whether reads are answered before their call returns. */
  public volatile boolean answersAtOnce;

  public final BlockingQueue<Read> reads = new LinkedBlockingQueue<>();
  public final BlockingQueue<Write> writes = new LinkedBlockingQueue<>();

  /** Waits for the next read and returns it. */
  public Read nextRead() throws InterruptedException {
    Read read = reads.poll(20, TimeUnit.SECONDS);
    if (read == null) {
      throw new AssertionError("No read came");
    }
    return read;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    beforeRead.accept(keys);
    Read read = new Read(List.copyOf(keys), new CompletableFuture<>());
    if (answersAtOnce) {
      read.succeed();
      return read.answer();
    }
    reads.add(read);
    return read.answer();
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    Write write = new Write(List.copyOf(changes), new CompletableFuture<>());
    writes.add(write);
    return write.answer();
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    throw new UnsupportedOperationException();
  }
}
