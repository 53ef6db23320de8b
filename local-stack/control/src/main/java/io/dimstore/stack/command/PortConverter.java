// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a port from the command line. */
final class PortConverter implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The exception below reports it.
    }
    throw new TypeConversionException("must be a port, 1 to 65535");
  }
}
