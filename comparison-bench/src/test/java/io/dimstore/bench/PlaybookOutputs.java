// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The outputs of the demo in the pages of the playbook. A line {@code <!-- demo: backfill -->}
 * precedes the block of code that shows what the step {@code backfill} printed. Numbers, times and
 * names of keys may differ from run to run; everything else has to be equal.
 *
 * @param steps what each step of a run showed, by its name
 */
record PlaybookOutputs(Map<String, String> steps) {

  private static final Pattern BLOCK =
      Pattern.compile("<!-- demo: ([a-z-]+) -->\n\n```\n(.*?)```\n", Pattern.DOTALL);

  /** Reads the files that the demo wrote. */
  static PlaybookOutputs of(Path folder) throws IOException {
    Map<String, String> steps = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.txt")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replaceAll("^\\d+-|\\.txt$", "");
        steps.put(name, Files.readString(file));
      }
    }
    return new PlaybookOutputs(steps);
  }

  /**
   * Compares a page with the run.
   *
   * @param update whether to write the run's outputs into the page first
   */
  void check(Path page, boolean update) throws IOException {
    if (update) {
      Files.writeString(
          page,
          BLOCK
              .matcher(Files.readString(page))
              .replaceAll(block -> Matcher.quoteReplacement(block(block.group(1)))));
    }
    TreeSet<String> shown = new TreeSet<>();
    for (MatchResult block : BLOCK.matcher(Files.readString(page)).results().toList()) {
      String step = block.group(1);
      shown.add(step);
      assertThat(general(block.group(2)))
          .as("%s, step %s; DemoIT with -Dupdate=true writes it anew", page, step)
          .isEqualTo(general(output(step)));
    }
    assertThat(shown).as("steps in %s", page).containsAll(steps.keySet());
  }

  private String block(String step) {
    return "<!-- demo: " + step + " -->\n\n```\n" + output(step) + "```\n";
  }

  private String output(String step) {
    String output = steps.get(step);
    assertThat(output).as("the demo has a step %s; there are %s", step, steps.keySet()).isNotNull();
    return output.replaceAll("\\S+@\\S+(?= [a-z]+: )|(?<= by )[^\\s@]+@[^\\s,]+", "ops@host");
  }

  /** Returns a text without what differs from run to run. Exit codes and differences remain. */
  static String general(String text) {
    return text.replaceAll("\\b[0-9a-f]{64}\\b", "HASH")
        .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "UUID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("(?m)^(missing|extra|stale|value|expiry) \\[.*]$", "$1 KEY")
        .replaceAll("(\\d+)(?= differen(ce|t))|(?<=exit code )(\\d+)", "<$1$3>")
        .replaceAll("(?<![<\\d.,])[\\d][\\d.,]*(?:[eE]-\\d+)?(?![\\d.,]*>)", "N")
        .replaceAll(" +", " ")
        // A step that was repeated, since the machine was busy, is in the log more than once.
        .replaceAll("(?m)^( TIME .*\\n)\\1+", "$1");
  }
}
