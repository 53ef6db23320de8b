// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands of all programs have one vocabulary and one style. */
class CommandVocabularyTest {

  static Stream<String> names() {
    return AllCommands.all().stream().map(CommandSpec::qualifiedName);
  }

  @Test
  void allProgramsAreHere() {
    assertThat(names())
        .contains(
            "bin/dimstore compare",
            "bin/dimstore bench store",
            "bin/dimstore stack up",
            "bin/dimstore events generate",
            "bin/dimstore write check",
            "bin/dimstore feature run",
            "bin/dimstore migrate backfill",
            "bin/dimstore migrate verify",
            "bin/dimstore forecast")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("names")
  void helpHasExamplesAndExitCodesAndEndsWithZero(String name) {
    Run run = run(name, "--help");
    assertThat(run.exitCode).isZero();
    assertThat(run.err).isEmpty();
    assertThat(run.out)
        .contains("Example", "Exit codes:", "--help", "--version")
        .doesNotContain("Default: []", "Default: {}", "Default: null", "Default: PT")
        .containsPattern("\n  (eval \"\\$\\()?bin/dimstore [a-z]+");
    assertThat(run(name, "--version").out).startsWith("dimstore ");
  }

  @ParameterizedTest
  @MethodSource("names")
  void anUnknownOptionIsOneLineThatNamesItAndEndsWithTwo(String name) {
    Run run = run(name, "--no-such-option");
    assertThat(run.exitCode).isEqualTo(2);
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .startsWith("error: there is no option '--no-such-option'")
        .contains("'" + name + " --help' lists the options.")
        .hasLineCount(1);
  }

  @Test
  void everyOptionHasADescriptionAndTheKindOfItsValue() {
    SoftAssertions softly = new SoftAssertions();
    for (CommandSpec command : AllCommands.all()) {
      softly
          .assertThat(command.usageMessage().description())
          .as(command.qualifiedName())
          .isNotEmpty();
      List<ArgSpec> arguments = new ArrayList<>(AllCommands.options(command));
      arguments.addAll(command.positionalParameters());
      for (ArgSpec argument : arguments) {
        String where = command.qualifiedName() + " " + name(argument);
        softly
            .assertThat(AllCommands.description(argument))
            .as(where)
            .matches("[A-Z].*\\.")
            .doesNotContain("Default", "default:");
        if (!AllCommands.isSwitch(argument)) {
          softly
              .assertThat(CommandsReference.VALUES.keySet())
              .as("%s: the kind of its value is explained in docs/commands.md", where)
              .containsAll(CommandsReference.kinds(argument));
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void constantsOfEnumsAreListedAsTheyAreWritten() {
    SoftAssertions softly = new SoftAssertions();
    for (CommandSpec command : AllCommands.all()) {
      for (OptionSpec option : AllCommands.options(command)) {
        Class<?> type = option.auxiliaryTypes()[0];
        if (type.isEnum() && !option.paramLabel().contains("=")) {
          String constants =
              Arrays.stream(type.getEnumConstants())
                  .map(constant -> ((Enum<?>) constant).name())
                  .map(constant -> constant.toLowerCase(Locale.ROOT).replace('_', '-'))
                  .collect(Collectors.joining("|"));
          String shown =
              option.paramLabel().contains("|")
                  ? option.paramLabel()
                  : AllCommands.description(option);
          for (String constant : constants.split("\\|")) {
            softly
                .assertThat(shown)
                .as(command.qualifiedName() + " " + name(option))
                .contains(constant);
          }
        }
      }
    }
    softly.assertAll();
  }

  /**
   * The first sentence of a description states what the option means. Further sentences state what
   * is special in one command.
   */
  @Test
  void theSameNameIsTheSameTypeAndMeansTheSameEverywhere() {
    Map<String, Set<String>> meanings = new TreeMap<>();
    for (CommandSpec command : AllCommands.all()) {
      for (OptionSpec option : AllCommands.options(command)) {
        meanings
            .computeIfAbsent(option.longestName(), name -> new TreeSet<>())
            .add(
                Arrays.stream(option.auxiliaryTypes())
                        .map(CommandVocabularyTest::boxed)
                        .collect(Collectors.joining(","))
                    + " "
                    + option.paramLabel()
                    + ": "
                    + AllCommands.description(option).replaceAll("\\. .*", ".")
                    + " "
                    + (option.splitRegex().isEmpty() ? "" : "split"));
      }
    }
    meanings.values().removeIf(meaning -> meaning.size() == 1);
    assertThat(meanings).isEmpty();
  }

  /** Names are plain words, so that users can guess them. */
  @Test
  void namesAreWordsWithHyphens() {
    assertThat(AllCommands.all())
        .allSatisfy(
            command ->
                assertThat(command.options())
                    .allSatisfy(
                        option -> assertThat(option.longestName()).matches("--[a-z]+(-[a-z]+)*")));
  }

  @Test
  void noCommandThatNamesAStoreOrKafkaLacksTheFileForSecrets() {
    assertThat(AllCommands.all())
        .allSatisfy(
            command -> {
              if (command.findOption("--store") != null) {
                assertThat(command.findOption("--store-option")).isNotNull();
                assertThat(command.findOption("--store-config")).isNotNull();
              }
              if (command.findOption("--bootstrap") != null) {
                assertThat(command.findOption("--kafka-option")).isNotNull();
                assertThat(command.findOption("--kafka-config")).isNotNull();
              }
            });
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String boxed(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "whole number";
      case "double", "Double" -> "number";
      default -> type.getSimpleName();
    };
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run run(String name, String option) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    for (CommandLine program : AllCommands.programs()) {
      String first = program.getCommandSpec().qualifiedName();
      if (name.equals(first) || name.startsWith(first + " ")) {
        List<String> words = new ArrayList<>();
        if (!name.equals(first)) {
          words.addAll(List.of(name.substring(first.length() + 1).split(" ")));
        }
        // bin/dimstore itself is the program of compare and bench alone.
        if (program.getSubcommands().isEmpty() || words.isEmpty() || isOf(program, words.get(0))) {
          words.add(option);
          int exitCode =
              program
                  .setOut(new PrintWriter(out, true))
                  .setErr(new PrintWriter(err, true))
                  .execute(words.toArray(String[]::new));
          return new Run(exitCode, out.toString(), err.toString());
        }
      }
    }
    throw new AssertionError(name);
  }

  private static boolean isOf(CommandLine program, String subcommand) {
    return program.getSubcommands().containsKey(subcommand);
  }
}
