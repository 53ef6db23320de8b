// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.dynamodb.policy.Permission;
import io.dimstore.stack.dynamodb.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that {@code docs/least-privilege.md} shows the policies and grants that are tested by
 * {@link RightsIT}. With {@code -Dupdate=true} it writes them.
 */
class LeastPrivilegeTest {

  static final List<String> ROLES =
      List.of("setup", "job", "preflight", "backfill", "verify", "switch", "status", "feature-job");

  /** The replication endpoint, whose policy is checked by a test in its module. */
  private static final String ENDPOINT = "endpoint";

  private static final List<String> POLICIES =
      Stream.concat(ROLES.stream(), Stream.of(ENDPOINT)).toList();

  /** A row of the table of roles. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| .*$");

  private static final Pattern COMMAND = Pattern.compile("`migrate ([a-z]+)`");
  private static final Path PAGE = PolicyFiles.folder().resolveSibling("least-privilege.md");

  @Test
  void thePageShowsThePoliciesAndTheGrants() throws IOException {
    String page = Files.readString(PAGE);
    String expected = replaced(page, "update=true -->\n", "\n<!-- end of the matrix", matrix());
    expected =
        replaced(
            expected,
            "<!-- grants -->\n",
            "\n- `dim_setup`",
            "```\n" + Files.readString(PolicyFiles.folder().resolve("hbase-grants.txt")) + "```\n");
    if (Boolean.getBoolean("update")) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(page).isEqualTo(expected);
    }
  }

  @Test
  void eachPolicyIsOneOfARole() throws IOException {
    try (Stream<Path> files = Files.list(PolicyFiles.folder())) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(
              POLICIES.stream().map(role -> role + ".json").toList());
    }
  }

  @Test
  void eachCommandHasARole() throws IOException {
    Set<String> named = new TreeSet<>();
    commands().values().forEach(named::addAll);
    assertThat(named).isEqualTo(MigrateMain.commandLine().getSubcommands().keySet());
  }

  @Test
  void noPolicyHasAWildcardWhereAnActionCanBeRestricted() throws IOException {
    for (String role : POLICIES) {
      for (Permission each : PolicyFiles.read(role).permissions()) {
        assertThat(each.action()).as(role).matches("dynamodb:[A-Za-z]+");
        if (!each.equals(new Permission("dynamodb:ListTables", Policy.ANY))) {
          assertThat(each.resource()).as("%s: %s", role, each).matches("table/[a-z_-]+");
        }
      }
    }
  }

  @Test
  void eachGrantIsOfARoleAndNotOfTheWholeCluster() throws IOException {
    Set<String> users = new TreeSet<>();
    ROLES.forEach(role -> users.add("dim_" + role));
    // It uses DynamoDB alone.
    users.remove("dim_feature-job");
    Set<String> granted = new TreeSet<>();
    for (Grant grant : Grant.read()) {
      granted.add(grant.user());
      assertThat(grant.rights()).as(grant.toString()).matches("[RW]+|C");
    }
    assertThat(granted).isEqualTo(users);
  }

  /** Returns the commands that the page names for each role. */
  static Map<String, Set<String>> commands() throws IOException {
    Map<String, Set<String>> commands = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      Matcher command = COMMAND.matcher(row.group());
      while (command.find()) {
        commands.computeIfAbsent(row.group(1), role -> new TreeSet<>()).add(command.group(1));
      }
    }
    return commands;
  }

  private static String replaced(String page, String after, String before, String text) {
    int begin = page.indexOf(after) + after.length();
    int end = page.indexOf(before, begin);
    assertThat(begin).isGreaterThanOrEqualTo(after.length());
    assertThat(end).isPositive();
    return page.substring(0, begin) + "\n" + text + page.substring(end);
  }

  private static String matrix() throws IOException {
    TreeMap<String, TreeMap<String, Set<String>>> actions = new TreeMap<>();
    for (String role : POLICIES) {
      for (Permission each : PolicyFiles.read(role).permissions()) {
        actions
            .computeIfAbsent(each.action().substring("dynamodb:".length()), a -> new TreeMap<>())
            .computeIfAbsent(role, r -> new TreeSet<>())
            .add(shortened(each.resource()));
      }
    }
    StringBuilder text = new StringBuilder();
    text.append("| `dynamodb:` |");
    POLICIES.forEach(role -> text.append(" ").append(role).append(" |"));
    text.append("\n|").append(" --- |".repeat(POLICIES.size() + 1)).append("\n");
    actions.forEach(
        (action, roles) -> {
          text.append("| `").append(action).append("` |");
          for (String role : POLICIES) {
            StringJoiner tables = new StringJoiner(", ");
            roles.getOrDefault(role, Set.of()).forEach(tables::add);
            text.append(tables.length() == 0 ? " |" : " " + tables + " |");
          }
          text.append("\n");
        });
    return text.toString();
  }

  private static String shortened(String resource) {
    return switch (resource) {
      case "table/dim_user" -> "user";
      case "table/dimstore-control" -> "control";
      case "table/dimstore_mirror_intents" -> "intents";
      case Policy.ANY -> "any";
      default -> throw new IllegalArgumentException(resource);
    };
  }
}
