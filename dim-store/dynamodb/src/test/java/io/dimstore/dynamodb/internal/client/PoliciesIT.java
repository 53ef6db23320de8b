// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that the policies in the documentation allow exactly the requests that are sent. */
class PoliciesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final List<Change> ROWS = FaultFixture.rows(8, 1);
  private static final Pattern STATEMENT =
      Pattern.compile("\"Statement\":\"(INSERT|UPDATE|DELETE|SELECT)");

  private final Set<String> asked = new ConcurrentSkipListSet<>();
  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    fixture = new FaultFixture(stack, "create.tag.team", "risk");
    fixture.proxy.otherwise(
        target ->
            exchange -> {
              note(exchange);
              exchange.answer(exchange.ask());
            });
    spec = fixture.created();
    table = fixture.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Notes the actions that a request needs, by its target and statements. */
  private void note(Exchange exchange) {
    if (exchange.operation().equals("BatchExecuteStatement")) {
      Matcher statement = STATEMENT.matcher(exchange.text());
      while (statement.find()) {
        String verb = statement.group(1);
        asked.add(
            "dynamodb:PartiQL"
                + verb.charAt(0)
                + verb.substring(1).toLowerCase(java.util.Locale.ROOT));
      }
      return;
    }
    asked.add("dynamodb:" + exchange.operation());
    if (exchange.operation().equals("CreateTable") && exchange.text().contains("\"Tags\"")) {
      asked.add("dynamodb:TagResource");
    }
  }

  private static Set<String> allowed(String role) throws IOException {
    Path page = Path.of("").toAbsolutePath();
    while (!Files.exists(page.resolve("docs/dynamodb.md"))) {
      page = page.getParent();
    }
    String text = Files.readString(page.resolve("docs/dynamodb.md"));
    int begin = text.indexOf("<!-- policy: " + role + " -->");
    assertThat(begin).as("policy of the %s", role).isPositive();
    String policy = text.substring(begin, text.indexOf("```\n", text.indexOf("```json", begin)));
    return Pattern.compile("\"(dynamodb:[A-Za-z]+)\"")
        .matcher(policy)
        .results()
        .map(action -> action.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aReaderNeedsJustThePolicyOfTheReader() throws IOException {
    asked.clear();
    FaultFixture.await(fixture.store.validate(spec));
    FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()));
    assertThat(asked).isEqualTo(allowed("reader"));
  }

  @Test
  void aScannerNeedsJustThePolicyOfTheScanner() throws IOException {
    asked.clear();
    FaultFixture.await(fixture.store.validate(spec));
    var splits = FaultFixture.await(table.splits(2, ScanOptions.rows(spec.all())));
    FaultFixture.await(table.scan(splits.get(0), 10));
    assertThat(asked).doesNotContain("dynamodb:Query");
    readPartition();
    assertThat(asked).isEqualTo(allowed("scanner"));
  }

  /** Reads the rows of one partition of a table with a sort key. They are not scanned for. */
  private void readPartition() {
    TableSpec pairs =
        new TableSpec(
            "pairs-" + UUID.randomUUID(),
            List.of(
                new Column("p", DataType.STRING),
                new Column("s", DataType.Simple.INT),
                new Column("n", DataType.Simple.INT)),
            List.of("p", "s"));
    Set<String> before = new TreeSet<>(asked);
    FaultFixture.await(fixture.store.createIfAbsent(pairs));
    DimensionTable rows = fixture.table(pairs);
    List<Change> inside = List.of(pair("a", 1), pair("a", 2));
    FaultFixture.await(rows.write(List.of(pair("a", 0), pair("b", 1), pair("a", 3))));
    FaultFixture.await(rows.write(inside));
    asked.clear();
    var range = new ScanOptions(pairs.all(), Key.of("a", 1), Key.of("a", 3), false);
    var splits = FaultFixture.await(rows.splits(5, range));
    assertThat(splits).hasSize(1);
    assertThat(FaultFixture.await(rows.scan(splits.get(0), 10)).changes()).isEqualTo(inside);
    assertThat(asked).containsExactly("dynamodb:Query");
    asked.addAll(before);
  }

  private static Change pair(String partition, int sort) {
    return new Put(Key.of(partition, sort), Row.of(sort), 1);
  }

  @Test
  void aWriterNeedsJustThePolicyOfTheWriter() throws IOException {
    asked.clear();
    FaultFixture.await(fixture.store.validate(spec));
    FaultFixture.await(fixture.store.createIfAbsent(spec));
    FaultFixture.await(table.write(ROWS));
    FaultFixture.await(table.write(FaultFixture.rows(8, 2)));
    FaultFixture.await(table.write(FaultFixture.rows(1, 3)));
    assertThat(asked).isEqualTo(allowed("writer"));
  }

  @Test
  void aFollowerNeedsJustThePolicyOfTheFollower() throws IOException {
    TableSpec followed =
        new TableSpec("followed", spec.columns(), spec.keyColumns(), Map.of("change-feed", "true"));
    FaultFixture.await(fixture.store.createIfAbsent(followed));
    ChangeFeed feed = (ChangeFeed) fixture.table(followed);
    asked.clear();
    var positions = FaultFixture.await(feed.follow(ChangeFeed.Start.LATEST));
    FaultFixture.await(feed.poll(positions.get(0), 10));
    assertThat(asked).isEqualTo(allowed("follower"));
  }

  @Test
  void aCreatorNeedsJustThePolicyOfTheCreator() throws IOException {
    asked.clear();
    TableSpec fresh = FaultFixture.spec();
    // The response is lost, so the store must ask whether the time to live is enabled.
    fixture.proxy.next(
        "UpdateTimeToLive",
        exchange -> {
          note(exchange);
          Fault.lostAnswer().play(exchange);
        });
    FaultFixture.await(fixture.store.createIfAbsent(fresh));
    assertThat(asked).isEqualTo(allowed("creator"));
  }

  @Test
  void aUserOfSharedRecordsNeedsJustThePolicyOfTheControlTable() throws IOException {
    SharedRecords records = fixture.store.capability(SharedRecords.class).orElseThrow();
    FaultFixture.await(records.replace("policies", 0, "created before"));
    asked.clear();
    FaultFixture.await(records.replace("policies", 1, "x"));
    FaultFixture.await(records.read("policies"));
    FaultFixture.await(records.list("policies", "", 10));
    assertThat(asked).isEqualTo(allowed("control"));
  }

  @Test
  void pingListsTables() {
    asked.clear();
    FaultFixture.await(fixture.store.ping());
    assertThat(asked).containsExactly("dynamodb:ListTables");
  }
}
