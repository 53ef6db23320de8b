// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.KafkaOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code topic list}. */
@Command(
    name = "list",
    description =
        "Prints each topic with the number of its partitions and of the records that it still has."
            + " The end of a transaction counts as a record.",
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore topic list --bootstrap localhost:9092")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (TopicBrowser reader =
        TopicBrowser.open(
            kafka.bootstrap(), kafka.properties(), spec.commandLine().getErr()::println)) {
      Map<String, List<TopicPartition>> topics = reader.topics();
      int width = topics.keySet().stream().mapToInt(String::length).max().orElse(0);
      String line = "%-" + Math.max(width, 5) + "s  %10s  %12s%n";
      out.printf(Locale.ROOT, line, "TOPIC", "PARTITIONS", "RECORDS");
      topics.forEach(
          (topic, partitions) ->
              out.printf(
                  Locale.ROOT,
                  line,
                  topic,
                  partitions.size(),
                  String.format(Locale.ROOT, "%,d", reader.size(partitions))));
    }
    out.flush();
    return ExitCodes.OK;
  }
}
