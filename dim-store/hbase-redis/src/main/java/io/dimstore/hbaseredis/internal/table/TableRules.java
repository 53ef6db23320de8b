// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.Durability;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Checks the families and settings of an HBase table. A table is refused if it lacks a family, or
 * if HBase would drop or hide rows whose write was acknowledged. Each refusal is INVALID and
 * contains the HBase shell command that corrects the table.
 */
final class TableRules {

  private TableRules() {}

  /**
   * Checks the families and the settings of a dimension table.
   *
   * @throws StoreException INVALID
   */
  static void check(Layout layout, TableDescriptor table) {
    requireFamily(table, layout.stateFamily(), "the family that says which rows are deleted");
    for (byte[] family : layout.dataFamilies()) {
      requireFamily(table, family, "family '" + Bytes.toString(family) + "'");
    }
    checkSettings(layout, table);
  }

  /**
   * Checks the settings of a dimension table, for the families that exist.
   *
   * @throws StoreException INVALID
   */
  static void checkSettings(Layout layout, TableDescriptor table) {
    List<byte[]> families = new ArrayList<>(List.of(layout.dataFamilies()));
    families.add(layout.stateFamily());
    checkSettings(table, families);
  }

  /**
   * Checks the table of write intents.
   *
   * @throws StoreException INVALID
   */
  static void checkIntents(TableDescriptor table) {
    requireFamily(table, WriteIntents.FAMILY, "the family 'i' of write intents");
    checkSettings(table, List.of(WriteIntents.FAMILY));
  }

  private static void requireFamily(TableDescriptor table, byte[] family, String what) {
    if (!table.hasColumnFamily(family)) {
      throw lacks(table.getTableName(), what, Bytes.toString(family));
    }
  }

  private static void checkSettings(TableDescriptor table, List<byte[]> families) {
    TableName name = table.getTableName();
    Durability durability = table.getDurability();
    if (durability == Durability.SKIP_WAL || durability == Durability.ASYNC_WAL) {
      throw refused(
          name,
          "has DURABILITY "
              + durability
              + ", so that acknowledged writes are lost with a region server",
          "alter '" + name + "', DURABILITY => 'SYNC_WAL'");
    }
    for (byte[] bytes : families) {
      ColumnFamilyDescriptor family = table.getColumnFamily(bytes);
      if (family != null && endsRows(family)) {
        throw refused(
            name,
            "has a time to live of "
                + family.getTimeToLive()
                + " s on family '"
                + family.getNameAsString()
                + "'. HBase counts it from the version of a row and drops acknowledged rows and"
                + " deletes. To make rows expire, write an expiry instead",
            "alter '" + name + "', {NAME => '" + family.getNameAsString() + "', TTL => 'FOREVER'}");
      }
    }
  }

  /**
   * Whether the time to live removes rows. With MIN_VERSIONS, HBase keeps the newest version of
   * each cell, and the store reads no other version.
   */
  private static boolean endsRows(ColumnFamilyDescriptor family) {
    return family.getTimeToLive() != HConstants.FOREVER && family.getMinVersions() < 1;
  }

  /** Returns the refusal of a table that lacks a family. */
  static StoreException lacks(TableName table, String what, String family) {
    return refused(table, "lacks " + what, "alter '" + table + "', {NAME => '" + family + "'}");
  }

  private static StoreException refused(TableName table, String why, String command) {
    return StoreException.invalid(
        "HBase table " + table + " " + why + ". In the HBase shell: " + command);
  }
}
