// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Placeholders;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fills the placeholders in the options of arms: {@code ${SERVER.SETTING}} is a setting of a server
 * of the stack, see {@link Endpoint#settings}, and {@code ${folder}} is the absolute path of a
 * folder that is removed with the comparison.
 */
public final class Addresses {

  private final Map<String, String> known = new TreeMap<>();

  Addresses(List<Endpoint> endpoints, Path folder) {
    known.put("folder", folder.toAbsolutePath().toString());
    for (Endpoint endpoint : endpoints) {
      endpoint
          .settings()
          .forEach((name, value) -> known.put(endpoint.server().id() + "." + name, value));
    }
  }

  public static Addresses of(LocalStack stack, Path folder) {
    return new Addresses(stack.endpoints(), folder);
  }

  /** Returns the plan for an arm's process, with all placeholders filled. */
  public ArmPlan plan(Arm arm, String bootstrap, Topics topics, int parallelism) {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    arm.tables().forEach((table, options) -> tables.put(table, filled(options)));
    return new ArmPlan(
        arm.id(),
        bootstrap,
        topics,
        arm.servers().stream().map(Server::id).toList(),
        arm.store(),
        filled(arm.storeOptions()),
        tables,
        arm.sqlVariant(),
        parallelism,
        Map.of());
  }

  private Map<String, String> filled(Map<String, String> options) {
    Map<String, String> filled = new LinkedHashMap<>();
    options.forEach((name, value) -> filled.put(name, Placeholders.fill(value, this::setting)));
    return filled;
  }

  private String setting(String name) {
    String value = known.get(name);
    if (value == null) {
      throw new BenchException("No setting '" + name + "' for an arm; there are " + known.keySet());
    }
    return value;
  }
}
