package io.dimstore.hbaseredis;

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
 * Checks the settings of a table in HBase: the families that it must have, and the settings under
 * which HBase drops or hides a row although its write was acknowledged. Each refusal is INVALID and
 * has the command of the HBase shell that corrects the table.
 */
final class TableRules {

  private TableRules() {}

  /**
   * Checks the families and the settings of a dimension's table.
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
   * Checks the settings of a dimension's table, of those families that it has.
   *
   * @throws StoreException INVALID
   */
  static void checkSettings(Layout layout, TableDescriptor table) {
    List<byte[]> families = new ArrayList<>(List.of(layout.dataFamilies()));
    families.add(layout.stateFamily());
    checkSettings(table, families);
  }

  /**
   * Checks the table of marks.
   *
   * @throws StoreException INVALID
   */
  static void checkMarks(TableDescriptor table) {
    requireFamily(table, Marks.FAMILY, "the family 'm' of marks");
    checkSettings(table, List.of(Marks.FAMILY));
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
                + " deletes. Rows that are to end need an expiry instead",
            "alter '" + name + "', {NAME => '" + family.getNameAsString() + "', TTL => 'FOREVER'}");
      }
    }
  }

  /** With MIN_VERSIONS the newest version of each cell stays, and only that one is ever read. */
  private static boolean endsRows(ColumnFamilyDescriptor family) {
    return family.getTimeToLive() != HConstants.FOREVER && family.getMinVersions() < 1;
  }

  /** The refusal of a table without a family. */
  static StoreException lacks(TableName table, String what, String family) {
    return refused(table, "lacks " + what, "alter '" + table + "', {NAME => '" + family + "'}");
  }

  private static StoreException refused(TableName table, String why, String command) {
    return StoreException.invalid(
        "HBase table " + table + " " + why + ". In the HBase shell: " + command);
  }
}
