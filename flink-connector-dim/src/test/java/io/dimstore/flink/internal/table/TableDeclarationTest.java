// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that everything is checked when a query is planned. No test starts a job. */
class TableDeclarationTest {

  private static final String COLUMNS = "id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED";
  private static final String WELL = "'store' = 'memory', 'table' = 't'";

  @Test
  void aWellDeclaredTableIsPlanned() {
    assertThat(read(COLUMNS, WELL)).contains("TableSourceScan");
    assertThat(write(COLUMNS, WELL + ", 'version.column' = 'v'")).contains("Sink");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'table' = 't'                                   | Option 'store' is missing|[documented, faulty, memory]",
        "'store' = 'memry', 'table' = 't'                | Option 'store'|did you mean 'memory'?",
        "'store' = 'memory'                              | Option 'table' is missing|name the table in the store",
        "'lookup.batchsize' = '5'                        | Unknown option 'lookup.batchsize'|did you mean 'lookup.batch-size'?",
        "'max-pending' = '5'                             | Unknown option 'max-pending'|did you mean 'memory.max-pending'?",
        "'memory.max-pendin' = '5'                       | Option 'memory.max-pendin'|did you mean 'max-pending'?",
        "'memory.max-pending' = 'many'                   | Option 'memory.max-pending'|not a whole number",
        "'faulty.instance' = 'x'                         | Option 'faulty.instance' belongs to store 'faulty'|Remedy: remove it",
        "'lookup.batch-size' = 'ten'                     | Option 'lookup.batch-size': 'ten'|integer",
        "'lookup.batch-size' = '0'                       | Option 'lookup.batch-size' is 0|1 or more",
        "'sink.linger' = 'soon'                          | Option 'sink.linger': 'soon'|duration",
        "'version.max-clock-skew' = '61 s'               | Option 'version.max-clock-skew' is 61000 ms|1 min or less",
        "'version' = 'whenever'                          | Option 'version': 'whenever'|arrival",
        "'version.column' = 'w'                          | no physical column 'w'|did you mean 'v'?",
        "'version.column' = 'id'                         | column 'id' is STRING|BIGINT, TIMESTAMP or TIMESTAMP_LTZ",
        "'version.column' = 'v', 'version' = 'arrival'   | 'version' and 'version.column' exclude each other|remove one",
        "'lookup.cache' = 'FULL', 'lookup.cache.follow' = 'false' | 'lookup.cache' is FULL|'PARTIAL'",
        "'lookup.cache' = 'FULL', 'lookup.cache.followed-max-age' = '10 s' | is 10 s|at least 1 min",
        "'lookup.cache' = 'FULL', 'lookup.insert-if-absent' = 'true' | 'lookup.cache' is FULL|'PARTIAL'",
        "'lookup.cache' = 'PARTIAL', 'lookup.cache.max-age' = '0 s' | nothing is cached|'NONE'",
        "'lookup.cache' = 'PARTIAL', 'lookup.cache.max-age-on-error' = '5 s' | not longer than 'lookup.cache.max-age'|0 s",
        "'lookup.cache.max-bytes' = 'much'               | Option 'lookup.cache.max-bytes': 'much'|memory size",
        "'lookup.partial-cache.max-rows' = '5'           | Flink's own lookup cache|'lookup.cache.max-bytes'",
      })
  void aWrongOptionIsRefusedWithTheRemedy(String options, String wrong, String remedy) {
    String all =
        options.contains("'table'") || options.contains("'store'")
            ? options
            : WELL + ", " + options;
    assertThatThrownBy(() -> read(COLUMNS, all)).satisfies(e -> refused(e, wrong, remedy));
    assertThatThrownBy(() -> write(COLUMNS, all)).satisfies(e -> refused(e, wrong, remedy));
  }

  @Test
  void aTableNeedsAPrimaryKey() {
    assertThatThrownBy(() -> read("id STRING, v BIGINT", WELL))
        .satisfies(e -> refused(e, "has no primary key", "PRIMARY KEY (id) NOT ENFORCED"));
  }

  @Test
  void aKeyIsOfAtomicTypes() {
    assertThatThrownBy(() -> read("id ARRAY<INT>, v BIGINT, PRIMARY KEY (id) NOT ENFORCED", WELL))
        .satisfies(e -> refused(e, "Key column id", "ARRAY"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void keyOfFloatingPointNumbersIsRefused(String type) {
    String columns = "k STRING, x " + type + ", v BIGINT, PRIMARY KEY (k, x) NOT ENFORCED";
    assertThatThrownBy(() -> read(columns, WELL))
        .satisfies(e -> refused(e, "Key column 'x' is " + type, "-0.0 equals 0.0"));
  }

  @Test
  void aSinkNeedsAVersion() {
    assertThatThrownBy(() -> write(COLUMNS, WELL))
        .satisfies(e -> refused(e, "nothing orders the changes of a key", "'version.column'"));
  }

  @Test
  void aSinkHasOneVersion() {
    String columns = COLUMNS + ", ver BIGINT METADATA FROM 'version'";
    assertThat(write(columns, WELL)).contains("Sink");
    assertThatThrownBy(() -> write(columns, WELL + ", 'version' = 'arrival'"))
        .satisfies(e -> refused(e, "has a metadata column 'version'", "METADATA VIRTUAL"));
  }

  @Test
  void aLookupByOtherThanTheKeyIsRefused() {
    TableEnvironment env = env();
    env.executeSql(
        "CREATE TABLE t (a STRING, b INT, c STRING, PRIMARY KEY (b, a) NOT ENFORCED) WITH"
            + " ('connector' = 'dim', "
            + WELL
            + ")");
    env.executeSql(
        "CREATE TABLE o (a STRING, b INT, p AS PROCTIME()) WITH ('connector' = 'datagen')");
    assertThatThrownBy(
            () -> env.explainSql("SELECT t.c FROM o JOIN t FOR SYSTEM_TIME AS OF o.p ON o.a = t.a"))
        .satisfies(
            e ->
                refused(
                    e,
                    "primary key (b, a) or by its first columns, but the join gives (a)",
                    "every key column, or of the first ones"));
    assertThat(env.explainSql("SELECT t.c FROM o JOIN t FOR SYSTEM_TIME AS OF o.p ON o.b = t.b"))
        .contains("LookupJoin");
    assertThat(
            env.explainSql(
                "SELECT t.c FROM o JOIN t FOR SYSTEM_TIME AS OF o.p ON o.a = t.a AND t.b = o.b"))
        .contains("LookupJoin");
  }

  @Test
  void secretsAreNeitherInPlansNorInErrors() {
    String secret = "'store' = 'faulty', 'table' = 't', 'faulty.password' = 'hidden-9'";
    assertThat(read(COLUMNS, secret)).doesNotContain("hidden-9");
    assertThatThrownBy(() -> read(COLUMNS, secret + ", 'wrong' = '1'"))
        .satisfies(
            e -> assertThat(ExceptionUtils.stringifyException(e)).doesNotContain("hidden-9"));
  }

  private static void refused(Throwable failure, String wrong, String remedy) {
    ValidationException innermost = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      innermost = t instanceof ValidationException v ? v : innermost;
    }
    assertThat(innermost).isNotNull();
    assertThat(innermost.getMessage()).contains(wrong).contains(remedy);
  }

  private static TableEnvironment env() {
    return TableEnvironment.create(EnvironmentSettings.inStreamingMode());
  }

  private static String read(String columns, String options) {
    return explain(columns, options, "SELECT * FROM t");
  }

  private static String write(String columns, String options) {
    String values = columns.contains("METADATA") ? "VALUES ('a', 1, 1)" : "VALUES ('a', 1)";
    return explain(columns, options, "INSERT INTO t " + values);
  }

  private static String explain(String columns, String options, String query) {
    TableEnvironment env = env();
    env.executeSql("CREATE TABLE t (" + columns + ") WITH ('connector' = 'dim', " + options + ")");
    return env.explainSql(query);
  }
}
