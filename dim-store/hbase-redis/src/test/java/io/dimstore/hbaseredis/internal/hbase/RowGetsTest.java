// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;

class RowGetsTest {

  private static final byte[] ROW = Bytes.toBytes("row");

  private final RowGets gets = new RowGets(new Layout(Users.spec("users")));

  @Test
  void atFirstOnlyTheFirstRowIsReadWhole() {
    List<Get> asked = asked();
    assertThat(asked.get(0).hasFamilies()).isFalse();
    assertThat(asked.subList(1, 3)).allMatch(RowGetsTest::namesTheDeclaredCells);
  }

  @Test
  void rowsWithoutUndeclaredCellsAreReadWhole() {
    learnClean(RowGets.CLEAN_ROWS - 1);
    assertThat(asked().get(1).hasFamilies()).isTrue();
    learnClean(1);
    assertThat(asked()).noneMatch(Get::hasFamilies);
  }

  @Test
  void absentRowsAreIgnored() {
    IntStream.range(0, 2 * RowGets.CLEAN_ROWS).forEach(i -> gets.learn(List.of(row())));
    assertThat(asked().get(1).hasFamilies()).isTrue();
  }

  @Test
  void undeclaredCellInFirstRowEndsWholeReadsUntilManyRowsHadNone() {
    learnClean(RowGets.CLEAN_ROWS);
    gets.learn(List.of(row("f:country", "f:zz")));
    assertThat(asked().get(1).hasFamilies()).isTrue();
    learnClean(RowGets.CLEAN_ROWS);
    assertThat(asked().get(1).hasFamilies()).isFalse();
  }

  @Test
  void rowWithMoreCellsThanColumnsEndsWholeReads() {
    learnClean(RowGets.CLEAN_ROWS);
    gets.learn(List.of(row("f:country"), row("f:a", "f:country", "f:level", "s:d")));
    assertThat(asked().get(1).hasFamilies()).isTrue();
  }

  @Test
  void repeatedUndeclaredCellsEndWholeReadsPermanently() {
    for (int i = 0; i < RowGets.SETBACKS; i++) {
      learnClean(RowGets.CLEAN_ROWS);
      gets.learn(List.of(row("f:zz")));
    }
    learnClean(2 * RowGets.CLEAN_ROWS);
    assertThat(asked()).allMatch(RowGetsTest::namesTheDeclaredCells);
  }

  private List<Get> asked() {
    return gets.of(List.of(ROW, ROW, ROW));
  }

  private void learnClean(int times) {
    IntStream.range(0, times).forEach(i -> gets.learn(List.of(row("f:country", "f:level", "s:d"))));
  }

  private static boolean namesTheDeclaredCells(Get get) {
    return get.getFamilyMap().values().stream().mapToInt(cells -> cells.size()).sum() == 3;
  }

  private static Result row(String... cells) {
    return Result.create(
        Stream.of(cells)
            .map(cell -> cell.split(":", 2))
            .<Cell>map(
                name -> new KeyValue(ROW, Bytes.toBytes(name[0]), Bytes.toBytes(name[1]), 1, ROW))
            .toList());
  }
}
