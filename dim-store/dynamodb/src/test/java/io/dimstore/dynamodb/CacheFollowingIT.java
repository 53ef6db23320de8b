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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    String gap = "read-cache.gap-millis." + spec.name();
    FaultRig.until("the feed is followed", () -> reader.gauges.getOrDefault(gap, 1L) == 0);
    assertThat(get(read, spec)).isNull();
    for (int version = 1; version <= 3; version++) {
      Put put = new Put(K, Row.of(version), version);
      FaultRig.await(write.write(List.of(put)));
      FaultRig.until("version " + version + " is seen", () -> put.equals(get(read, spec)));
    }
    FaultRig.await(write.write(List.of(new Delete(K, 4))));
    FaultRig.until("the delete is seen", () -> get(read, spec) == null);
    // Entries are kept while nothing changes.
    FaultRig.until("it is answered from memory", () -> fromMemory(read, spec));
    assertThat(get(read, spec)).isNull();
  }

  static Stream<WireFault> interruptions() {
    return Stream.of(
        WireFault.error(400, "AccessDeniedException", "not yours any more"),
        WireFault.error(400, "TrimmedDataAccessException", "too old"),
        WireFault.error(500, "InternalServerError", "for a while"));
  }

  /** Rights are taken away and come back, records are trimmed, the service of streams fails. */
  @ParameterizedTest
  @MethodSource("interruptions")
  void afterAGapFollowingGoesOnByItselfAndNothingFromBeforeIsAnswered(WireFault fault) {
    TableSpec spec = created("true");
    String gap = "read-cache.gap-millis." + spec.name();
    DimensionTable read = reader.table(spec);
    DimensionTable write = writer.table(spec);
    FaultRig.until("the feed is followed", () -> reader.gauges.getOrDefault(gap, 1L) == 0);
    Put one = new Put(K, Row.of(1), 1);
    FaultRig.await(write.write(List.of(one)));
    FaultRig.until(
        "version 1 is in memory", () -> one.equals(get(read, spec)) && fromMemory(read, spec));

    reader.proxy.always("GetRecords", fault);
    FaultRig.until("the gap is noticed", () -> reader.gauges.get(gap) > 0);
    assertThat(reader.counts.get("read-cache.gaps")).isEqualTo(1);
    assertThat(fromMemory(read, spec)).as("an answer from memory within the gap").isFalse();
    Put two = new Put(K, Row.of(2), 2);
    FaultRig.await(write.write(List.of(two)));
    FaultRig.until("version 2 is seen", () -> two.equals(get(read, spec)));
    Put three = new Put(K, Row.of(3), 3);
    FaultRig.await(write.write(List.of(three)));

    reader.proxy.heal();
    FaultRig.until("the gap ends", () -> reader.gauges.get(gap) == 0);
    assertThat(get(read, spec)).isEqualTo(three);
    FaultRig.until("answers come from memory", () -> fromMemory(read, spec));
    Put four = new Put(K, Row.of(4), 4);
    FaultRig.await(write.write(List.of(four)));
    FaultRig.until("the change is reported", () -> four.equals(get(read, spec)));
  }

  private boolean fromMemory(DimensionTable table, TableSpec spec) {
    int before = reader.proxy.requests("BatchGetItem");
    get(table, spec);
    return reader.proxy.requests("BatchGetItem") == before;
  }

  /** It is answered from memory up to {@code read-cache.gap-max-age}. */
  @Test
  void aTableWithoutAStreamIsCachedByAgeAlone() throws IOException {
    TableSpec spec = created("false");
    reader.close();
    reader =
        new FaultRig(
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
