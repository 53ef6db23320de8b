// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsReferenceTest {

  private static final Path DOC =
      Path.of(System.getProperty("dimstore.home"), "docs", "connector-options.md");

  /**
   * To update the reference, run {@code mvn -pl flink-connector-dim test
   * -Dtest=OptionsReferenceTest -Dupdate=true}.
   */
  @Test
  void referenceMatchesTheDeclaredOptions() throws Exception {
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
  void optionsOfAStoreHaveItsIdAsPrefix() {
    String table =
        OptionsReference.store(
            DimensionStores.factory("memory", OptionsReferenceTest.class.getClassLoader()));
    assertThat(table)
        .startsWith("| option | form | default | meaning |\n| --- | --- | --- | --- |\n")
        .contains("| `memory.deadline` | duration | `10 s` |")
        .contains("| `memory.instance` | text | `default` |");
  }

  @Test
  void everyOptionHasATypeAndADescription() {
    OptionsReference.connector()
        .lines()
        .forEach(line -> assertThat(line.split(" \\| ")).as(line).hasSize(4));
  }

  private static String page() {
    return """
        # Options of the connector

        <!-- Written by OptionsReferenceTest from the declarations: change those, then run it with -Dupdate=true. -->

        A table with `'connector' = 'dim'` accepts these options in its WITH clause, and the options of its store with the
        store's name as a prefix, such as `'dynamodb.endpoint'`. Any other option is refused. All options are checked when a
        query is planned, and the error for a wrong one contains the remedy.

        """
        + OptionsReference.connector()
        + """

        ## Metadata columns

        | name | type | meaning |
        | --- | --- | --- |
        | `version` | `BIGINT` | The version of the row. Unless it is declared `VIRTUAL`, sinks write it too, and it takes the place of 'version.column'. |
        | `expiry` | `TIMESTAMP_LTZ(3)` | The time from which on the row is absent; null for never. Sinks write it too, unless it is declared `VIRTUAL`. |

        ## Metrics

        The metrics are in the metric group of the operators, under `dim.`; [operations](operations.md#all-metrics) lists them,
        with a dashboard and alerts. A program in the same JVM reads them with `DimMetrics.snapshot()`.

        ## Lookups in flight

        A lookup can only be in a batch once Flink has begun it. Flink limits the asynchronous lookups that each subtask has in
        flight to `table.exec.async-lookup.buffer-capacity`, 100 by default, as many as a batch has by default. With a larger
        'lookup.batch-size' or a smaller capacity, a subtask cannot fill a batch, and the job sends more requests than it has
        to. At the start of a job, the connector logs a warning for each such table. It names both settings and the value to
        set: enough for 'lookup.max-in-flight' full batches that are read, and one more that fills meanwhile. For batches of
        200:

        ```sql
        SET 'table.exec.async-lookup.buffer-capacity' = '600';
        ```

        The first subtask logs it, so it is in the log of one TaskManager. `'capacity'` in a LOOKUP hint overrides the setting
        for one join; the connector does not see it, and the warning then does not apply. The lookups of all subtasks in a
        TaskManager share batches: several subtasks of a job may fill them together, at high load. Each lookup in flight holds
        its row in memory, and in each checkpoint.

        ## Guarantees

        - **Lookup join**: the ON clause must compare every primary key column by equality, or the first ones. With the first
          ones it finds all rows whose key begins with these values, if the store reads a [`keyPrefix`](#conditions-on-the-key)
          alone; otherwise the job fails at the first event. Such lookups are not batched: each is a request, or more if the
          rows fill several pages of 'scan.page-size', and its rows are held in memory. They read HBase, not Redis, and do not
          use the cache of 'lookup.cache'. Further equalities are compared with the rows that were found, as `=` compares in
          SQL: `NaN` and null equal nothing, and `-0.0` equals `0.0`. A null key matches nothing. If the store fails for longer
          than 'retry-timeout', the job fails; a failure is never treated as a missing row. Key columns of FLOAT or DOUBLE are
          refused, because stores find rows by the bytes of their key.
        - **Stopping a job while lookups wait for the store**: the savepoint contains the rows whose asynchronous lookups are in
          flight, and the restored job looks them up again. It is taken only once every subtask of the lookup accepts rows. A
          subtask with `'capacity'` rows in flight, or one that looks up synchronously, delays it until the store answers, or
          until 'retry-timeout' or the hint's timeout fails the job. With `--drain`, the savepoint waits for all lookups.
        - **Hints of a lookup join**: each table offers asynchronous and synchronous lookups. `'async'='false'` in a LOOKUP
          hint, or otherwise the planner, chooses. With `'retry-predicate'='lookup_miss'` a missing row is looked up again, past
          what 'lookup.cache' knew when it was missing. A row that waits for its next attempt occupies one thread of the
          connector, so `'capacity'` limits these threads. The hint never retries a failure; 'retry-timeout' does.
        - **Sink**: a change is a whole row: columns that an INSERT leaves out become null. Changes of a key are written in
          order. Each checkpoint writes all waiting changes, dead letters included, so with versions a replay has no further
          effect.
        - **Scan**: bounded, in batch and streaming jobs; its position is part of the checkpoint. A row that cannot be decoded
          fails the job, and fails it again after a restart, until the row is repaired or 'scan.unreadable-rows' is 'skip'.
          Columns, LIMIT and [conditions on the key](#conditions-on-the-key) are pushed down.

        ## Conditions on the key

        A SELECT from the table reads only the keys that its WHERE clause allows. The connector reads them in one of three
        ways. Flink still checks every condition on the rows that are read.

        | condition, for a key `(a, b)` | what is read | summary |
        | --- | --- | --- |
        | `a = 'x' AND b = 3`, `a IN ('x', 'y') AND b IN (1, 2)`, `(a, b) IN (('x', 1), ('y', 2))`, the same written with OR | these keys, up to 10,000, as lookups in batches of 'scan.page-size'. The table is not scanned | `keys=[4]` |
        | `a = 'x'` | the keys that begin with this value | `keyPrefix=[a=x]` |
        | `a = 'x' AND b > 3`, `a > 'x'`, `a BETWEEN 'x' AND 'z'`, `a IN ('x', 'y')`; more than 10,000 keys | the range from the least of these keys to the greatest | `keyRange=[a=x, b>=4]` |
        | `b = 3`, or a condition on other columns only | the whole table | |

        A key of one column works alike: `id = 'x'` and `id IN ('x', 'y')` are lookups, `id > 'x'` is a range. A lookup finds
        a row under the same conditions as a lookup join: of the newest version, neither deleted nor expired, and with a key
        that is stored as dimstore stores it. With `hbase-redis` it is answered by Redis, if Redis has the row.

        How a store reads a range:

        | store | `keyPrefix` | `keyRange` |
        | --- | --- | --- |
        | `memory`, `h2` | just the range | just the range |
        | `hbase-redis`, row keys in the order of the keys: `'key-codec' = 'plain'`, and more than one key column, or one of STRING or BYTES, or `'key-encoding' = 'ordered'` | just the range: a scan from a start row to a stop row | just the range |
        | `hbase-redis`, other row keys | the whole table | the whole table |
        | `dynamodb`, two key columns [with key types](storage-format.md#primary-key) | the items of one partition key, by `Query` | by `Query` if it begins with an equality of the first column, else the whole table |
        | `dynamodb`, one key column, three or more, or one without a key type | the whole table | the whole table |

        A store that reads the whole table leaves out the rows outside the range before it returns them. DynamoDB charges for
        them nevertheless. The job logs a warning when it starts such a scan. A lookup join by a prefix never reads the whole
        table: the job fails instead.

        A condition counts if it compares a key column with a constant by `=`, `<`, `<=`, `>`, `>=`, `BETWEEN` or `IN`, or
        combines such comparisons by `AND` and `OR`. A BOOLEAN column is a condition itself. The constant may be of another
        type:

        | key column | constants that count |
        | --- | --- |
        | TINYINT, SMALLINT, INT, BIGINT, DECIMAL | exact numbers of any type. A number that the column cannot have, such as 1.5 in a column of INT, equals no key. DOUBLE and FLOAT do not count |
        | CHAR, VARCHAR, STRING; BINARY, VARBINARY, BYTES | texts; bytes |
        | DATE, TIME, TIMESTAMP | the same type, or text such as `'2020-02-29'` or `'2020-02-29 10:11:12'`. A TIMESTAMP with more digits than the column has, and a TIME with a fraction of a second, do not count |
        | TIMESTAMP_LTZ | TIMESTAMP_LTZ, and TIMESTAMP in the time zone of the session |

        These do not count: `<>`, `NOT IN`, `LIKE`, functions of the column, casts that can change it, and an OR with a
        condition on a column that is not in the key.

        EXPLAIN shows the conditions that decide what is read as `filter=[...]` of the table; the others are in `where=[...]`
        alone. Flink does not print the summary in plans. The job logs it when it begins to read, at INFO:
        `Reading table 'dim_user' of store 'dynamodb': keys=[2]`.

        ```sql
        EXPLAIN SELECT country FROM dim_user WHERE user_id IN ('u1', 'u2') AND level > 3;
        -- TableSourceScan(table=[[..., dim_user, filter=[OR(=(user_id, 'u1'), =(user_id, 'u2'))], ...
        ```

        On DynamoDB, the three ways need different [permissions](dynamodb.md#policies): `dynamodb:BatchGetItem` for keys,
        `dynamodb:Query` for the range of a partition, `dynamodb:Scan` for the rest
        ([decision](decisions/2026-12-01-conditions-on-the-key.md)).

        ## Versions by arrival

        `'version' = 'arrival'` gives each change the time of the sink's clock in milliseconds. A later change of a key wins:

        | the later change comes from | it wins over an earlier one |
        | --- | --- |
        | the same subtask | always, at any rate of changes |
        | a subtask that started after the other one had ended: after a restart, a rescale, a resubmission from any checkpoint or without one, or in another job | always, in any process |
        | another subtask that runs at the same time, in the same process | if there are at least 2 ms between them |
        | another subtask that runs at the same time, in another process | if the time between them is at least 2 ms longer than the difference of the two clocks, so in any case if it is 2 ms longer than `version.max-clock-skew` |

        A version is never ahead of the sink's clock, unless that clock was set back. Busy keys do not change that: each key is
        written at most once per millisecond, with its newest change.

        Clocks of TaskManagers differ. A sink therefore waits for `version.max-clock-skew` after each start and restart before
        it writes its first change: an earlier sink may have had a clock that was ahead by so much. The time until the first
        change arrives is part of the wait. The limits:

        - If clocks differ by more than `version.max-clock-skew`, or are set back by more, the changes of two writers may be
          ordered wrongly for as long as the clocks differ. After a clock was set back, the versions of its sinks advance at a
          quarter of real time until the clock has caught up. Until then, they may win over later changes of other writers.
        - A TaskManager that has lost its connection may go on writing until it ends its tasks. Until then, it counts as a
          subtask that runs at the same time.
        - After a rescale, a subtask may have no state. It then does not know how far the clocks were set back before, and
          compensates only for `version.max-clock-skew`.
        - Rows that are only inserted are not distributed by key. If changes of one key come from several subtasks, `SET
          'table.exec.sink.keyed-shuffle' = 'FORCE'` sends them to one subtask, and so to one clock.
        - A replayed change counts as newer than what other jobs have written to the same key in the meantime.

        ## Changelogs with versions

        | changelog | `'sink.order' = 'changelog'` (default) | `'sink.order' = 'version'` |
        | --- | --- | --- |
        | inserted rows only | the newest version of a key is kept, whatever the order of arrival; an older one is superseded, which is not an error | the same |
        | with updates or deletes | the table ends in the state of the changelog, and an INSERT replaces a row as an UPDATE_AFTER does. If a row replaces a newer one (the newest row of the key was retracted, or the row was inserted again after its delete), it is stored with the version after the newer one. Its own version column keeps its value | the newest version is kept; a retracted row is not replaced by an older one |
        | ... with `SET 'table.exec.sink.upsert-materialize' = 'NONE'` | of two rows with the same sink key, the newer one is kept. The older one may be retracted. Retracting the newer one fails the job permanently and names the key, because the older row is no longer stored anywhere. Rows are compared by their own versions, even if they are stored with others. With dead letters, see [below](#dead-letters-without-an-upsert-materializer) | the newest version is kept |

        With `changelog`, the changelog is distributed by key once more, and Flink's state holds the newest version of each key,
        deleted keys included. A key takes about 150 bytes plus the key itself on the heap, or about 20 bytes plus the key
        itself in RocksDB, so a million deleted keys of 20 characters take 170 MB or 40 MB. Without an upsert materializer
        (`table.exec.sink.upsert-materialize` = `NONE`) each key that has a row takes 16 bytes more; with dead letters, each row
        takes 16 bytes more. By default the state is kept for ever; `table.exec.state.ttl` limits its age. Set that option well
        above the longest time for which the store remembers a delete. That time is at least `tombstone-retention`, but has no
        exact end: HBase remembers a delete until `write repair --purge`, DynamoDB until its service removes the item, in
        general within a few days. If the state is removed before the store forgets the delete, a row that is inserted again
        with a version older than its delete is superseded.

        `version` needs neither the state nor the second distribution. It is for changes whose version alone decides which is
        newer, such as a topic of changes.

        Leave `table.exec.sink.upsert-materialize` at `AUTO`. With it, Flink adds an operator before the sink, the upsert
        materializer, if the sink's key is not the key of the query. That operator keeps the rows of each key, so that it can
        restore the previous row when a row is retracted. After a failure, the replay must bring the changes of a key in the
        same order. It does, unless the query reads them from several partitions.

        ## Rows that cannot be written

        | reason | when |
        | --- | --- |
        | `null-key` | a key column is null |
        | `null-version` | the version is null; see `version.delete-column` for deletes that contain only their key |
        | `version-out-of-range` | the version is below 0 or above 2^63 - 2 |
        | `value-out-of-range` | a number has more digits than its column |
        | `refused-by-store` | the store cannot hold the key or the row; the other rows of the batch are written |

        `'sink.invalid-rows' = 'fail'` ends the job without a restart at the first such row. With `dead-letter`, such rows go to
        a table of any connector whose sink is a Sink V2, such as Kafka's:

        ```sql
        'sink.invalid-rows' = 'dead-letter',
        'sink.dead-letter.connector' = 'kafka',
        'sink.dead-letter.topic' = 'dim-dead-letters',
        'sink.dead-letter.properties.bootstrap.servers' = 'kafka:9092',
        'sink.dead-letter.value.format' = 'json'
        ```

        A dead letter has the same columns as the dead letters of [dim-writer](dim-writer.md#dead-letters), so that one topic
        can have both: `reason`, `detail`, `payload` (`{"op":"-D","row":{...}}`), `payload_encoding`, `payload_bytes`,
        `source_time` (when it was refused), `source_key` (the row's key); `source_topic`, `source_partition` and
        `source_offset` are null. Dead letters are written at least once and before the checkpoint that covers them ends. An
        option with which their connector would lose rows is refused: a `sink.delivery-guarantee` other than `at-least-once`,
        even if it is the connector's default, and Kafka's `properties.acks` of `0`.

        The table ends as if the refused rows were not in the changelog. The sink sends only the newest of the changes of a key
        that wait at the same time. With dead letters it keeps the others until the newest is written. If the store refuses that
        one, for instance because it is too large, the sink sends the next older one. At most (2 + `sink.max-in-flight`) x
        `sink.batch-size` changes wait or are kept. Beyond that, the sink accepts no row until a write ends, so a key that
        changes very often slows the job down more than with `fail`. A checkpoint first writes all waiting changes, so it never
        contains kept ones.

        A row that is refused does not replace the row before it. If each update also brings the row that it replaces, as with
        `SET 'table.exec.sink.upsert-materialize' = 'NONE'`, that row was retracted, and the key is absent.

        ### Dead letters without an upsert materializer

        With `SET 'table.exec.sink.upsert-materialize' = 'NONE'` several rows may have the same sink key. The store may have
        refused any of them, so the sink must not rely on the newest one being stored:

        - If a key has several rows, only the row with the oldest version may be retracted; with versions by arrival, none of
          them may. Any other retraction fails the job and names the key, because the table might have to return to an older
          row, which is stored nowhere.
        - The sink stores the rows of a key in the order of their versions, and may store a row with a greater version than its
          own. So after a row was retracted and an older one inserted, two rows may be stored with successive versions. A third
          row that belongs between these two then fails the job too.
        - The retraction of a row that had no valid version is a dead letter too. A delete that contains only the key fails the
          job if the key has both such rows and valid ones, because it does not say which of them it retracts.

        With the default, `AUTO`, none of these applies.
        """;
  }
}
