package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsReferenceTest {

  private static final Path DOC =
      Path.of(System.getProperty("dimstore.home"), "docs", "connector-options.md");

  /** {@code mvn -pl flink-connector-dim test -Dtest=OptionsReferenceTest -Dupdate=true}. */
  @Test
  void theReferenceIsAsTheOptionsAreDeclared() throws Exception {
    String wanted = page();
    if (Boolean.getBoolean("update")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC)
        .as("run this test with -Dupdate=true to write it anew")
        .exists()
        .hasContent(wanted);
  }

  @Test
  void aStoresOptionsAreWrittenAsATableHasThem() {
    String table =
        OptionsReference.store(
            DimensionStores.factory("memory", OptionsReferenceTest.class.getClassLoader()));
    assertThat(table)
        .startsWith("| option | form | default | meaning |\n| --- | --- | --- | --- |\n")
        .contains("| `memory.deadline` | duration | `10 s` |")
        .contains("| `memory.instance` | text | `default` |");
  }

  @Test
  void everyOptionHasAFormAndAMeaning() {
    OptionsReference.connector()
        .lines()
        .forEach(line -> assertThat(line.split(" \\| ")).as(line).hasSize(4));
  }

  private static String page() {
    return """
        # Options of the connector

        <!-- Written by OptionsReferenceTest from the declarations: change those, then run it with -Dupdate=true. -->

        A table of `'connector' = 'dim'` has these options in its WITH clause, and those of its store with the store's
        name before them, such as `'dynamodb.endpoint'`. Nothing else is accepted: every option is checked when a query
        is planned, and a wrong one is refused with the remedy.

        """
        + OptionsReference.connector()
        + """

        ## Metadata columns

        | name | type | meaning |
        | --- | --- | --- |
        | `version` | `BIGINT` | The version of the row. Written too, unless declared `VIRTUAL`; then it takes the place of 'version.column'. |
        | `expiry` | `TIMESTAMP_LTZ(3)` | The time from which on the row is absent; null for never. Written too, unless declared `VIRTUAL`. |

        ## Metrics

        In the metric group of the operators, under `dim.`; a program in the same JVM reads the same with
        `DimMetrics.snapshot()`.

        | name | what it counts |
        | --- | --- |
        | `<store>.<server>.<get, write, scan, admin>.requests` | Requests to a server, and so `failures`, `retries`, `keys`, `bytes`, `nanos`, `readUnits`, `writeUnits`, `computedUnits` (those of both that the server did not report and its documentation gave). Shown by one subtask of each process for all that share the store, 0 by the others: the sum is right. |
        | `<store>.events.<name>` | What else the store counts, in the same way. |
        | `<store>.gauges.<name>` | What the store said last of a state of its own, shown by one subtask of each process. |
        | `table.<table>.lookups`, `lookupsFound` | Lookups asked of the store, without null keys and answers from Flink's cache; those that found a row. |
        | `table.<table>.changes`, `changesWritten` | Changes that came to the sink; those that were written and not overtaken while they waited. |
        | `table.<table>.rowsScanned`, `unreadableRows` | Rows that scans have read; those that they left out with `'scan.unreadable-rows' = 'skip'`. |

        ## What holds

        - **Lookup join**: ON must have equality of every primary key column; further equalities are compared with the row
          that was found, as `=` compares them in SQL: `NaN` and null equal nothing, `-0.0` equals `0.0`. A null key matches
          nothing. A store that fails for longer than 'retry-timeout' fails the job: it is never taken for a missing row.
        - **Hints of a lookup join**: each table offers asynchronous and synchronous lookups; `'async'='false'` in a LOOKUP
          hint, or the planner, chooses. `'retry-predicate'='lookup_miss'` looks a missing row up again. A row that waits for
          its next attempt holds one thread of the connector, so `'capacity'` bounds these threads. The hint never retries
          a failure: 'retry-timeout' does.
        - **Sink**: a change is a whole row: columns that an INSERT leaves out become null. Changes of a key are written in
          order, and all that waits is written at each checkpoint, so with versions a replay changes nothing. The stored
          row with the newest version stands, so `SET 'table.exec.sink.upsert-materialize' = 'NONE'` saves the state that
          Flink would keep to order changes, wherever versions do.
        - **Scan**: bounded, in batch and streaming jobs; its position is in the checkpoint. A row that cannot be decoded
          fails the job, and fails it again after a restart, until it is repaired or 'scan.unreadable-rows' is 'skip'. Columns, LIMIT
          and, where the key is one column of STRING, INT or BIGINT, comparisons of it with constants are pushed down.
        """;
  }
}
