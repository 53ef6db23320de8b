// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Difference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a check, to be written as a JSON file.
 *
 * @param repair whether the check was asked to heal differences
 * @param tables the result of each table
 */
record CheckReport(boolean repair, List<Table> tables) {

  /** One table. */
  record Table(
      String store, String name, CheckResult result, Backlog backlog, Map<String, Long> gauges) {}

  long left() {
    return tables.stream().mapToLong(table -> table.result().left()).sum();
  }

  void write(Path file) {
    try (OutputStream out = Files.newOutputStream(file);
        JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeBooleanField("repair", repair);
      json.writeNumberField("left", left());
      json.writeArrayFieldStart("tables");
      for (Table table : tables) {
        write(json, table);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new WriterException(
          "--json "
              + file
              + ": cannot be written ("
              + e
              + "); give a file in a folder that you may"
              + " write to.",
          e);
    }
  }

  private static void write(JsonGenerator json, Table table) throws IOException {
    CheckResult result = table.result();
    json.writeStartObject();
    json.writeStringField("store", table.store());
    json.writeStringField("table", table.name());
    json.writeNumberField("examined", result.examined());
    json.writeNumberField("inStep", result.inStep());
    json.writeNumberField("notCopied", result.notCopied());
    json.writeNumberField("changedMeanwhile", result.changed());
    json.writeObjectFieldStart("differences");
    for (Difference.Kind kind : Difference.Kind.values()) {
      json.writeNumberField(CheckResult.name(kind), result.found(kind));
    }
    json.writeEndObject();
    json.writeNumberField("healed", result.healed());
    json.writeNumberField("left", result.left());
    json.writeObjectFieldStart("backlog");
    json.writeNumberField("keys", table.backlog().keys());
    json.writeBooleanField("more", table.backlog().more());
    json.writeNumberField("oldestMillis", table.backlog().oldestAge().toMillis());
    json.writeEndObject();
    json.writeObjectFieldStart("gauges");
    for (Map.Entry<String, Long> gauge : new TreeMap<>(table.gauges()).entrySet()) {
      json.writeNumberField(gauge.getKey(), gauge.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("examples");
    for (Difference one : result.examples()) {
      json.writeStartObject();
      json.writeStringField("key", one.key().toString());
      json.writeStringField("kind", CheckResult.name(one.kind()));
      json.writeBooleanField("healed", one.healed());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
