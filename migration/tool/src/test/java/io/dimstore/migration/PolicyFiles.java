// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.stack.dynamodb.policy.Permission;
import io.dimstore.stack.dynamodb.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The IAM policies in {@code docs/policies}. */
final class PolicyFiles {

  private PolicyFiles() {}

  /** Returns the folder with the policies. */
  static Path folder() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("docs/policies"))) {
      root = root.getParent();
    }
    return root.resolve("docs/policies");
  }

  static Policy read(String name) throws IOException {
    return Policy.read(folder().resolve(name + ".json"));
  }

  static void write(String name, Set<Permission> permissions) throws IOException {
    Files.writeString(folder().resolve(name + ".json"), new Policy(name, permissions).document());
  }
}
