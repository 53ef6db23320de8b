// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a server's id, in any case, and lists the ids for the help text. */
final class ServerConverter implements ITypeConverter<Server>, Iterable<String> {

  @Override
  public Server convert(String value) {
    String wanted = value.strip().toLowerCase(Locale.ROOT);
    return Server.all().stream()
        .filter(server -> server.id().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("must be one of " + String.join(", ", ids())));
  }

  private static List<String> ids() {
    return Server.all().stream().map(Server::id).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return ids().iterator();
  }
}
