// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.StoreException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The names of keys in Redis. */
class RedisNamesTest {

  private static final byte[] KEY = {'k', ':', -1, 0};

  @Test
  void aTemplateHasTheTableAndTheKeyInTheirPlaces() {
    assertName(RedisNames.of("dim", "users"), "dim:users:", "");
    assertName(RedisNames.ofTemplate("{table}:{key}", "users"), "users:", "");
    assertName(RedisNames.ofTemplate("a*{table}|{key}/x", "users/s2"), "a*users/s2|", "/x");
    assertName(RedisNames.ofTemplate("{{table}}{key}", "users"), "{users}", "");
  }

  /** Otherwise table a:b with key c and table a with key b:c would have the same name. */
  @Test
  void separatorsInTableNamesAreEscaped() {
    assertName(RedisNames.of("dim", "a:b"), "dim:a%3Ab:", "");
    assertName(RedisNames.ofTemplate("{table}:{key}", "a:b"), "a%3Ab:", "");
    assertName(RedisNames.ofTemplate("{table}:{key}", "a/f%}"), "a/f%25%7D:", "");
  }

  @Test
  void namesOfOtherTablesDoNotMatch() {
    RedisNames names = RedisNames.ofTemplate("{table}:{key}:row", "users");
    assertThat(names.rowKey(Utf8.encode("users:1:other"))).isNull();
    assertThat(names.rowKey(Utf8.encode("users:row"))).isNull();
    assertThat(names.rowKey(Utf8.encode("users::row"))).isEmpty();
  }

  @Test
  void patternsMatchNamesLiterally() {
    RedisNames names = RedisNames.ofTemplate("a*[b]?{table}|{key}\\", "users");
    assertThat(new String(names.pattern(), StandardCharsets.UTF_8))
        .isEqualTo("a\\*\\[b\\]\\?users|*\\\\");
  }

  @Test
  void aTemplateUnderWhichRowsCouldShareANameIsRefused() {
    assertRefused("dim:{table}", "lacks {key}");
    assertRefused("dim:{key}", "lacks {table}");
    assertRefused("{table}:{key}{key}", "twice");
    assertRefused("{key}:{table}", "after {key}");
    assertRefused("{table}{key}", "ends the name");
    assertRefused("{table}x{key}", "ends the name");
    assertRefused("{table}-{key}", "ends the name");
  }

  private static void assertRefused(String template, String reason) {
    StoreException refusal =
        catchThrowableOfType(StoreException.class, () -> RedisNames.ofTemplate(template, "users"));
    assertThat(refusal.kind()).isEqualTo(StoreException.Kind.INVALID);
    assertThat(refusal).hasMessageContaining(reason).hasMessageContaining("redis.key");
  }

  private static void assertName(RedisNames names, String before, String after) {
    byte[] name = names.name(KEY);
    ByteSink expected = new ByteSink(16);
    expected.raw(Utf8.encode(before));
    expected.raw(KEY);
    expected.raw(Utf8.encode(after));
    assertThat(name).isEqualTo(expected.toBytes());
    assertThat(names.rowKey(name)).isEqualTo(KEY);
  }
}
