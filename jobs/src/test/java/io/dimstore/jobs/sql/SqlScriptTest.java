// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class SqlScriptTest {

  @Test
  void fileIsSplitAtSemicolonsOutsideQuotesAndComments() {
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
  void optionsWhoseNamesSuggestASecretAreMasked() {
    assertThat(
            SqlScript.masked(
                """
                'properties.sasl.jaas.config' = 'Login password=''hush'';',
                'x.SecretKey'='hush', 'x.access-key-id' = 'hush',
                'x.pwd' = 'hush', 'x.signature' = 'hush', 'key.format' = 'json',
                'x.region' = 'eu-west-1'"""))
        .isEqualTo(
            """
            'properties.sasl.jaas.config' = '******',
            'x.SecretKey'='******', 'x.access-key-id' = '******',
            'x.pwd' = '******', 'x.signature' = '******', 'key.format' = 'json',
            'x.region' = 'eu-west-1'""");
  }

  @Test
  void passwordsOfKafkaClientsAreMasked() {
    List<String> passwords =
        Stream.of(ConsumerConfig.configDef(), ProducerConfig.configDef())
            .flatMap(client -> client.configKeys().values().stream())
            .filter(setting -> setting.type == ConfigDef.Type.PASSWORD)
            .map(setting -> setting.name)
            .distinct()
            .toList();
    assertThat(passwords).contains("ssl.keystore.key", "ssl.truststore.certificates");
    for (String password : passwords) {
      assertThat(SqlScript.masked("'properties." + password + "' = 'hush'"))
          .isEqualTo("'properties." + password + "' = '******'");
    }
    assertThat(SqlScript.masked("'properties.ssl.protocol' = 'TLSv1.3'")).contains("TLSv1.3");
  }

  @Test
  void optionsThatAStoreDeclaresSecretAreMasked() {
    assertThat(SqlScript.masked("'safe.pin' = '1', 'safe.pins' = '2', 'pin' = '3'"))
        .isEqualTo("'safe.pin' = '******', 'safe.pins' = '2', 'pin' = '3'");
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
