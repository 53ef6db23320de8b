// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.migration.store.Calls;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a backfill: which splits there are, how far each is copied, and by whom. It
 * consists of records in the target store, each of them replaced by compare-and-set, so that
 * processes may die at any point and others continue. Thread-safe.
 *
 * <p>{@code backfill/NAME/run} is a {@link BackfillRun}, {@code backfill/NAME/PLAN/00017} the
 * {@link SplitProgress} of split 17, both as JSON. The split records are complete before the run
 * record names their plan, so a process that dies while it plans leaves nothing but records that
 * nobody reads.
 */
public final class RangeLedger {

  /** Names the format of the records. */
  public static final String FORMAT = "dimstore-backfill/1";

  private static final int PAGE = 500;

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private final SharedRecords records;
  private final String prefix;
  private final Calls calls;

  /**
   * Creates a view of a ledger; reads nothing.
   *
   * @param records the records of the target store
   * @param name the backfill's name, usually that of the table in the target store
   */
  public RangeLedger(SharedRecords records, String name, Calls calls) {
    this.records = records;
    this.prefix = "backfill/" + encoded(name) + "/";
    this.calls = calls;
  }

  /** A split's record as it was read. */
  record Entry(long revision, SplitProgress progress) {}

  /** Returns the run, or null if none has begun. */
  public @Nullable BackfillRun run() throws InterruptedException {
    Optional<SharedRecord> found = calls.await(() -> records.read(prefix + "run"));
    return found.isEmpty() ? null : parse(found.get(), BackfillRun.class);
  }

  /** Returns the progress of all splits of a run, in their order. */
  public List<SplitProgress> progress(BackfillRun run) throws InterruptedException {
    return entries(run).stream().map(Entry::progress).toList();
  }

  /**
   * Returns the run, which this process plans if there is none.
   *
   * @param wanted what is copied; its plan and splits are ignored
   * @param restart whether to plan anew, although there is a run
   * @param splits returns the splits of the source
   * @throws StoreException INVALID if the ledger belongs to a backfill of other tables
   */
  BackfillRun begin(BackfillRun wanted, boolean restart, Planner splits)
      throws InterruptedException {
    Optional<SharedRecord> found = calls.await(() -> records.read(prefix + "run"));
    if (found.isPresent() && !restart) {
      return requireSame(parse(found.get(), BackfillRun.class), wanted);
    }
    String plan = UUID.randomUUID().toString().substring(0, 8);
    List<ScanSplit> planned = splits.plan();
    for (int i = 0; i < planned.size(); i++) {
      String name = name(plan, i);
      SplitProgress first =
          SplitProgress.planned(i, planned.get(i).token(), wanted.createdAtMillis());
      replace(name, 0, first);
    }
    BackfillRun run =
        new BackfillRun(
            FORMAT,
            plan,
            planned.size(),
            wanted.from(),
            wanted.to(),
            wanted.layout(),
            wanted.createdAtMillis(),
            wanted.mirroring());
    replace(prefix + "run", found.map(SharedRecord::revision).orElse(0L), run);
    // Another process may have been faster; its plan counts then.
    return requireSame(
        parse(calls.await(() -> records.read(prefix + "run")).orElseThrow(), BackfillRun.class),
        wanted);
  }

  /** Divides the source into splits. */
  interface Planner {
    List<ScanSplit> plan() throws InterruptedException;
  }

  /**
   * Returns the run if it copies the same.
   *
   * @throws StoreException INVALID otherwise
   */
  BackfillRun requireSame(BackfillRun run, BackfillRun wanted) {
    if (!run.copiesTheSameAs(wanted)) {
      throw StoreException.invalid(
          "The ledger of this backfill copies "
              + run.from()
              + " to "
              + run.to()
              + ", and not "
              + wanted.from()
              + " to "
              + wanted.to()
              + " with the columns given: use another name, or restart it");
    }
    return run;
  }

  /**
   * Returns the records of all splits of a run.
   *
   * @throws StoreException CORRUPT if one is missing
   */
  List<Entry> entries(BackfillRun run) throws InterruptedException {
    List<Entry> entries = new ArrayList<>(run.splits());
    String of = prefix + run.plan() + "/";
    String after = "";
    while (after != null) {
      String begin = after;
      SharedRecordPage page = calls.await(() -> records.list(of, begin, PAGE));
      for (SharedRecord record : page.records()) {
        entries.add(new Entry(record.revision(), parse(record, SplitProgress.class)));
      }
      after = page.next();
    }
    if (entries.size() != run.splits()) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "The ledger has " + entries.size() + " of " + run.splits() + " splits of " + prefix);
    }
    return entries;
  }

  /** Returns one split's record. */
  Entry entry(BackfillRun run, int split) throws InterruptedException {
    String name = name(run.plan(), split);
    SharedRecord record = calls.await(() -> records.read(name)).orElseThrow();
    return new Entry(record.revision(), parse(record, SplitProgress.class));
  }

  /**
   * Replaces a split's record.
   *
   * @return the new revision, or -1 if another worker has replaced it
   */
  long save(BackfillRun run, long revision, SplitProgress progress) throws InterruptedException {
    return replace(name(run.plan(), progress.split()), revision, progress) ? revision + 1 : -1;
  }

  /**
   * Replaces a record. A failure may hide that the record was written, so an attempt that was
   * repeated compares what is there.
   */
  private boolean replace(String name, long revision, Object content) throws InterruptedException {
    String text = text(content);
    if (calls.await(() -> records.replace(name, revision, text))) {
      return true;
    }
    return calls
        .await(() -> records.read(name))
        .filter(found -> found.revision() == revision + 1 && found.content().equals(text))
        .isPresent();
  }

  private String name(String plan, int split) {
    return prefix + plan + "/" + String.format(Locale.ROOT, "%05d", split);
  }

  /** Names of tables may have characters that names of records have not. */
  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '.'
              || b == '_'
              || b == '-';
      encoded.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    return encoded.toString();
  }

  private static String text(Object content) {
    try {
      return JSON.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T parse(SharedRecord record, Class<T> type) {
    try {
      T value = JSON.readValue(record.content(), type);
      String format = value instanceof BackfillRun run ? run.format() : null;
      if (value instanceof SplitProgress progress) {
        format = progress.format();
      }
      if (!FORMAT.equals(format)) {
        throw new StoreException(
            StoreException.Kind.INVALID,
            "Record '" + record.name() + "' has the format " + format + ", not " + FORMAT);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "Record '" + record.name() + "' cannot be read as JSON: " + e.getOriginalMessage(),
          e);
    }
  }
}
