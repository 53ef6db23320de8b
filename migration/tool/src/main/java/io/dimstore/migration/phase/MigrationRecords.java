// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shared records of one table's migration: {@code migration/TABLE/state}, and {@code
 * migration/TABLE/log/N} for each entry of the log. Thread-safe.
 */
public final class MigrationRecords {

  private static final int PAGE = 100;

  private final SharedRecords records;
  private final String table;

  MigrationRecords(SharedRecords records, String table) {
    this.records = records;
    this.table = table;
  }

  /**
   * A state with the revision of its record.
   *
   * @param revision what {@link #replace} has to expect
   * @param state the state
   */
  record Versioned(long revision, MigrationState state) {}

  /** Reads the state; empty if there is no migration of the table. */
  Optional<Versioned> read() throws InterruptedException {
    Optional<SharedRecord> found = StoreCalls.await(records.read(stateName()));
    return found.map(
        record ->
            new Versioned(
                record.revision(),
                StateJson.parse(record.name(), record.content(), MigrationState.class)));
  }

  /** Stores a state if the record has the expected revision, 0 for none. */
  boolean replace(long expectedRevision, MigrationState state) throws InterruptedException {
    return StoreCalls.await(
        records.replace(stateName(), expectedRevision, StateJson.format(state)));
  }

  /**
   * Adds an entry to the log. If there is already an entry of this number, it is kept, and the next
   * free number is used: its writer was interrupted before it stored the state.
   *
   * @return the number of the entry
   */
  long append(LogEntry entry) throws InterruptedException {
    LogEntry next = entry;
    while (!StoreCalls.await(records.replace(logName(next.number()), 0, StateJson.format(next)))) {
      next =
          new LogEntry(
              next.number() + 1,
              next.at(),
              next.transition(),
              next.by(),
              next.before(),
              next.after(),
              next.succeeded(),
              next.text(),
              next.forced());
    }
    return next.number();
  }

  /** Reads the whole log, in order. */
  List<LogEntry> log() throws InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    String after = "";
    do {
      SharedRecordPage page = StoreCalls.await(records.list(prefix() + "log/", after, PAGE));
      for (SharedRecord record : page.records()) {
        entries.add(StateJson.parse(record.name(), record.content(), LogEntry.class));
      }
      after = page.next();
    } while (after != null);
    return entries;
  }

  private String prefix() {
    return prefix(table);
  }

  /** Returns how the names of the records of a table's migration begin. */
  public static String prefix(String table) {
    return "migration/" + URLEncoder.encode(table, StandardCharsets.UTF_8) + "/";
  }

  private String stateName() {
    return prefix() + "state";
  }

  private String logName(long number) {
    // Names are listed in the order of their characters.
    return prefix() + "log/" + String.format("%09d", number);
  }
}
