// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static io.dimstore.dynamodb.faults.FaultFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Columns with names that have a meaning in expressions and statements, or that no expression may
 * contain: whatever name a user chooses, the service receives a placeholder or a quoted name.
 */
class NamesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  /** Reserved words, functions, clauses, operators, paths, placeholders, and not only ASCII. */
  private static final List<String> NAMES =
      List.of(
          "€",
          "größe",
          "名",
          "🙂",
          "size",
          "SET",
          "REMOVE",
          "WHERE",
          "value",
          "VALUE",
          "order",
          "attribute_exists",
          "a.b",
          "a[0]",
          "#0",
          ":v",
          "_x",
          "__v",
          "-",
          "a b",
          " ",
          "?",
          "1",
          "a=1",
          "a)",
          "{",
          "a,b",
          "*",
          "\\",
          "a\nb");

  /** Names that cannot be written with statements. */
  private static final List<String> QUOTED = List.of("a\"b", "it's", "\"", "''");

  private static final Pattern EXPRESSION =
      Pattern.compile("\"([A-Za-z]*Expression)\":\"([^\"]*)\"");
  private static final Pattern PLACEHOLDERS =
      Pattern.compile(
          "([#:][a-z0-9]+|[ ,()<>=]|AND|OR|NOT|attribute_not_exists|attribute_exists)*");

  @Test
  void everyNameIsWrittenAndReadWithoutBeingPartOfAnExpression() throws IOException {
    roundTrip(NAMES);
  }

  @Test
  void namesWithQuotesAreWrittenWithoutStatements() throws IOException {
    List<String> requests = roundTrip(QUOTED);
    assertThat(requests).noneMatch(body -> body.contains("\"Statement\""));
  }

  private static List<String> roundTrip(List<String> names) throws IOException {
    List<String> bodies = new CopyOnWriteArrayList<>();
    try (FaultFixture rig = new FaultFixture(stack)) {
      rig.proxy.otherwise(
          operation ->
              exchange -> {
                bodies.add(exchange.text());
                exchange.answer(exchange.ask());
              });
      for (String name : names) {
        // Each name once as the key and once as a value, beside all the others.
        writeAndRead(rig, tableOf(names, name));
      }
    }
    assertThat(bodies).isNotEmpty();
    for (String body : bodies) {
      Matcher expressions = EXPRESSION.matcher(body);
      while (expressions.find()) {
        assertThat(PLACEHOLDERS.matcher(expressions.group(2)).matches())
            .as("%s: %s", expressions.group(1), expressions.group(2))
            .isTrue();
      }
    }
    return bodies;
  }

  private static void writeAndRead(FaultFixture rig, TableSpec spec) {
    await(rig.store.createIfAbsent(spec));
    DimensionTable table = rig.table(spec);
    int values = spec.columns().size() - 1;
    // As new rows, over older rows with attributes to remove, and one row alone.
    await(table.write(rows(values, 1, false)));
    List<Change> newer = rows(values, 2, true);
    await(table.write(newer));
    await(table.write(newer.subList(0, 1)));
    assertThat(await(table.get(FaultFixture.keys(newer), spec.all()))).isEqualTo(newer);
    assertThat(await(table.get(List.of(Key.of("k0")), Projection.of(values - 1))))
        .containsExactly(new Put(Key.of("k0"), Row.of(value(values - 1, 0, 2)), 2));
    ScanSplit split = await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    assertThat(await(table.scan(split, 100)).requireReadable().changes())
        .containsExactlyInAnyOrderElementsOf(newer);
    await(table.write(List.of(new Delete(Key.of("k0"), 3))));
    assertThat(await(table.get(List.of(Key.of("k0")), spec.all())).get(0)).isNull();
  }

  private static TableSpec tableOf(List<String> names, String key) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(key, DataType.STRING));
    names.stream()
        .filter(name -> !name.equals(key))
        .forEach(name -> columns.add(new Column(name, DataType.STRING)));
    return new TableSpec("names-" + UUID.randomUUID(), columns, List.of(key));
  }

  private static List<Change> rows(int values, long version, boolean withNull) {
    return IntStream.range(0, 8)
        .mapToObj(
            row ->
                (Change)
                    new Put(
                        Key.of("k" + row),
                        Row.of(
                            IntStream.range(0, values)
                                .mapToObj(
                                    i -> withNull && i % 2 == 1 ? null : value(i, row, version))
                                .toArray()),
                        version))
        .toList();
  }

  private static String value(int column, int row, long version) {
    return column + " of " + row + ", " + version;
  }
}
