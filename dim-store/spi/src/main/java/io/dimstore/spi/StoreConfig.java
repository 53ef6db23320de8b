// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options that were checked against a closed set: every name is known and every value can be
 * parsed. Immutable. {@link #toString} masks secrets.
 */
public final class StoreConfig {

  private final Map<String, String> values;
  private final Collection<StoreOption<?>> known;

  private StoreConfig(Map<String, String> values, Collection<StoreOption<?>> known) {
    this.values = values;
    this.known = known;
  }

  /**
   * Checks options of one scope.
   *
   * @param owner what the options belong to, for messages, such as {@code store 'dynamodb'}
   * @param options every option that the owner knows, of both scopes; an option of the other scope
   *     is refused with a message that says where to set it
   * @throws StoreException INVALID, naming the option, and the nearest known name or the expected
   *     form of the value
   */
  public static StoreConfig parse(
      String owner,
      Collection<StoreOption<?>> options,
      StoreOption.Scope scope,
      Map<String, String> values) {
    Map<String, String> sorted = new TreeMap<>(values);
    for (Map.Entry<String, String> entry : sorted.entrySet()) {
      StoreOption<?> option = find(options, entry.getKey());
      if (option == null) {
        String nearest = NearestName.of(entry.getKey(), names(options));
        throw StoreException.invalid(
            "Unknown option '"
                + entry.getKey()
                + "' for "
                + owner
                + (nearest == null ? "." : "; did you mean '" + nearest + "'?")
                + " Known options: "
                + String.join(", ", names(options))
                + ".");
      }
      if (option.scope() != scope) {
        throw StoreException.invalid(
            "Option '"
                + entry.getKey()
                + "' of "
                + owner
                + " is set for "
                + (option.scope() == StoreOption.Scope.TABLE ? "each table" : "the whole store")
                + ".");
      }
      if (!option.isPrefix()) {
        option.parse(entry.getValue());
      }
    }
    return new StoreConfig(sorted, options);
  }

  /**
   * Returns the scope of an option. An unknown option has store scope, and {@link #parse} refuses
   * it.
   *
   * @param options every option that the store knows
   */
  public static StoreOption.Scope scopeOf(Collection<StoreOption<?>> options, String name) {
    StoreOption<?> option = find(options, name);
    return option == null ? StoreOption.Scope.STORE : option.scope();
  }

  /**
   * Returns the value of an option that is set or has a default.
   *
   * @throws StoreException INVALID if it is neither set nor has a default
   */
  public <T> T get(StoreOption<T> option) {
    T value = option.valueIn(values);
    if (value == null) {
      throw StoreException.invalid(
          "Option '" + option.name() + "' is missing: " + option.description());
    }
    return value;
  }

  /** Returns the value of an option, or null if it is neither set nor has a default. */
  public <T> @Nullable T find(StoreOption<T> option) {
    return option.valueIn(values);
  }

  /** Returns the values set under a prefix option; the keys are the names without the prefix. */
  public Map<String, String> prefixed(StoreOption<String> option) {
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(option.name())) {
            found.put(key.substring(option.name().length()), value);
          }
        });
    return found;
  }

  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(values);
    shown.replaceAll(
        (key, value) -> {
          StoreOption<?> option = find(known, key);
          return option == null || option.isSecret() || isSecret(option, key) ? "******" : value;
        });
    return shown.toString();
  }

  /** An option that is passed on to a client by its own name may be a secret of that client. */
  private static boolean isSecret(StoreOption<?> option, String key) {
    return option.isPrefix() && SecretNames.contains(key);
  }

  private static @Nullable StoreOption<?> find(Collection<StoreOption<?>> options, String name) {
    for (StoreOption<?> option : options) {
      if (option.isPrefix()
          ? name.startsWith(option.name()) && name.length() > option.name().length()
          : name.equals(option.name())) {
        return option;
      }
    }
    return null;
  }

  private static Collection<String> names(Collection<StoreOption<?>> options) {
    return options.stream().map(o -> o.isPrefix() ? o.name() + "*" : o.name()).sorted().toList();
  }
}
