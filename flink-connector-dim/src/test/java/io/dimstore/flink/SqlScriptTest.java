package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlScriptTest {

  @Test
  void aFileIsCutAtSemicolonsThatStandOutsideQuotesAndComments() {
    assertThat(
            SqlScript.statements(
                """
                -- first; not a statement
                CREATE x WITH ('a' = 'b;c''d;', `e;f` = 1);
                /* nor; this */ INSERT INTO y
                SELECT /*+ LOOKUP('a'=';') */ '--z' FROM w;
                ;
                SELECT 1"""))
        .containsExactly(
            "CREATE x WITH ('a' = 'b;c''d;', `e;f` = 1)",
            "INSERT INTO y\nSELECT /*+ LOOKUP('a'=';') */ '--z' FROM w",
            "SELECT 1");
  }

  @Test
  void aTextThatEndsInsideQuotesOrACommentEndsTheLastStatement() {
    assertThat(SqlScript.statements("SELECT 'a;b")).containsExactly("SELECT 'a;b");
    assertThat(SqlScript.statements("SELECT 1 /*/ a;b")).containsExactly("SELECT 1");
    assertThat(SqlScript.statements("SELECT 1 -- a;b")).containsExactly("SELECT 1");
  }

  @Test
  void optionsThatSoundSecretAreMasked() {
    assertThat(
            SqlScript.masked(
                """
                'properties.sasl.jaas.config' = 'Login password=''hush'';',
                'x.SecretKey'='hush', 'x.access-key-id' = 'hush',
                'x.region' = 'eu-west-1'"""))
        .isEqualTo(
            """
            'properties.sasl.jaas.config' = '******',
            'x.SecretKey'='******', 'x.access-key-id' = '******',
            'x.region' = 'eu-west-1'""");
  }

  @Test
  void optionsThatAStoreDeclaresSecretAreMasked() {
    assertThat(SqlScript.masked("'faulty.pin' = '1', 'faulty.pins' = '2', 'pin' = '3'"))
        .isEqualTo("'faulty.pin' = '******', 'faulty.pins' = '2', 'pin' = '3'");
  }

  @Test
  void quotesInCommentsAndIdentifiersHideNoSecret() {
    assertThat(
            SqlScript.masked(
                """
                -- a user's row
                /* it's */ CREATE TABLE `o'clock` (x STRING METADATA FROM 'token' VIRTUAL) WITH (
                  'k' = '= ''secret'' = ', 'password' = 'hush') -- 'password' = 'not one'
                SELECT /*+ OPTIONS('token' = 'hush') */ 1"""))
        .isEqualTo(
            """
            -- a user's row
            /* it's */ CREATE TABLE `o'clock` (x STRING METADATA FROM 'token' VIRTUAL) WITH (
              'k' = '= ''secret'' = ', 'password' = '******') -- 'password' = 'not one'
            SELECT /*+ OPTIONS('token' = '******') */ 1""");
  }

  @Test
  void longTextsAreMaskedToo() {
    String certificate = "it''s ".repeat(100_000);
    assertThat(
            SqlScript.masked(
                new SqlTemplate()
                    .options("o", Map.of("a", certificate, "token", certificate))
                    .render("f.sql", "/* " + certificate + " */ ${o}")))
        .endsWith("'token' = '******'")
        .contains("'a' = 'it''''s it");
  }
}
