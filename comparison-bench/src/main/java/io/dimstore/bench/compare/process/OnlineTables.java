// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the online feature tables with the SPI, independently of the job that wrote them. */
public final class OnlineTables {

  public static final String RISK = "online_risk";
  public static final String MARKETING = "online_marketing";

  private static final Map<String, DataType> TYPES =
      Map.ofEntries(
          Map.entry("user_id", DataType.STRING),
          Map.entry("event_id", DataType.STRING),
          Map.entry("event_time", new DataType.TimestampLtz(3)),
          Map.entry("country", DataType.STRING),
          Map.entry("decision", DataType.STRING),
          Map.entry("tier", DataType.STRING),
          Map.entry("offer", DataType.STRING),
          Map.entry("risk_score", DataType.Simple.INT),
          Map.entry("rfm_score", DataType.Simple.INT));

  private OnlineTables() {}

  /** Writes each of the two tables to a file with one JSON object per line. */
  static void dump(DimensionStore store, Path work, String arm) throws IOException {
    dump(store, spec(RISK, FeatureOracle.ONLINE_RISK), file(work, arm, RISK));
    dump(store, spec(MARKETING, FeatureOracle.ONLINE_MARKETING), file(work, arm, MARKETING));
  }

  /** Returns the file to which an arm dumps a table, as one JSON object per line. */
  public static Path file(Path work, String arm, String table) {
    return work.resolve(arm + "." + table + ".jsonl");
  }

  private static TableSpec spec(String table, List<String> columns) {
    return new TableSpec(
        table,
        columns.stream()
            .map(name -> new Column(name, TYPES.getOrDefault(name, DataType.Simple.BIGINT)))
            .toList(),
        List.of("user_id"));
  }

  private static void dump(DimensionStore store, TableSpec spec, Path file) throws IOException {
    DimensionTable table = store.table(spec);
    List<Column> values = spec.values();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (ScanSplit split :
          table.splits(1, ScanOptions.rows(spec.all())).toCompletableFuture().join()) {
        @Nullable ScanSplit at = split;
        while (at != null) {
          ScanPage page = table.scan(at, 1_000).toCompletableFuture().join().requireReadable();
          for (Change change : page.changes()) {
            if (change instanceof Put put) {
              out.write(json(put, values));
              out.newLine();
            }
          }
          at = page.remaining();
        }
      }
    }
  }

  private static String json(Put put, List<Column> values) {
    java.io.StringWriter text = new java.io.StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("user_id", (String) put.key().get(0));
      for (int i = 0; i < values.size(); i++) {
        json.writeFieldName(values.get(i).name());
        Object value = put.row().get(i);
        if (value == null) {
          json.writeNull();
        } else if (value instanceof Number number) {
          json.writeNumber(number.longValue());
        } else {
          json.writeString(value.toString());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
