// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a constant of an enum: {@code group-offsets} for {@code GROUP_OFFSETS}, in any case. */
final class EnumConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final List<E> constants;

  EnumConverter(Class<E> type) {
    this.constants = Arrays.asList(type.getEnumConstants());
  }

  @Override
  public E convert(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    return constants.stream()
        .filter(constant -> id(constant).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    constants.stream()
                        .map(EnumConverter::id)
                        .collect(Collectors.joining(", ", "must be one of ", ""))));
  }

  private static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
