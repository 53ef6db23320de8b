// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.forecast.ForecastMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rates in the playbook at which both paths cost the same, by the prices of the forecast. */
class PlaybookBreakEvenTest {

  private static final String PRICES = "/io/dimstore/forecast/prices-us-east-1-2024-11.properties";

  private record Cluster(Map<String, Integer> nodes, int diskGb, int dataGb) {}

  private static final List<Cluster> CLUSTERS =
      List.of(
          new Cluster(Map.of("m5.xlarge", 6, "elasticache.r6g.large", 2), 1_500, 50),
          new Cluster(
              Map.of("m5.xlarge", 3, "r5.2xlarge", 6, "elasticache.r6g.xlarge", 2), 6_000, 300),
          new Cluster(
              Map.of("m5.xlarge", 3, "r5.2xlarge", 20, "elasticache.r6g.xlarge", 6),
              40_000,
              3_000));

  private final Properties prices = new Properties();

  PlaybookBreakEvenTest() throws IOException {
    try (InputStream in = ForecastMain.class.getResourceAsStream(PRICES)) {
      prices.load(in);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"migration-playbook.md", "migration-playbook.zh.md"})
  void ratesFollowFromThePrices(String page) throws IOException {
    String text = Files.readString(Path.of(System.getProperty("dimstore.home"), "docs", page));
    List<String> expected = new ArrayList<>();
    for (Cluster cluster : CLUSTERS) {
      double month = month(cluster);
      assertThat(text).contains(String.format(Locale.ROOT, "%,.0f |", month));
      for (double writes : new double[] {1 / 20.0, 1 / 2.0}) {
        double left = month - cluster.dataGb * price("dynamodb.storage-gb-month");
        expected.add(rounded(left / onDemand(writes)) + " " + rounded(left / provisioned(writes)));
      }
    }
    assertThat(
            text.lines()
                .filter(line -> line.matches(".*\\| 1 : 20? \\|.*"))
                .map(line -> line.replaceFirst(".*\\| 1 : 20? \\|", ""))
                .map(line -> line.replaceAll("[^\\d,]+", " ").strip()))
        .containsExactlyElementsOf(expected);
  }

  private double month(Cluster cluster) {
    double hour = 0;
    for (Map.Entry<String, Integer> node : cluster.nodes.entrySet()) {
      String name = node.getKey();
      double each =
          name.startsWith("elasticache.")
              ? price("hour." + name)
              : price("hour.ec2." + name) + price("hour.emr." + name);
      hour += node.getValue() * each;
    }
    return hour * price("hours-per-month") + cluster.diskGb * price("month.ebs.gp3-gb");
  }

  /** The cost of a month of one lookup a second, eventually consistent, and its share of writes. */
  private double onDemand(double writes) {
    double millions = price("hours-per-month") * 3_600 / 1e6;
    return millions
        * (0.5 * price("dynamodb.million-read-units")
            + writes * price("dynamodb.million-write-units"));
  }

  private double provisioned(double writes) {
    return price("hours-per-month")
        / price("dynamodb.provisioned-utilization")
        * (0.5 * price("dynamodb.read-unit-hour") + writes * price("dynamodb.write-unit-hour"));
  }

  private double price(String name) {
    return Double.parseDouble(prices.getProperty(name));
  }

  private static String rounded(double rate) {
    return String.format(Locale.ROOT, "%,d", Math.round(rate / 100) * 100);
  }
}
