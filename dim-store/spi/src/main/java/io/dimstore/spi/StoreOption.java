// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Declares one option of a store. The parser, the error messages and the reference table are all
 * derived from it. Options are equal only if they are the same object.
 *
 * @param <T> the class of the value
 */
public final class StoreOption<T> {

  /** Where the option is set. */
  public enum Scope {
    /** Once for the store, shared by its tables. */
    STORE,
    /** For each table. */
    TABLE
  }

  private final String name;
  private final String type;
  private final Function<String, T> parser;
  private final @Nullable T defaultValue;
  private final Scope scope;
  private final boolean secret;
  private final String description;

  private StoreOption(
      String name,
      String type,
      Function<String, T> parser,
      @Nullable T defaultValue,
      Scope scope,
      boolean secret,
      String description) {
    this.name = name;
    this.type = type;
    this.parser = parser;
    this.defaultValue = defaultValue;
    this.scope = scope;
    this.secret = secret;
    this.description = description;
  }

  /** Creates an option whose value is text. */
  public static StoreOption<String> text(
      String name, @Nullable String defaultValue, String description) {
    return new StoreOption<>(
        name, "text", Function.identity(), defaultValue, Scope.STORE, false, description);
  }

  /** Creates an option whose value is text that is never logged, reported or shown in errors. */
  public static StoreOption<String> secret(String name, String description) {
    return new StoreOption<>(
        name, "secret", Function.identity(), null, Scope.STORE, true, description);
  }

  /** Creates an option whose value is a whole number from {@code min} to {@code max}. */
  public static StoreOption<Integer> integer(
      String name, @Nullable Integer defaultValue, int min, int max, String description) {
    return new StoreOption<>(
        name,
        "integer, " + min + " to " + (max == Integer.MAX_VALUE ? "2^31-1" : max),
        text -> {
          int value = Integer.parseInt(text.trim());
          if (value < min || value > max) {
            throw new IllegalArgumentException("is not between " + min + " and " + max);
          }
          return value;
        },
        defaultValue,
        Scope.STORE,
        false,
        description);
  }

  /** Creates an option whose value is {@code true} or {@code false}. */
  public static StoreOption<Boolean> flag(String name, boolean defaultValue, String description) {
    return yesOrNo(name, defaultValue, description);
  }

  /** Creates an option without a default whose value is {@code true} or {@code false}. */
  public static StoreOption<Boolean> flag(String name, String description) {
    return yesOrNo(name, null, description);
  }

  private static StoreOption<Boolean> yesOrNo(
      String name, @Nullable Boolean defaultValue, String description) {
    return new StoreOption<>(
        name,
        "boolean",
        text ->
            switch (text.trim().toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("is neither true nor false");
            },
        defaultValue,
        Scope.STORE,
        false,
        description);
  }

  /** Creates an option whose value is a number with one of the units ms, s, min, h, d. */
  public static StoreOption<Duration> duration(
      String name, @Nullable Duration defaultValue, String description) {
    return new StoreOption<>(
        name, "duration", Durations::parse, defaultValue, Scope.STORE, false, description);
  }

  /** Creates an option whose value is a constant of an enum, in lower case with hyphens. */
  public static <E extends Enum<E>> StoreOption<E> choice(
      String name, Class<E> type, @Nullable E defaultValue, String description) {
    StringBuilder names = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      names.append(names.length() == 0 ? "" : " | ").append(spell(constant));
    }
    return new StoreOption<>(
        name,
        names.toString(),
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (spell(constant).equals(text.trim().toLowerCase(Locale.ROOT))) {
              return constant;
            }
          }
          throw new IllegalArgumentException("is none of " + names);
        },
        defaultValue,
        Scope.STORE,
        false,
        description);
  }

  /** Returns the same option, set for each table instead of once for the store. */
  public StoreOption<T> perTable() {
    return new StoreOption<>(name, type, parser, defaultValue, Scope.TABLE, secret, description);
  }

  /** Returns whether the name ends in {@code .}: the option then stands for all longer names. */
  public boolean isPrefix() {
    return name.endsWith(".");
  }

  /** Returns the option's name or prefix. */
  public String name() {
    return name;
  }

  /** Returns the expected form of the value, for messages and documents. */
  public String type() {
    return type;
  }

  /** Returns the default, or null if there is none. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Returns where the option is set. */
  public Scope scope() {
    return scope;
  }

  /** Returns whether the value must not be shown. */
  public boolean isSecret() {
    return secret;
  }

  /** Returns the meaning of the option, in one or two sentences that include the unit. */
  public String description() {
    return description;
  }

  /** Returns the default in the notation of users, or {@code (none)}. */
  public String describeDefault() {
    T value = defaultValue;
    if (value == null) {
      return "(none)";
    }
    if (value instanceof Duration duration) {
      return Durations.format(duration);
    }
    return value instanceof Enum<?> constant ? spell(constant) : value.toString();
  }

  T parse(String text) {
    try {
      return parser.apply(text);
    } catch (NumberFormatException e) {
      throw refused(text, "is not a whole number");
    } catch (IllegalArgumentException e) {
      throw refused(text, String.valueOf(e.getMessage()));
    }
  }

  @Nullable T valueIn(Map<String, String> values) {
    String text = values.get(name);
    return text == null ? defaultValue : parse(text);
  }

  private StoreException refused(String text, String why) {
    String shown = secret ? "the value" : "'" + text + "'";
    return StoreException.invalid(
        "Option '" + name + "': " + shown + " " + why + ". Expected: " + type + ".");
  }

  private static String spell(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return name;
  }
}
