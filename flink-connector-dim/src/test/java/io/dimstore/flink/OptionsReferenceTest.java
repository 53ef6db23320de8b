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
        | `table.<table>.changesSuperseded` | Changes that the sink did not write because a newer one of their key was waiting. |
        | `<store>.events.superseded` | Changes that were written and were older than the stored row, which stays. `memory` and `dynamodb` count each; `hbase-redis` those whose row is in Redis at the time, as HBase does not tell ([operations](operations.md)). |
        | `table.<table>.rowsInvalid` | Rows that went to the dead letters; also in Flink's `numRecordsSendErrors`. |
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
          order, and all that waits, dead letters too, is written at each checkpoint, so with versions a replay changes
          nothing.
        - **Scan**: bounded, in batch and streaming jobs; its position is in the checkpoint. A row that cannot be decoded
          fails the job, and fails it again after a restart, until it is repaired or 'scan.unreadable-rows' is 'skip'. Columns, LIMIT
          and, where the key is one column of STRING, INT or BIGINT, comparisons of it with constants are pushed down.

        ## Versions by arrival

        `'version' = 'arrival'` gives each write the time of the sink's clock. For every key a later change wins: at any
        rate, after restarts and rescaling, in other jobs of the process or of another TaskManager. The versions of one
        key never run ahead of the sink's clock because other keys are busy; a key is written once per millisecond at
        most, with its newest change.

        Clocks of TaskManagers differ, so a sink starts `version.max-clock-skew` ahead of its clock and above the time in
        its checkpoint, and gives the lead back at three quarters of the time that passes. The limits:

        - Clocks that differ by more than `version.max-clock-skew`, or are set back by more, may order the changes of
          two writers wrong for as long as they differ.
        - A job that fails more than 12 times in a row without a completed checkpoint, each time within
          `version.max-clock-skew`, may replay below what it wrote before.
        - A job that is killed within `version.max-clock-skew` of its start leaves versions ahead of the clock: a *new* job
          on a TaskManager whose clock is behind may lose to it until then. One that goes on from the checkpoint does not,
          nor does one that follows a job which ended by itself.
        - After a rescale a subtask without state of its own knows no more than the tolerance: clocks that were set back
          by more just before are not made up for.
        - Rows that are only inserted are not distributed by key: if changes of a key come from several subtasks, `SET
          'table.exec.sink.keyed-shuffle' = 'FORCE'` brings them to one, and so to one clock.
        - A replay counts as newer than what other jobs wrote to the same key since.

        ## Changelogs with versions

        | changelog | `'sink.order' = 'changelog'` (default) | `'sink.order' = 'version'` |
        | --- | --- | --- |
        | inserted rows only | the newest version of a key stands, in whatever order they come; an older one is superseded in silence | the same |
        | with updates or deletes | the table ends as the changelog does. Where a row takes the place of a newer one (its newest row was withdrawn, or it was inserted again after its delete), it is stored with the version after that one; its own version column is as the row says | the newest version stands; a withdrawn row does not fall back to an older one |
        | ... with `SET 'table.exec.sink.upsert-materialize' = 'NONE'` | two rows of one sink key: the newer stands; the older may be withdrawn; withdrawing the newer fails the job for good and names the key, since nobody has the other one | the newest version stands |

        With `changelog`, the newest version of each key is in Flink's state, for as long as `table.exec.state.ttl` says, and
        the changelog is distributed by key once more. `version` saves both: it is for changes that say by their version
        alone which is newer, such as a topic of changes. Leave `table.exec.sink.upsert-materialize` at `AUTO`: Flink
        then keeps rows only where the sink's key is not the key of the query, and there a withdrawn row can be followed
        by the one before only with what it keeps. After a failure the replay must bring the changes of a key in the same
        order, as it does unless the query reads them from several partitions.

        ## Rows that cannot be written

        | reason | when |
        | --- | --- |
        | `null-key` | a key column is null |
        | `null-version` | the version is null; see `version.delete-column` for deletes that bring their key alone |
        | `version-out-of-range` | the version is below 0 or above 2^63 - 2 |
        | `value-out-of-range` | a number has more digits than its column |
        | `refused-by-store` | the store cannot hold the key or the row; the other rows of the batch are written |

        `'sink.invalid-rows' = 'fail'` ends the job without a restart at the first of them. With `dead-letter` they go to a
        table of any connector whose sink is a Sink V2, as Kafka's is:

        ```sql
        'sink.invalid-rows' = 'dead-letter',
        'sink.dead-letter.connector' = 'kafka',
        'sink.dead-letter.topic' = 'dim-dead-letters',
        'sink.dead-letter.properties.bootstrap.servers' = 'kafka:9092',
        'sink.dead-letter.value.format' = 'json'
        ```

        A letter has the columns of those of [dim-writer](dim-writer.md#dead-letters), so that one topic can have both:
        `reason`, `detail`, `payload` (`{"op":"-D","row":{...}}`), `payload_encoding`, `payload_bytes`, `source_time` (when it
        was refused), `source_key` (the row's key); `source_topic`, `source_partition` and `source_offset` are null. Letters are
        written at least once and before the checkpoint that covers them ends.
        """;
  }
}
