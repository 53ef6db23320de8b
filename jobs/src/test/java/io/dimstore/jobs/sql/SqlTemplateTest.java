// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlTemplateTest {

  @Test
  void variablesAreReplacedAndCannotLeaveTheirQuotes() {
    SqlTemplate template =
        new SqlTemplate()
            .text("topic", "it's $1")
            .options("table.options", Map.of("b", "2", "a", "o'clock"));
    assertThat(template.render("f.sql", "'${topic}' WITH (\n  ${table.options}\n)"))
        .isEqualTo("'it''s $1' WITH (\n  'a' = 'o''clock',\n  'b' = '2'\n)");
  }

  @Test
  void aValueThatLooksLikeAVariableStaysAsItIs() {
    assertThat(new SqlTemplate().text("a", "${b}").text("b", "c").render("f.sql", "'${a}'"))
        .isEqualTo("'${b}'");
  }

  @Test
  void anIdentifierIsAWordOrRefused() {
    SqlTemplate template = new SqlTemplate().identifier("dimension", "user_2");
    assertThat(template.render("f.sql", "TABLE ${dimension}_records"))
        .isEqualTo("TABLE user_2_records");
    for (String wrong : new String[] {"", "2user", "a b", "a;", "a'", "${x}", "\u00fcser"}) {
      assertThatThrownBy(() -> template.identifier("dimension", wrong))
          .hasMessage(
              "'" + wrong + "' for ${dimension} is no identifier: use letters, digits and _");
    }
  }

  @Test
  void noOptionsAreRefused() {
    assertThatThrownBy(() -> new SqlTemplate().options("x", Map.of()))
        .hasMessage("no table options given for ${x}");
  }

  @Test
  void anUnknownVariableIsNamedWithItsFileAndTheKnownOnes() {
    assertThatThrownBy(() -> new SqlTemplate().text("a", "b").render("f.sql", "${topik}"))
        .hasMessage("f.sql uses ${topik}, which has no value; these have one: [a]");
  }

  @Test
  void aFileIsFoundOnTheClassPath() {
    ClassLoader classLoader = SqlTemplateTest.class.getClassLoader();
    SqlTemplate template = new SqlTemplate().text("who", "w");
    assertThat(template.renderFile(classLoader, "sql-template-test.sql"))
        .isEqualTo("SELECT 'w';\n");
    assertThatThrownBy(() -> template.renderFile(classLoader, "sql/nowhere.sql"))
        .hasMessage("sql/nowhere.sql is not on the class path");
  }
}
