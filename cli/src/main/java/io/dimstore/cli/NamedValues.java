// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The values that an option can have, each with a lower-case name. Converts a name, in any case, to
 * its value. Thread-safe and immutable.
 *
 * @param <T> the type of the values
 */
public final class NamedValues<T> implements ITypeConverter<T> {

  private final List<T> values;
  private final Function<? super T, String> name;

  public NamedValues(List<T> values, Function<? super T, String> name) {
    this.values = List.copyOf(values);
    this.name = name;
  }

  /** Returns the names, in the order of the values. */
  public List<String> names() {
    return values.stream().map(name).toList();
  }

  /**
   * Returns the value with this name.
   *
   * @throws TypeConversionException that lists the names if there is no such value
   */
  @Override
  public T convert(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    return values.stream()
        .filter(value -> name.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("must be one of " + String.join(", ", names())));
  }
}
