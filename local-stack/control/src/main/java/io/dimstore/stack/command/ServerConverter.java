// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.NamedValues;
import io.dimstore.stack.server.Server;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;

/** Parses a server's id and lists the ids for the help text. */
final class ServerConverter implements ITypeConverter<Server>, Iterable<String> {

  private final NamedValues<Server> servers = new NamedValues<>(Server.all(), Server::id);

  @Override
  public Server convert(String value) {
    return servers.convert(value);
  }

  @Override
  public Iterator<String> iterator() {
    return servers.names().iterator();
  }
}
