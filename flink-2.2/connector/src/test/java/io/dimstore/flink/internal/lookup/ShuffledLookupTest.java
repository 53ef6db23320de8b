// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the LOOKUP hint of Flink 2 that sends all events of a key to one subtask. */
class ShuffledLookupTest {

  private static final int KEYS = 10;

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

  @Test
  void withTheHintAKeyIsLookedUpInOneSubtask() throws Exception {
    assertThat(subtasks("/*+ LOOKUP('table' = 'u', 'shuffle' = 'true') */ ")).hasSize(KEYS);
  }

  @Test
  void withoutTheHintAKeyIsLookedUpInAllSubtasks() throws Exception {
    assertThat(subtasks("")).hasSizeGreaterThan(KEYS);
  }

  /** Returns the pairs of a key and a subtask that has looked it up. */
  private static Set<Row> subtasks(String hint) throws Exception {
    try (Sql sql = Sql.streaming(4)) {
      sql.table(
              "users",
              "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
              "version",
              "arrival")
          .run("INSERT INTO users VALUES " + users());
      sql.env.createTemporarySystemFunction("subtask", Subtask.class);
      sql.env.createTemporaryView("numbers", sql.streams.fromSequence(0, 399));
      List<Row> rows =
          sql.results(
              "SELECT "
                  + hint
                  + "u.id, subtask(u.name) FROM (SELECT CAST(f0 - f0 / "
                  + KEYS
                  + " * "
                  + KEYS
                  + " AS STRING) AS id, PROCTIME() AS t FROM numbers) AS e"
                  + " JOIN users FOR SYSTEM_TIME AS OF e.t AS u ON e.id = u.id");
      assertThat(rows).hasSize(400);
      return new HashSet<>(rows);
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
