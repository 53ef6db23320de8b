// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether the failure of a schedule is what a planted defect causes: wrong rows, pending
 * writes at the end, a step that succeeded although it had to be refused, or verifications of which
 * the last three report the same difference: an overloaded machine repeats one once. A step without
 * an end, a process that has ended and a server that could not be restarted are none: they may have
 * other causes.
 */
final class Finding {

  private static final Pattern WRONG =
      Pattern.compile(
          "\\b(LOST|RESURRECTED|STALE|FORGOTTEN|MIXED|VERSION|EXPIRY|EXPIRED|INVENTED|UNEQUAL)\\b"
              + "|keys of writes are pending"
              + "|succeeded although it had to report");

  private static final int REPORTS = 3;

  private static final Pattern DIFFERENCE = Pattern.compile("(?m)^[a-z]+ \\[[^]]*]$");

  private Finding() {}

  /**
   * Returns whether it is.
   *
   * @param failure the text of the failure
   * @param commands the log of the schedule's commands
   */
  static boolean isOfDefect(String failure, String commands) {
    if (WRONG.matcher(failure).find()) {
      return true;
    }
    return failure.contains("'verify") && failure.contains("did not succeed") && repeats(commands);
  }

  private static boolean repeats(String commands) {
    List<Set<String>> reports = new ArrayList<>();
    for (String command : commands.split("(?m)^(?=\\S+ \\[\\d+] )", -1)) {
      if (command.contains("verdict: different")) {
        Set<String> differences = new HashSet<>();
        for (Matcher each = DIFFERENCE.matcher(command); each.find(); ) {
          differences.add(each.group());
        }
        reports.add(differences);
      }
    }
    if (reports.size() < REPORTS) {
      return false;
    }
    Set<String> repeated = reports.get(reports.size() - 1);
    reports.subList(reports.size() - REPORTS, reports.size()).forEach(repeated::retainAll);
    return !repeated.isEmpty();
  }
}
