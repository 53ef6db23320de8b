// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The address of one server of the stack.
 *
 * @param server the server that listens at this address
 * @param port the port that clients connect to first, on 127.0.0.1
 * @param settings what a client needs, by names that the options of stores can refer to: {@code
 *     address}, {@code host} and {@code port} for every server, and the settings that its {@code
 *     server.properties} declares
 * @param environment what a client needs as environment variables. The names are those that the
 *     vendors' own tools read, where such names exist, and those that dimstore's commands read
 */
public record Endpoint(
    Server server, int port, Map<String, String> settings, Map<String, String> environment) {

  /** Copies the maps and keeps their order. */
  public Endpoint {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /**
   * Returns the address that a server has at this port.
   *
   * @throws StackException if there is no such server
   */
  public static Endpoint of(String server, int port) {
    return ServerModule.of(ProjectHome.find(), server).endpoint(port);
  }

  /** Returns the address in the form that this server's clients take. */
  public String address() {
    return setting("address");
  }

  /**
   * Returns a setting.
   *
   * @throws IllegalArgumentException if the server's module declares no such setting
   */
  public String setting(String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          server.id() + " has no setting '" + name + "'; there are " + settings.keySet());
    }
    return value;
  }
}
