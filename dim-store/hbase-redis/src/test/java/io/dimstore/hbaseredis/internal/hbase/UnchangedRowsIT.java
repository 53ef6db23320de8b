// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A region server applies a conditional mutation exactly if no declared cell that counts was
 * changed since the row was read.
 */
class UnchangedRowsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  /** The version of the conditional mutation, newer than all others. */
  private static final long NEXT = 100;

  /** Families that sort before, between and after those of the table, and belong to others. */
  private static final String[] OTHERS = {"a", "m", "zz"};

  /** Where the cells are that are read and compared. */
  enum Place {
    MEMORY,
    FILES
  }

  /** A row as it is read, what happens then, and whether the mutation is applied. */
  private record Case(String name, List<Mutation> before, List<Mutation> then, boolean applied) {}

  private final List<Case> cases = new ArrayList<>();
  private final TableSpec spec =
      new TableSpec(
          "unchanged_" + Users.unique(),
          List.of(
              new Column("id", DataType.STRING),
              new Column("country", DataType.STRING),
              new Column("level", DataType.Simple.INT),
              new Column("note", DataType.STRING)),
          List.of("id"),
          Map.of("column.level", "z:level"));
  private final Layout layout = new Layout(spec);
  private final ChangeEncoder encoder = new ChangeEncoder(spec, layout, new EntryCodec(layout));

  @ParameterizedTest
  @EnumSource
  void rowIsReplacedOnlyIfItIsTheOneThatWasRead(Place place) throws Exception {
    rowsOfDimstore();
    tombstones();
    rowsOfOtherTools();
    rowsWithoutDeclaredCells();
    try (HBaseShell shell = new HBaseShell(stack.hbase())) {
      shell.create(spec.name(), "f", "s", "z", OTHERS[0], OTHERS[1], OTHERS[2]);
      try (Table table = shell.table(spec.name());
          var admin = shell.admin()) {
        Map<String, Boolean> expected = new HashMap<>();
        Map<String, Boolean> found = new HashMap<>();
        apply(table, true);
        if (place == Place.FILES) {
          admin.flush(TableName.valueOf(spec.name()));
        }
        List<Result> read = new ArrayList<>();
        for (Case each : cases) {
          read.add(table.get(new Get(Bytes.toBytes(each.name))));
        }
        apply(table, false);
        if (place == Place.FILES) {
          admin.flush(TableName.valueOf(spec.name()));
        }
        UnchangedRows unchanged = new UnchangedRows(layout);
        for (int i = 0; i < cases.size(); i++) {
          Case each = cases.get(i);
          Put next = put(each.name, "next", 7, null, NEXT).state();
          boolean applied = table.checkAndMutate(unchanged.step(read.get(i), next)).isSuccess();
          expected.put(each.name, each.applied);
          found.put(each.name, applied);
          assertThat(isNext(table, each.name)).as(each.name).isEqualTo(applied);
        }
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  private boolean isNext(Table table, String row) throws Exception {
    Result now = table.get(new Get(Bytes.toBytes(row)));
    var state = now.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER);
    return state != null && state.getTimestamp() == NEXT;
  }

  private void apply(Table table, boolean before) throws Exception {
    for (Case each : cases) {
      for (Mutation mutation : before ? each.before : each.then) {
        if (mutation instanceof Put put) {
          table.put(put);
        } else {
          table.delete((Delete) mutation);
        }
      }
    }
  }

  private void rowsOfDimstore() {
    applied("row", List.of(row("row", 5)), List.of());
    // Every value is equal, also that of the state cell: only the timestamps differ.
    refused("newer-equal", List.of(row("newer-equal", 5)), List.of(row("newer-equal", 6)));
    refused(
        "equal-version",
        List.of(row("equal-version", 5)),
        List.of(put("equal-version", "BE", 1, "n", 5).state()));
    refused(
        "equal-version-of-another-family",
        List.of(row("equal-version-of-another-family", 5)),
        List.of(put("equal-version-of-another-family", "NL", 2, "n", 5).state()));
    refused(
        "equal-version-with-null",
        List.of(row("equal-version-with-null", 5)),
        List.of(put("equal-version-with-null", "NL", null, "n", 5).state()));
    applied("same-again", List.of(row("same-again", 5)), List.of(row("same-again", 5)));
    applied("late-row", List.of(row("late-row", 5)), List.of(row("late-row", 4)));
    applied("older-row", List.of(row("older-row", 4), row("older-row", 5)), List.of());
    refused("delete", List.of(row("delete", 5)), delete("delete", 6));
    refused("delete-equal", List.of(row("delete-equal", 5)), delete("delete-equal", 5));
    applied("delete-late", List.of(row("delete-late", 5)), delete("delete-late", 4));
    Put nulls = put("nulls", null, null, "", 5).state();
    applied("nulls", List.of(nulls), List.of());
    refused(
        "null-to-value",
        List.of(put("null-to-value", null, null, "", 5).state()),
        List.of(put("null-to-value", null, null, "x", 5).state()));
    Put large = put("version-0", "NL", 1, "x".repeat(50_000), 0).state();
    applied("version-0", List.of(large), List.of());
  }

  private void tombstones() {
    List<Mutation> withRow = new ArrayList<>(List.of(row("deleted", 3)));
    withRow.addAll(delete("deleted", 5));
    applied("deleted", withRow, List.of());
    // The markers of a delete follow its state cell.
    List<Mutation> deleteOfLater = delete("markers-later", 5);
    applied(
        "markers-later",
        List.of(row("markers-later", 3), deleteOfLater.get(0)),
        List.of(deleteOfLater.get(1)));
    applied(
        "deleted-at-its-version",
        List.of(row("deleted-at-its-version", 5), delete("deleted-at-its-version", 5).get(0)),
        List.of());
    refused("put-again", delete("put-again", 5), List.of(row("put-again", 6)));
    refused("put-at-version", delete("put-at-version", 5), List.of(row("put-at-version", 5)));
    refused("deleted-again", delete("deleted-again", 5), delete("deleted-again", 6));
    refused("purged", delete("purged", 5), List.of(purge("purged", 5)));
  }

  private void rowsOfOtherTools() {
    for (String family : OTHERS) {
      String beside = "undeclared-in-" + family;
      applied(
          beside,
          List.of(row(beside, 5), cell(beside, family, "q", 9)),
          List.of(cell(beside, family, "q", 10), cell(beside, family, "country", 10)));
    }
    applied(
        "undeclared",
        List.of(row("undeclared", 5), cell("undeclared", "f", "other", 9)),
        List.of(
            cell("undeclared", "f", "other", 10),
            cell("undeclared", "f", "level", 10),
            cell("undeclared", "s", "country", 10),
            cell("undeclared", "z", "d", 10)));
    List<Mutation> mixed = List.of(row("mixed", 5), cell("mixed", "f", "country", 7));
    applied("mixed", mixed, List.of());
    refused(
        "mixed-newer",
        List.of(row("mixed-newer", 5), cell("mixed-newer", "f", "country", 7)),
        List.of(cell("mixed-newer", "f", "country", 8)));
    refused(
        "mixed-other-column",
        List.of(row("mixed-other-column", 5), cell("mixed-other-column", "f", "country", 7)),
        List.of(cell("mixed-other-column", "z", "level", 6)));
    refused(
        "written-to",
        List.of(put("written-to", "v", 1, "n", 5).state()),
        List.of(cell("written-to", "f", "country", 6)));
    refused(
        "written-at-version",
        List.of(row("written-at-version", 5)),
        List.of(cell("written-at-version", "f", "country", 5)));
    refused(
        "columns-deleted",
        List.of(row("columns-deleted", 5)),
        List.of(new Delete(Bytes.toBytes("columns-deleted")).addFamily(Bytes.toBytes("z"), 5)));
    applied("stock", List.of(cell("stock", "f", "country", 7)), List.of());
    refused(
        "stock-newer",
        List.of(cell("stock-newer", "f", "country", 7)),
        List.of(cell("stock-newer", "f", "country", 8)));
    refused(
        "stock-other-column",
        List.of(cell("stock-other-column", "f", "country", 7)),
        List.of(cell("stock-other-column", "f", "note", 1)));
    refused(
        "stock-other-column-at-its-time",
        List.of(cell("stock-other-column-at-its-time", "f", "country", 7)),
        List.of(cell("stock-other-column-at-its-time", "f", "note", 7)));
    refused(
        "stock-adopted",
        List.of(cell("stock-adopted", "f", "country", 7)),
        List.of(row("stock-adopted", 6)));
    refused(
        "stock-deleted",
        List.of(cell("stock-deleted", "f", "country", 7), cell("stock-deleted", "m", "q", 7)),
        List.of(new Delete(Bytes.toBytes("stock-deleted")).addFamily(Bytes.toBytes("f"), 7)));
  }

  private void rowsWithoutDeclaredCells() {
    applied("absent", List.of(), List.of());
    refused("absent-put", List.of(), List.of(row("absent-put", 1)));
    refused("absent-deleted", List.of(), delete("absent-deleted", 1));
    applied("absent-beside", List.of(cell("absent-beside", "m", "q", 7)), List.of());
    refused(
        "absent-beside-put",
        List.of(cell("absent-beside-put", "m", "q", 7)),
        List.of(row("absent-beside-put", 1)));
    // The documented limit of rows without a declared cell.
    applied("absent-stock", List.of(), List.of(cell("absent-stock", "f", "country", 7)));
  }

  private void applied(String name, List<Mutation> before, List<Mutation> then) {
    cases.add(new Case(name, before, then, true));
  }

  private void refused(String name, List<Mutation> before, List<Mutation> then) {
    cases.add(new Case(name, before, then, false));
  }

  private Put row(String id, long version) {
    return put(id, "NL", 1, "n", version).state();
  }

  private EncodedChange put(String id, String country, Integer level, String note, long version) {
    return encoded(new io.dimstore.spi.Put(Key.of(id), Row.of(country, level, note), version));
  }

  /** Returns the state cell and the markers of a delete. */
  private List<Mutation> delete(String id, long version) {
    EncodedChange delete = encoded(new io.dimstore.spi.Delete(Key.of(id), version));
    return List.of(delete.state(), delete.markers(layout).orElseThrow());
  }

  private EncodedChange encoded(Change change) {
    return encoder.prepare(List.of(change), 1).get(0);
  }

  private Delete purge(String id, long version) {
    Delete delete = new Delete(Bytes.toBytes(id)).addFamily(layout.stateFamily(), version);
    for (byte[] family : layout.dataFamilies()) {
      delete.addFamily(family, version);
    }
    return delete;
  }

  private static Put cell(String row, String family, String qualifier, long timestamp) {
    return new Put(Bytes.toBytes(row))
        .addColumn(Bytes.toBytes(family), Bytes.toBytes(qualifier), timestamp, Bytes.toBytes("v"));
  }
}
