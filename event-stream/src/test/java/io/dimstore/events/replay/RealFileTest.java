// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.events.Inputs;
import io.dimstore.events.input.InputReport;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.UserChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads the whole published file. The counts must add up and agree with a second, naive count. */
class RealFileTest {

  private static final Path FILE =
      Path.of(System.getProperty("dimstore.home"), "../shared/data/online-retail.csv.gz");

  private static Inputs inputs;
  private static NaiveCount naive;

  @BeforeAll
  static void readTwice() throws IOException {
    inputs = Inputs.readAll(FileInput.of(FILE, ReplayFormat.ONLINE_RETAIL, FileInput.ALL));
    naive = NaiveCount.of(FILE);
  }

  @Test
  void everyLineIsAnEventOrRefused() {
    InputReport report = inputs.report();

    assertThat(report.linesRead()).isEqualTo(541_909).isEqualTo(naive.lines);
    assertThat(report.refused()).isEqualTo(Map.of("unit-price-not-positive", 2_517L));
    assertThat(report.events()).isEqualTo(539_392).isEqualTo(naive.events);
    assertThat(report.linesRead()).isEqualTo(report.events() + report.refusedTotal());
    assertThat(inputs.refused()).hasSize(2_517);
  }

  @Test
  void theCountsOfTheFileAreTheDocumentedOnes() {
    assertThat(naive.allItems).hasSize(4_070);
    assertThat(naive.allUsers).hasSize(4_372);
    assertThat(naive.allItemChanges).isEqualTo(195_224);
    assertThat(naive.allUserChanges).isEqualTo(4_388);
  }

  @Test
  void dimensionsChangeOnlyWithAcceptedLines() {
    assertThat(inputs.report().userChanges()).isEqualTo(4_387).isEqualTo(naive.userChanges);
    assertThat(inputs.report().itemChanges()).isEqualTo(191_842).isEqualTo(naive.itemChanges);
    assertThat(inputs.itemChanges().stream().map(ItemChange::itemId).distinct()).hasSize(3_938);
    assertThat(inputs.userChanges().stream().map(UserChange::userId).distinct()).hasSize(4_371);
  }

  @Test
  void returnsAndAmountsEqualASecondCount() {
    long returns = inputs.events().stream().filter(e -> e.type() == EventType.RETURN).count();
    long pence = inputs.events().stream().mapToLong(Event::amount).sum();

    assertThat(returns).isEqualTo(naive.returns).isEqualTo(9_288);
    assertThat(pence).isEqualTo(naive.pence);
  }

  @Test
  void theBytesAreTheSameInEveryVersion() {
    assertThat(inputs.report().sha256())
        .isEqualTo("d6024ac630cec910da61036be279b4a31ac3830754c4b85ea2cc56241014edc5");
  }

  /** Counts the lines of the file without using the code under test. */
  private static final class NaiveCount {
    long lines;
    long events;
    long returns;
    long pence;
    long userChanges;
    long itemChanges;
    long allUserChanges;
    long allItemChanges;
    final Set<String> allItems = new HashSet<>();
    final Set<String> allUsers = new HashSet<>();

    static NaiveCount of(Path file) throws IOException {
      NaiveCount count = new NaiveCount();
      Map<String, String> countries = new HashMap<>();
      Map<String, String> titles = new HashMap<>();
      Map<String, String> allCountries = new HashMap<>();
      Map<String, String> allTitles = new HashMap<>();
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
        reader.readLine();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          List<String> fields = split(line);
          String item = fields.get(1);
          String title = fields.get(2).strip() + "|" + Double.parseDouble(fields.get(5));
          String user = fields.get(6);
          count.lines++;
          count.allItems.add(item);
          count.allItemChanges += title.equals(allTitles.put(item, title)) ? 0 : 1;
          if (!user.isEmpty()) {
            count.allUsers.add(user);
            count.allUserChanges +=
                fields.get(7).equals(allCountries.put(user, fields.get(7))) ? 0 : 1;
          }
          if (Double.parseDouble(fields.get(5)) <= 0) {
            continue;
          }
          count.events++;
          count.itemChanges += title.equals(titles.put(item, title)) ? 0 : 1;
          if (!user.isEmpty()) {
            count.userChanges += fields.get(7).equals(countries.put(user, fields.get(7))) ? 0 : 1;
          }
          int quantity = Integer.parseInt(fields.get(3));
          count.returns += fields.get(0).charAt(0) == 'C' || quantity < 0 ? 1 : 0;
          count.pence += Math.round(Math.abs(quantity) * Double.parseDouble(fields.get(5)) * 100);
        }
      }
      return count;
    }

    private static List<String> split(String line) {
      List<String> fields = new ArrayList<>();
      StringBuilder field = new StringBuilder();
      boolean quoted = false;
      for (char c : (line + ",").toCharArray()) {
        if (c == '"') {
          quoted = !quoted;
        } else if (c == ',' && !quoted) {
          fields.add(field.toString());
          field.setLength(0);
        } else {
          field.append(c);
        }
      }
      return fields;
    }
  }
}
