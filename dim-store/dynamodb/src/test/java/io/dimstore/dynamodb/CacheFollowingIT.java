package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A read cache whose entries live for an hour, and end as the feed tells of what others wrote. */
class CacheFollowingIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final Key K = Key.of("k");

  private FaultRig writer;
  private FaultRig reader;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    writer = new FaultRig(stack);
    reader =
        new FaultRig(
            stack,
            "consistent-reads",
            "false",
            "read-cache.max-age",
            "1 h",
            "read-cache.follow",
            "true");
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
    reader.close();
  }

  private TableSpec created(String feed) {
    TableSpec plain = FaultRig.spec();
    TableSpec spec =
        new TableSpec(
            plain.name(), plain.columns(), plain.keyColumns(), Map.of("change-feed", feed));
    FaultRig.await(writer.store.createIfAbsent(spec));
    return spec;
  }

  private Put get(DimensionTable table, TableSpec spec) {
    return FaultRig.await(table.get(List.of(K), spec.all())).get(0);
  }

  @Test
  void whatAnotherProcessWritesEndsAnEntryLongBeforeItsAge() {
    TableSpec spec = created("true");
    DimensionTable read = reader.table(spec);
    DimensionTable write = writer.table(spec);
    FaultRig.until("the feed is followed", () -> reader.proxy.requests("GetRecords") > 0);
    assertThat(get(read, spec)).isNull();
    for (int version = 1; version <= 3; version++) {
      Put put = new Put(K, Row.of(version), version);
      FaultRig.await(write.write(List.of(put)));
      FaultRig.until("version " + version + " is seen", () -> put.equals(get(read, spec)));
    }
    FaultRig.await(write.write(List.of(new Delete(K, 4))));
    FaultRig.until("the delete is seen", () -> get(read, spec) == null);
    // Entries are kept while nothing changes.
    int before = reader.proxy.requests("BatchGetItem");
    assertThat(get(read, spec)).isNull();
    assertThat(reader.proxy.requests("BatchGetItem")).isEqualTo(before);
  }

  @Test
  void aTableWithoutAStreamIsCachedByAgeAlone() {
    TableSpec spec = created("false");
    DimensionTable read = reader.table(spec);
    FaultRig.until("the table was described", () -> reader.proxy.requests("DescribeTable") > 0);
    FaultRig.until(
        "answers come from memory",
        () -> {
          int before = reader.proxy.requests("BatchGetItem");
          return get(read, spec) == null && reader.proxy.requests("BatchGetItem") == before;
        });
    assertThat(reader.proxy.requests("GetRecords")).isZero();
  }
}
