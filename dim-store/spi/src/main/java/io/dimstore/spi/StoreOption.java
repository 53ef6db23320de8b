package io.dimstore.spi;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One option of a store, declared once: the parser, the error messages and the reference table all
 * come from this. Options are equal when they are the same object.
 *
 * @param <T> the class of the value
 */
public final class StoreOption<T> {

  /** Who sets the option. */
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

  /** Text. */
  public static StoreOption<String> text(
      String name, @Nullable String defaultValue, String description) {
    return new StoreOption<>(
        name, "text", Function.identity(), defaultValue, Scope.STORE, false, description);
  }

  /** Text that never reaches a log, an error or a report. */
  public static StoreOption<String> secret(String name, String description) {
    return new StoreOption<>(
        name, "secret", Function.identity(), null, Scope.STORE, true, description);
  }

  /** A whole number between two bounds, both allowed. */
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

  /** {@code true} or {@code false}. */
  public static StoreOption<Boolean> flag(String name, boolean defaultValue, String description) {
    return yesOrNo(name, defaultValue, description);
  }

  /** {@code true} or {@code false}, without a default. */
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

  /** A length of time: a number and one of ms, s, min, h, d ({@code 500 ms}, {@code 7 d}). */
  public static StoreOption<Duration> duration(
      String name, @Nullable Duration defaultValue, String description) {
    return new StoreOption<>(
        name, "duration", Durations::parse, defaultValue, Scope.STORE, false, description);
  }

  /** One of the constants of an enum, in lower case with hyphens. */
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

  /** The same option, set for each table instead of once for the store. */
  public StoreOption<T> perTable() {
    return new StoreOption<>(name, type, parser, defaultValue, Scope.TABLE, secret, description);
  }

  /** A name ending in {@code .} stands for every name that begins so, such as {@code column.}. */
  public boolean isPrefix() {
    return name.endsWith(".");
  }

  /** The option's name, or prefix. */
  public String name() {
    return name;
  }

  /** The form of the value, for people. */
  public String type() {
    return type;
  }

  /** The value where none is set, or null. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Who sets it. */
  public Scope scope() {
    return scope;
  }

  /** Whether the value must not be shown. */
  public boolean isSecret() {
    return secret;
  }

  /** One or two sentences, unit included. */
  public String description() {
    return description;
  }

  /** The default as it would be written, or {@code (none)}. */
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
