// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.cli.Usage;
import io.dimstore.forecast.Forecast;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.phase.MigrationRecords;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The forecast that the cost of a migration is judged against: the JSON of {@code bin/dimstore
 * forecast}. The plan stores it in the shared record {@code migration/TABLE/forecast}.
 *
 * @param forecast the forecast
 * @param sha256 the hash of its canonical JSON
 */
record StoredForecast(Forecast forecast, String sha256) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Reads a forecast from a file.
   *
   * @throws io.dimstore.cli.UsageException if it cannot be read, or lacks what a comparison needs
   */
  static StoredForecast read(Path file) {
    try {
      StoredForecast found = parse(Files.readString(file));
      if (!(found.forecast.lookupsPerSecond() > 0)) {
        throw Usage.badValue(
            "--forecast", file, "must be made with --lookups-per-second, or it has no reads");
      }
      return found;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw Usage.badValue(
          "--forecast", file, "must be a file that 'bin/dimstore forecast --json' has written");
    } catch (IOException e) {
      throw Usage.badValue("--forecast", file, "cannot be read (" + e + ")");
    }
  }

  /** Reads the forecast of the plan; empty if the plan has none. */
  static Optional<StoredForecast> ofPlan(SharedRecords records, String table)
      throws InterruptedException {
    Optional<SharedRecord> record = StoreCalls.await(records.read(name(table)));
    if (record.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(record.get().content()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Record " + name(table) + " cannot be read", e);
    }
  }

  /** Stores this forecast as that of the plan. */
  void store(SharedRecords records, String table) throws InterruptedException {
    String content = StateJson.canonical(MAPPER.valueToTree(forecast));
    long revision =
        StoreCalls.await(records.read(name(table))).map(SharedRecord::revision).orElse(0L);
    if (!StoreCalls.await(records.replace(name(table), revision, content))) {
      throw new IllegalStateException("Another process plans the migration at the same time");
    }
  }

  private static StoredForecast parse(String json) throws JsonProcessingException {
    Forecast forecast = MAPPER.readValue(json, Forecast.class);
    if (forecast == null || forecast.monthly() == null || forecast.prices() == null) {
      throw new IllegalArgumentException("Not a forecast");
    }
    return new StoredForecast(
        forecast, StateJson.sha256(StateJson.canonical(MAPPER.valueToTree(forecast))));
  }

  private static String name(String table) {
    return MigrationRecords.prefix(table) + "forecast";
  }
}
