// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.policy;

import java.util.Comparator;

/**
 * An action of DynamoDB on a resource.
 *
 * @param action such as {@code dynamodb:PutItem}
 * @param resource what follows the account in the ARN, such as {@code table/dim_user}; or {@code *}
 */
public record Permission(String action, String resource) implements Comparable<Permission> {

  private static final Comparator<Permission> ORDER =
      Comparator.comparing(Permission::resource).thenComparing(Permission::action);

  /** Returns the permission for an operation on a table. */
  public static Permission of(String operation, String table) {
    return new Permission("dynamodb:" + operation, "table/" + table);
  }

  @Override
  public int compareTo(Permission other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return action + " on " + resource;
  }
}
