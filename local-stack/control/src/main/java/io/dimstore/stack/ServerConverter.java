package io.dimstore.stack;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a server's name from the command line. */
final class ServerConverter implements ITypeConverter<Server> {

  @Override
  public Server convert(String value) {
    return Server.of(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "there is no server '" + value + "', only " + String.join(", ", Server.ids())));
  }
}
