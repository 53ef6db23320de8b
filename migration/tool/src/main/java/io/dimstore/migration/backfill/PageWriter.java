// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Writes the entries of a page with their own versions. A row that the target cannot hold is left
 * out and reported. Not thread-safe.
 *
 * <p>A copy may be written after a live write of the same version: a client of HBase that puts a
 * row twice within a millisecond gives both puts one version. Of equal versions the last one
 * written wins, so the older copy would replace the newer row. Therefore rows whose version is
 * young enough to be used again are read from the source once more after they were written, and are
 * written again if they have changed.
 */
final class PageWriter {

  private final DimensionTable to;
  private final StoredReader from;
  private final Calls calls;
  private final RowHash hash;
  private final long youngMillis;

  PageWriter(DimensionTable to, StoredReader from, Calls calls, RowHash hash, long youngMillis) {
    this.to = to;
    this.from = from;
    this.calls = calls;
    this.hash = hash;
    this.youngMillis = youngMillis;
  }

  /** A page that is being written. */
  record Pending(ScanPage page, long readAtMillis, CompletionStage<Void> begun) {}

  Pending begin(ScanPage page, long readAtMillis) {
    return new Pending(page, readAtMillis, calls.begin(() -> to.write(page.changes())));
  }

  /** Waits until the entries are written, or reported. */
  SplitProgress.PageResult finish(Pending pending) throws InterruptedException {
    ScanPage page = pending.page();
    List<SplitProgress.Problem> problems = new ArrayList<>();
    for (UnreadableRow row : page.unreadable()) {
      Key key = row.key();
      problems.add(new SplitProgress.Problem(key == null ? null : key.toString(), row.reason()));
    }
    List<Change> written = write(pending.begun(), page.changes(), problems);
    confirm(written, pending.readAtMillis(), problems);
    int refused = problems.size() - page.unreadable().size();
    long tombstones = 0;
    for (Change change : written) {
      tombstones += change instanceof Delete ? 1 : 0;
    }
    return new SplitProgress.PageResult(
        written.size() - tombstones, tombstones, page.unreadable().size(), refused, problems);
  }

  private List<Change> write(
      CompletionStage<Void> begun, List<Change> changes, List<SplitProgress.Problem> problems)
      throws InterruptedException {
    List<Change> left = changes;
    CompletionStage<Void> attempt = begun;
    while (true) {
      List<Change> sent = left;
      try {
        calls.await(attempt, () -> to.write(sent));
        return sent;
      } catch (StoreException e) {
        Set<Key> refused = new HashSet<>(e.keys());
        left = sent.stream().filter(change -> !refused.contains(change.key())).toList();
        if (e.kind() != StoreException.Kind.INVALID || left.size() == sent.size()) {
          throw e;
        }
        for (Key key : refused) {
          problems.add(new SplitProgress.Problem(key.toString(), String.valueOf(e.getMessage())));
        }
        List<Change> rest = left;
        attempt = calls.begin(() -> to.write(rest));
      }
    }
  }

  /** Reads young rows again until none has been replaced by another one of its version. */
  private void confirm(
      List<Change> written, long readAtMillis, List<SplitProgress.Problem> problems)
      throws InterruptedException {
    Map<Key, Change> young = new HashMap<>();
    for (Change change : written) {
      if (change.version() >= readAtMillis - youngMillis) {
        young.put(change.key(), change);
      }
    }
    while (!young.isEmpty()) {
      Map<Key, Change> replaced = new HashMap<>();
      from.read(List.copyOf(young.keySet()))
          .forEach(
              (key, held) -> {
                Change now = held.change();
                Change sent = young.get(key);
                if (now != null
                    && sent != null
                    && now.version() == sent.version()
                    && !hash.of(now).equals(hash.of(sent))) {
                  replaced.put(key, now);
                }
              });
      if (!replaced.isEmpty()) {
        List<Change> again = List.copyOf(replaced.values());
        write(calls.begin(() -> to.write(again)), again, problems);
      }
      young.clear();
      young.putAll(replaced);
    }
  }
}
