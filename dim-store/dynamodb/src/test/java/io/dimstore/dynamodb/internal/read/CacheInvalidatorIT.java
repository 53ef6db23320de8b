// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests a read cache with a maximum age of an hour that follows the change feed. */
class CacheInvalidatorIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final Key K = Key.of("k");

  private FaultFixture writer;
  private FaultFixture reader;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    writer = new FaultFixture(stack);
    reader =
        new FaultFixture(
            stack,
            "consistent-reads",
            "false",
            "read-cache.max-age",
            "1 h",
            "read-cache.follow",
            "true",
            "read-cache.gap-max-age",
            "0 s");
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
    reader.close();
  }

  private TableSpec created(String feed) {
    TableSpec plain = FaultFixture.spec();
    TableSpec spec =
        new TableSpec(
            plain.name(), plain.columns(), plain.keyColumns(), Map.of("change-feed", feed));
    FaultFixture.await(writer.store.createIfAbsent(spec));
    return spec;
  }

  private Put get(DimensionTable table, TableSpec spec) {
    return FaultFixture.await(table.get(List.of(K), spec.all())).get(0);
  }

  @Test
  void aWriteOfAnotherProcessInvalidatesAnEntryBeforeItsAge() {
    TableSpec spec = created("true");
    DimensionTable read = reader.table(spec);
    DimensionTable write = writer.table(spec);
    String gap = "read-cache.gap.ms." + spec.name();
    FaultFixture.until("the feed is followed", () -> reader.gauges.getOrDefault(gap, 1L) == 0);
    assertThat(get(read, spec)).isNull();
    for (int version = 1; version <= 3; version++) {
      Put put = new Put(K, Row.of(version), version);
      FaultFixture.await(write.write(List.of(put)));
      FaultFixture.until("version " + version + " is seen", () -> put.equals(get(read, spec)));
    }
    FaultFixture.await(write.write(List.of(new Delete(K, 4))));
    FaultFixture.until("the delete is seen", () -> get(read, spec) == null);
    // Entries stay valid while nothing changes.
    FaultFixture.until("it is answered from memory", () -> fromMemory(read, spec));
    assertThat(get(read, spec)).isNull();
  }

  static Stream<Fault> interruptions() {
    return Stream.of(
        Fault.error(400, "AccessDeniedException", "not yours any more"),
        Fault.error(400, "TrimmedDataAccessException", "too old"),
        Fault.error(500, "InternalServerError", "for a while"));
  }

  /** Rights are revoked and granted again, records are trimmed, or DynamoDB Streams fails. */
  @ParameterizedTest
  @MethodSource("interruptions")
  void afterAGapFollowingResumesAndOldEntriesAreNotUsed(Fault fault) {
    TableSpec spec = created("true");
    String gap = "read-cache.gap.ms." + spec.name();
    DimensionTable read = reader.table(spec);
    DimensionTable write = writer.table(spec);
    FaultFixture.until("the feed is followed", () -> reader.gauges.getOrDefault(gap, 1L) == 0);
    Put one = new Put(K, Row.of(1), 1);
    FaultFixture.await(write.write(List.of(one)));
    FaultFixture.until(
        "version 1 is in memory", () -> one.equals(get(read, spec)) && fromMemory(read, spec));

    reader.proxy.always("GetRecords", fault);
    FaultFixture.until("the gap is noticed", () -> reader.gauges.get(gap) > 0);
    assertThat(reader.counts.get("read-cache.gaps")).isEqualTo(1);
    assertThat(fromMemory(read, spec)).as("an answer from memory within the gap").isFalse();
    Put two = new Put(K, Row.of(2), 2);
    FaultFixture.await(write.write(List.of(two)));
    FaultFixture.until("version 2 is seen", () -> two.equals(get(read, spec)));
    Put three = new Put(K, Row.of(3), 3);
    FaultFixture.await(write.write(List.of(three)));

    reader.proxy.heal();
    FaultFixture.until("the gap ends", () -> reader.gauges.get(gap) == 0);
    assertThat(get(read, spec)).isEqualTo(three);
    FaultFixture.until("answers come from memory", () -> fromMemory(read, spec));
    Put four = new Put(K, Row.of(4), 4);
    FaultFixture.await(write.write(List.of(four)));
    FaultFixture.until("the change is reported", () -> four.equals(get(read, spec)));
  }

  private boolean fromMemory(DimensionTable table, TableSpec spec) {
    int before = reader.proxy.requests("BatchGetItem");
    get(table, spec);
    return reader.proxy.requests("BatchGetItem") == before;
  }

  /** Its entries are used up to {@code read-cache.gap-max-age}. */
  @Test
  void aTableWithoutAStreamIsCachedByAgeOnly() throws IOException {
    TableSpec spec = created("false");
    reader.close();
    reader =
        new FaultFixture(
            stack,
            "consistent-reads",
            "false",
            "read-cache.max-age",
            "1 h",
            "read-cache.follow",
            "true",
            "read-cache.gap-max-age",
            "10 min");
    DimensionTable read = reader.table(spec);
    FaultFixture.until("the table was described", () -> reader.proxy.requests("DescribeTable") > 0);
    FaultFixture.until(
        "answers come from memory",
        () -> {
          int before = reader.proxy.requests("BatchGetItem");
          return get(read, spec) == null && reader.proxy.requests("BatchGetItem") == before;
        });
    assertThat(reader.proxy.requests("GetRecords")).isZero();
  }
}
