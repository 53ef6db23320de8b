// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dimstore.stack.dynamodb.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks what the model reads of PartiQL statements. */
class StatementTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          UPDATE "t" SET a=? SET b=? WHERE k=?           | UPDATE "t" SET a=?, b=? WHERE k=?
          UPDATE "t" SET a=? REMOVE b SET c=? WHERE k=?  | UPDATE "t" SET a=?, c=? REMOVE b WHERE k=?
          UPDATE t REMOVE a REMOVE "b" WHERE k=?         | UPDATE t REMOVE a, "b" WHERE k=?
          update t set a=? set b=? where k=?             | update t SET a=?, b=? where k=?
          UPDATE t SET "SET"=? SET x=' SET ' WHERE k=?   | UPDATE t SET "SET"=?, x=' SET ' WHERE k=?
          UPDATE t SET x='it''s' SET "a""b"=? WHERE k=?  | UPDATE t SET x='it''s', "a""b"=? WHERE k=?
          UPDATE t SET a=? SET b=f([?, {'SET':1}]) WHERE k=? RETURNING ALL OLD * | \
          UPDATE t SET a=?, b=f([?, {'SET':1}]) WHERE k=? RETURNING ALL OLD *
          """)
  void clausesOfOneKindAreJoined(String statement, String joined) {
    assertThat(Statement.of(statement).joined()).isEqualTo(joined);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          UPDATE "t" SET a=?, b=? REMOVE c, d WHERE k=?
          UPDATE t SET a=? REMOVE b WHERE k=?
          INSERT INTO "t" VALUE {'k':?,'SET':?}
          SELECT * FROM t WHERE k=' SET a SET b '
          DELETE FROM t WHERE k=?
          UPDATE
          'open
          """)
  void otherStatementsStayAsTheyAre(String statement) {
    assertThat(Statement.of(statement).joined()).isSameAs(statement);
  }

  @Test
  void theConditionNamesTheKey() {
    ArrayNode parameters = Json.object().putArray("p");
    for (int i = 0; i < 4; i++) {
      parameters.addObject().put("S", "p" + i);
    }
    Statement statement =
        Statement.of(
            "UPDATE \"my.table\" SET a=? REMOVE b WHERE \"k\"=? AND s='it''s' AND n=-1.5 AND"
                + " (v<? OR (v=? AND x=?))");
    assertThat(statement.table()).isEqualTo("my.table");
    assertThat(key(statement, parameters, "k", "s"))
        .isEqualTo("{\"k\":{\"S\":\"p1\"},\"s\":{\"S\":\"it's\"}}");
    assertThat(key(statement, parameters, "n")).isEqualTo("{\"n\":{\"N\":\"-1.5\"}}");
    assertThat(key(statement, parameters, "v")).isEqualTo("null");
    assertThat(key(statement, parameters, "k", "missing")).isEqualTo("null");
  }

  private static String key(Statement statement, JsonNode parameters, String... names) {
    return String.valueOf(statement.key(List.of(names), parameters));
  }
}
