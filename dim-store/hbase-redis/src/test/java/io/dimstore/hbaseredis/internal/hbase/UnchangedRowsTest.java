// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.shaded.protobuf.ProtobufUtil;
import org.junit.jupiter.api.Test;

class UnchangedRowsTest {

  private static final TableSpec SPEC = Users.spec("users");

  private final Layout layout = new Layout(SPEC);
  private final ChangeEncoder encoder =
      new ChangeEncoder(SPEC, layout, new EntryCodec(layout), true);
  private final UnchangedRows unchanged = new UnchangedRows(layout);

  private Put mutation(String country, long version) {
    return encoder.prepare(List.of(Users.user("a", country, 1, version)), 1).get(0).state();
  }

  /** Batches are limited by this size. */
  @Test
  void sizeOfTheConditionIsNotUnderestimated() throws IOException {
    Put stored = mutation("x".repeat(5_000), 1);
    List<Cell> cells = new ArrayList<>();
    stored.getFamilyCellMap().values().forEach(cells::addAll);
    Result read = Result.create(cells);
    CheckAndMutate step = unchanged.step(read, mutation("NL", 2));
    int size =
        ProtobufUtil.toCondition(step.getRow(), step.getFilter(), step.getTimeRange())
            .getSerializedSize();
    assertThat((long) size).isBetween(5_000L, unchanged.bytes(read));
  }
}
