// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.policy;

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
 * An IAM policy for DynamoDB that only allows, and names its resources in full. Immutable.
 *
 * @param name for people
 * @param permissions what it allows
 */
public record Policy(String name, Set<Permission> permissions) {

  /** The resource of an action that cannot be restricted to tables. */
  public static final String ANY = "*";

  private static final String ARN = "arn:aws:dynamodb:us-east-1:123456789012:";

  /** Copies the set. */
  public Policy {
    permissions = Set.copyOf(permissions);
  }

  /**
   * Reads a policy document.
   *
   * @param file a file whose name ends with {@code .json}; what comes before is the policy's name
   * @throws IOException if the file cannot be read, or has a statement of another kind
   */
  public static Policy read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).replace(".json", "");
    Set<Permission> permissions = new TreeSet<>();
    JsonNode document = new ObjectMapper().readTree(Files.readString(file));
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

  /** Returns the policy document, with a statement for each resource. */
  public String document() {
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
    return statements.toString();
  }

  boolean allows(Permission asked) {
    return permissions.contains(asked);
  }
}
