// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Parses one line of CSV (RFC 4180). A record never spans lines, so an unclosed quote invalidates
 * its own line and not the lines that follow.
 */
final class CsvLine {

  private CsvLine() {}

  /**
   * Returns the fields, without surrounding blanks.
   *
   * @throws Refusal if the line is not CSV or has another number of fields
   */
  static List<String> split(String line, int fields) throws Refusal {
    List<String> result =
        line.indexOf('"') < 0 ? splitUnquoted(line, fields) : splitQuoted(line, fields);
    if (result.size() != fields) {
      throw new Refusal(Refusal.UNREADABLE_LINE);
    }
    return result;
  }

  private static List<String> splitUnquoted(String line, int fields) {
    List<String> result = new ArrayList<>(fields);
    int from = 0;
    for (int comma = line.indexOf(','); comma >= 0; comma = line.indexOf(',', from)) {
      result.add(line.substring(from, comma).strip());
      from = comma + 1;
    }
    result.add(line.substring(from).strip());
    return result;
  }

  private static List<String> splitQuoted(String line, int fields) throws Refusal {
    List<CSVRecord> records;
    try (var parser = CSVFormat.RFC4180.parse(new StringReader(line))) {
      records = parser.getRecords();
    } catch (IOException | UncheckedIOException e) {
      throw new Refusal(Refusal.UNREADABLE_LINE);
    }
    if (records.size() != 1) {
      throw new Refusal(Refusal.UNREADABLE_LINE);
    }
    List<String> result = new ArrayList<>(fields);
    for (String value : records.get(0)) {
      result.add(value.strip());
    }
    return result;
  }
}
