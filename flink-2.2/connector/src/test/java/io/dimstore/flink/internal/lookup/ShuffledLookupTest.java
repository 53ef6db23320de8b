// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the LOOKUP hint of Flink 2 that sends all events of a key to one subtask. */
class ShuffledLookupTest {

  private static final int KEYS = 200;
  private static final int SUBTASKS = 4;
  private static final String MODULO = "f0 - f0 / " + KEYS + " * " + KEYS;

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  /** Returns the index of the subtask that runs it. */
  public static final class Subtask extends ScalarFunction {

    private static final long serialVersionUID = 1L;

    private transient int index;

    @Override
    public void open(FunctionContext context) {
      index = context.getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public boolean isDeterministic() {
      return false;
    }

    public int eval(@DataTypeHint("STRING") String ignored) {
      return index;
    }
  }

  private static final String SHUFFLED = "/*+ LOOKUP('table' = 'u', 'shuffle' = 'true') */ ";

  @Test
  void withTheHintAKeyIsLookedUpInOneSubtask() throws Exception {
    assertThat(new HashSet<>(lookUp(SHUFFLED, 399, MODULO))).hasSize(KEYS);
  }

  @Test
  void withoutTheHintAKeyIsLookedUpInAllSubtasks() throws Exception {
    assertThat(new HashSet<>(lookUp("", 399, MODULO))).hasSizeGreaterThan(KEYS);
  }

  @Test
  void hotKeyIsSpreadOverTheSubtasks() throws Exception {
    int events = 20_000;
    Map<Integer, Integer> loads = new HashMap<>();
    String key = "CASE WHEN f0 - f0 / 2 * 2 = 0 THEN 0 ELSE " + MODULO + " END";
    for (Row row : lookUp(SHUFFLED, events - 1, key)) {
      loads.merge(row.<Integer>getFieldAs(1), 1, Integer::sum);
    }
    assertThat(loads).hasSize(SUBTASKS);
    assertThat(loads.values()).allMatch(load -> load * SUBTASKS < 1.2 * events);
  }

  /** Looks the keys of numbers up, and returns for each the key and the subtask. */
  private static List<Row> lookUp(String hint, int last, String key) throws Exception {
    try (Sql sql = Sql.streaming(SUBTASKS)) {
      sql.table(
              "users",
              "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
              "version",
              "arrival")
          .run("INSERT INTO users VALUES " + users());
      sql.env.createTemporarySystemFunction("subtask", Subtask.class);
      sql.env.createTemporaryView("numbers", sql.streams.fromSequence(0, last));
      List<Row> rows =
          sql.results(
              "SELECT "
                  + hint
                  + "u.id, subtask(u.name) FROM (SELECT CAST("
                  + key
                  + " AS STRING) AS id, PROCTIME() AS t FROM numbers) AS e"
                  + " JOIN users FOR SYSTEM_TIME AS OF e.t AS u ON e.id = u.id");
      assertThat(rows).hasSize(last + 1);
      return rows;
    }
  }

  private static String users() {
    List<String> users = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      users.add("('" + i + "', 'name of " + i + "')");
    }
    return String.join(", ", users);
  }
}
