// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An IAM policy in {@code docs/policies}.
 *
 * @param name the file's name without {@code .json}
 * @param permissions what it allows
 */
record Policy(String name, Set<Permission> permissions) {

  /** The resource of an action that cannot be restricted to tables. */
  static final String ANY = "*";

  private static final String ARN = "arn:aws:dynamodb:us-east-1:123456789012:";

  /** Returns the folder with the policies. */
  static Path folder() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("docs/policies"))) {
      root = root.getParent();
    }
    return root.resolve("docs/policies");
  }

  static Policy read(String name) throws IOException {
    Set<Permission> permissions = new TreeSet<>();
    JsonNode document = new ObjectMapper().readTree(folder().resolve(name + ".json").toFile());
    if (!document.path("Version").asText().equals("2012-10-17")) {
      throw new IOException(name + " has no version");
    }
    for (JsonNode statement : document.path("Statement")) {
      if (!statement.path("Effect").asText().equals("Allow")) {
        throw new IOException(name + " has a statement that is not understood: " + statement);
      }
      for (JsonNode resource : listed(statement.path("Resource"))) {
        String text = resource.asText();
        for (JsonNode action : listed(statement.path("Action"))) {
          permissions.add(
              new Permission(
                  action.asText(), text.startsWith(ARN) ? text.substring(ARN.length()) : text));
        }
      }
    }
    return new Policy(name, permissions);
  }

  private static Iterable<JsonNode> listed(JsonNode one) {
    return one.isArray() ? one : List.of(one);
  }

  /** Writes the file of a policy, with a statement for each resource. */
  static void write(String name, Set<Permission> permissions) throws IOException {
    Map<String, Set<String>> byResource = new TreeMap<>();
    for (Permission each : permissions) {
      byResource
          .computeIfAbsent(each.resource(), resource -> new TreeSet<>())
          .add("        \"" + each.action() + "\"");
    }
    StringJoiner statements =
        new StringJoiner(
            ",\n", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n", "\n  ]\n}\n");
    byResource.forEach(
        (resource, actions) ->
            statements.add(
                "    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\n"
                    + String.join(",\n", actions)
                    + "\n      ],\n      \"Resource\": \""
                    + (resource.equals(ANY) ? "" : ARN)
                    + resource
                    + "\"\n    }"));
    Files.writeString(folder().resolve(name + ".json"), statements.toString());
  }

  boolean allows(Permission asked) {
    return permissions.contains(asked);
  }
}
