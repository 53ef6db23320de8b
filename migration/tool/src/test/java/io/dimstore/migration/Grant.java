// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.security.access.Permission;
import org.apache.hadoop.hbase.security.access.Permission.Action;
import org.apache.hadoop.hbase.security.access.UserPermission;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * A grant in {@code docs/policies/hbase-grants.txt}.
 *
 * @param user the user
 * @param rights letters of RWXCA
 * @param scope a table, or a namespace after {@code @}
 * @param family a column family, or the empty text for the whole table
 */
record Grant(String user, String rights, String scope, String family) {

  private static final Pattern LINE =
      Pattern.compile("grant '(\\w+)', '([RWXCA]+)', '(@?\\w+)'(?:, '(\\w+)')?");

  /**
   * A right that HBase checks.
   *
   * @param user the user
   * @param letter one of RWXCA
   * @param scope a table, or a namespace after {@code @}
   * @param family a column family, or the empty text
   */
  record Right(String user, char letter, String scope, String family) implements Comparable<Right> {

    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return user + " " + letter + " " + scope + (family.isEmpty() ? "" : " " + family);
    }
  }

  /** Reads the file, each line of which has to be a grant. */
  static List<Grant> read() throws IOException {
    List<Grant> grants = new ArrayList<>();
    for (String line : Files.readAllLines(PolicyFiles.folder().resolve("hbase-grants.txt"))) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IOException("not a grant: " + line);
      }
      grants.add(
          new Grant(
              parts.group(1),
              parts.group(2),
              parts.group(3),
              parts.group(4) == null ? "" : parts.group(4)));
    }
    return grants;
  }

  /** Returns the single rights of grants. */
  static Set<Right> rights(Iterable<Grant> grants) {
    Set<Right> rights = new TreeSet<>();
    for (Grant grant : grants) {
      for (char letter : grant.rights.toCharArray()) {
        rights.add(new Right(grant.user, letter, grant.scope, grant.family));
      }
    }
    return rights;
  }

  /** Returns whether there is already what it is about. */
  boolean isPossible(Admin admin) throws IOException {
    return isOfNamespace() || admin.tableExists(TableName.valueOf(scope));
  }

  /** Grants it, in place of what the user may do there. Servers learn of it a little later. */
  void apply(Admin admin) throws IOException {
    admin.grant(new UserPermission(user, permission()), false);
  }

  /** Returns whether the master knows of it, and has the answer in the audit log. */
  boolean isKnown(Admin admin) throws IOException {
    return admin.hasUserPermissions(user, List.of(permission())).get(0);
  }

  private boolean isOfNamespace() {
    return scope.startsWith("@");
  }

  private Permission permission() {
    Action[] actions =
        rights
            .chars()
            .mapToObj(
                letter ->
                    switch (letter) {
                      case 'R' -> Action.READ;
                      case 'W' -> Action.WRITE;
                      case 'X' -> Action.EXEC;
                      case 'C' -> Action.CREATE;
                      default -> Action.ADMIN;
                    })
            .toArray(Action[]::new);
    if (isOfNamespace()) {
      return Permission.newBuilder(scope.substring(1)).withActions(actions).build();
    }
    var builder = Permission.newBuilder(TableName.valueOf(scope)).withActions(actions);
    if (!family.isEmpty()) {
      builder.withFamily(Bytes.toBytes(family));
    }
    return builder.build();
  }
}
