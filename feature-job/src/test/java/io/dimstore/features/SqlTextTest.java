package io.dimstore.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlTextTest {

  @Test
  void aFileIsCutAtSemicolonsThatStandOutsideQuotesAndComments() {
    assertThat(
            SqlScript.statements(
                """
                -- first; not a statement
                CREATE x WITH ('a' = 'b;c''d;', `e;f` = 1);
                /* nor; this */ INSERT INTO y
                SELECT /*+ LOOKUP('a'='b') */ '--z' FROM w;
                ;
                SELECT 1"""))
        .containsExactly(
            "CREATE x WITH ('a' = 'b;c''d;', `e;f` = 1)",
            "INSERT INTO y\nSELECT /*+ LOOKUP('a'='b') */ '--z' FROM w",
            "SELECT 1");
  }

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
  void anUnknownVariableIsNamedWithItsFileAndTheKnownOnes() {
    assertThatThrownBy(() -> new SqlTemplate().text("a", "b").render("f.sql", "${topik}"))
        .hasMessage("f.sql uses ${topik}, which has no value; known are [a]");
  }

  @Test
  void secretsAreMaskedWhereverTheyStand() {
    FeatureJobOptions options =
        FeatureJobOptions.builder("localhost:9092", "dynamodb")
            .kafkaProperties(Map.of("sasl.jaas.config", "Login password='hush1';"))
            .storeOptions(
                Map.of("secret-key", "hush2", "access-key-id", "hush3", "region", "eu-west-1"))
            .build();
    assertThat(FeatureJob.sql(options))
        .doesNotContain("hush")
        .contains(
            "'dynamodb.secret-key' = '******'",
            "'properties.sasl.jaas.config' = '******'",
            "'dynamodb.region' = 'eu-west-1'");
    assertThat(options.toString()).doesNotContain("hush");
  }

  @Test
  void twoStoresDifferInTableOptionsAlone() {
    String one = FeatureJob.sql(FeatureJobOptions.builder("b:1", "memory").build());
    String other =
        FeatureJob.sql(
            FeatureJobOptions.builder("b:1", "dynamodb")
                .storeOptions(Map.of("dynamodb.region", "r"))
                .build());
    assertThat(other)
        .isNotEqualTo(one)
        .isEqualTo(
            one.replace(
                "'connector' = 'dim',\n  'store' = 'memory'",
                "'connector' = 'dim',\n  'dynamodb.region' = 'r',\n  'store' = 'dynamodb'"));
  }

  @Test
  void wrongOptionsAreRefusedWithTheRemedy() {
    FeatureJobOptions.Builder builder = FeatureJobOptions.builder("b:1", "memory");
    assertThatThrownBy(() -> FeatureJob.sql(builder.sqlVariant("nope").build()))
        .hasMessageContaining("no SQL variant 'nope'");
    assertThatThrownBy(
            () ->
                FeatureJob.sql(
                    FeatureJobOptions.builder("b:1", "memory")
                        .tableOptions("dim_usr", Map.of("connector", "dim"))
                        .build()))
        .hasMessageContaining("no table 'dim_usr'")
        .hasMessageContaining("dim_user");
    assertThatThrownBy(
            () ->
                FeatureJobOptions.builder("b:1", "memory")
                    .stateTtl(java.time.Duration.ofDays(31))
                    .build())
        .hasMessageContaining("longer than the longest window");
  }
}
