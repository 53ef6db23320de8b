// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics in an answer of Flink's PrometheusReporter. */
final class Scrape {

  private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{(.*)\\} (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern SELECTOR = Pattern.compile("(flink_\\w+)(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** The names of the labels of each metric. */
  private final Map<String, Set<String>> labels = new TreeMap<>();

  private final Map<String, Double> sums = new TreeMap<>();

  /** Reads an answer in the text format of Prometheus. */
  Scrape(String text) {
    for (String line : text.split("\n")) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        Set<String> names = labels.computeIfAbsent(sample.group(1), ignored -> new TreeSet<>());
        Matcher label = LABEL.matcher(sample.group(2));
        while (label.find()) {
          names.add(label.group(1));
        }
        sums.merge(sample.group(1), Double.parseDouble(sample.group(3)), Double::sum);
      }
    }
  }

  /** Returns the names of all metrics. */
  Set<String> names() {
    return labels.keySet();
  }

  /** Returns the names of the labels of a metric; none if there is no such metric. */
  Set<String> labels(String metric) {
    return labels.getOrDefault(metric, Set.of());
  }

  /** Returns the sum over all series of a metric. */
  double sum(String metric) {
    return sums.getOrDefault(metric, 0.0);
  }

  /** Returns what a query names and the answer does not have. */
  List<String> missing(String query) {
    List<String> missing = new ArrayList<>();
    Matcher selector = SELECTOR.matcher(query);
    while (selector.find()) {
      String metric = selector.group(1);
      if (!labels.containsKey(metric)) {
        missing.add(metric);
        continue;
      }
      Set<String> asked = new TreeSet<>();
      if (selector.group(2) != null) {
        Matcher matcher = MATCHER.matcher(selector.group(2));
        while (matcher.find()) {
          asked.add(matcher.group(1));
        }
      }
      Matcher by = BY.matcher(query);
      while (by.find()) {
        asked.addAll(List.of(by.group(1).split(", *")));
      }
      asked.removeAll(labels(metric));
      asked.forEach(label -> missing.add(metric + " by " + label));
    }
    return missing;
  }
}
