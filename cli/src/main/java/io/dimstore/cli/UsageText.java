// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Rewords picocli's reports of wrong usage, so that they read like those of {@link Usage}. They do
 * not repeat what may be a secret: a setting that cannot be read, and words beside settings.
 */
final class UsageText {

  private static final Set<Class<?>> WHOLE_NUMBERS =
      Set.of(int.class, Integer.class, long.class, Long.class);
  private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class);

  /** The form of every option's name. A part of a secret that begins with a dash rarely has it. */
  private static final Pattern OPTION = Pattern.compile("--[a-z]+(-[a-z]+)*");

  /** The minimum length of an abbreviation for which a longer option name is suggested. */
  private static final int SHORTEST_BEGINNING = 3;

  private UsageText() {}

  /** Returns the report as one line without a full stop. */
  static String of(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getCommandLine(), unmatched.getUnmatched().get(0));
    }
    if (failure instanceof MissingParameterException missing) {
      return missing(missing);
    }
    if (failure instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " is given twice";
    }
    ArgSpec argument = failure.getArgSpec();
    if (argument != null && Settings.areIn(argument)) {
      return name(argument) + ": must be " + argument.paramLabel();
    }
    if (argument != null && argument.arity().max() == 0) {
      return name(argument) + ": takes no value";
    }
    if (argument != null && failure.getValue() != null) {
      return Usage.worded(name(argument), failure.getValue(), remedy(failure, argument));
    }
    CommandLine command = failure.getCommandLine();
    if (failure.getClass() == ParameterException.class
        && "Missing required subcommand".equals(failure.getMessage())) {
      return "a command is missing: one of " + subcommands(command);
    }
    return String.valueOf(failure.getMessage());
  }

  private static String unmatched(CommandLine command, String argument) {
    boolean mayBeSecret =
        command.getCommandSpec().options().stream().anyMatch(UsageText::hasSettings);
    String given = argument.replaceFirst("=.*", "");
    if (mayBeSecret ? OPTION.matcher(given).matches() : given.startsWith("-")) {
      return "there is no option '" + given + "'" + suggestion(given, command.getCommandSpec());
    }
    if (mayBeSecret) {
      // It may be a part of a secret that has a space.
      return "unexpected argument after the options: a value with spaces needs quotes";
    }
    return command.getSubcommands().isEmpty()
        ? "unexpected argument '" + argument + "'"
        : "there is no command '" + argument + "'; there are " + subcommands(command);
  }

  /**
   * Returns the option that a misspelled one probably means: the one with the fewest edits, if
   * these are at most a third of the given characters. If one of the two names begins with the
   * other, as in {@code --parallel} for {@code --parallelism}, they count as one edit apart.
   */
  private static String suggestion(String given, CommandSpec spec) {
    String stripped = given.replaceFirst("^-+", "");
    String nearest = null;
    int fewest = Math.max(1, stripped.length() / 3) + 1;
    for (OptionSpec option : spec.options()) {
      String name = option.longestName().replaceFirst("^-+", "");
      int edits = edits(stripped, name);
      if (!option.hidden() && edits < fewest) {
        fewest = edits;
        nearest = option.longestName();
      }
    }
    return nearest == null ? "" : "; did you mean '" + nearest + "'?";
  }

  /**
   * Returns the length of the longer name without the beginning and the end that both names share.
   * Two neighbouring characters that are swapped count as one edit.
   */
  private static int edits(String a, String b) {
    if ((a.length() >= SHORTEST_BEGINNING && b.startsWith(a)) || a.startsWith(b + "-")) {
      return 1;
    }
    int most = Math.min(a.length(), b.length());
    int prefix = 0;
    while (prefix < most && a.charAt(prefix) == b.charAt(prefix)) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < most - prefix
        && a.charAt(a.length() - 1 - suffix) == b.charAt(b.length() - 1 - suffix)) {
      suffix++;
    }
    boolean swapped =
        a.length() == b.length()
            && a.length() - prefix - suffix == 2
            && a.charAt(prefix) == b.charAt(prefix + 1)
            && a.charAt(prefix + 1) == b.charAt(prefix);
    return swapped ? 1 : Math.max(a.length(), b.length()) - prefix - suffix;
  }

  private static String missing(MissingParameterException failure) {
    // If an option is misspelled, picocli also reports the correct one as missing.
    List<String> unmatched = failure.getCommandLine().getUnmatchedArguments();
    if (!unmatched.isEmpty()) {
      return unmatched(failure.getCommandLine(), unmatched.get(0));
    }
    String names =
        failure.getMissing().stream().map(UsageText::named).collect(Collectors.joining(", "));
    String message = String.valueOf(failure.getMessage());
    if (names.isEmpty()) {
      return message;
    }
    // Picocli reports a missing value of an option as a missing parameter.
    return message.contains("for option")
        ? names + ": the value is missing"
        : names + (failure.getMissing().size() > 1 ? " are missing" : " is missing");
  }

  private static String remedy(ParameterException failure, ArgSpec argument) {
    String message = String.valueOf(failure.getMessage());
    int ours = message.indexOf("must be ");
    if (ours >= 0) {
      return message.substring(ours);
    }
    if (message.contains("format but was")) {
      return "must be " + argument.paramLabel();
    }
    Class<?>[] types = argument.auxiliaryTypes();
    Class<?> type = types[types.length - 1];
    if (WHOLE_NUMBERS.contains(type)) {
      return "must be a whole number";
    }
    if (NUMBERS.contains(type)) {
      return "must be a number";
    }
    return type == Instant.class ? "must be a time such as 2024-01-01T00:00:00Z" : message;
  }

  private static String named(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : argument.paramLabel();
  }

  /** Returns whether an option of settings was given. */
  private static boolean hasSettings(OptionSpec option) {
    return Settings.areIn(option) && option.getValue() instanceof Map<?, ?> map && !map.isEmpty();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String subcommands(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    return String.join(", ", spec.subcommands().keySet());
  }
}
