// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--redis-password",
        "requirepass",
        "ssl.key.passphrase",
        "pwd",
        "dynamodb.secret-key",
        "SecretKey",
        "session-token",
        "X-Amz-Credential",
        "X-Amz-Signature",
        "sig",
        "apikey",
        "api-key",
        "apiKey",
        "accessKeyId",
        "AWS_ACCESS_KEY_ID",
        "access.key",
        "ssl.keystore.key",
        "private.pem",
        "sasl.jaas.config",
        "auth",
        "redisAuth",
        "basic.auth.user.info",
        "Authorization"
      })
  void namesOfSecretsAreRecognized(String name) {
    assertThat(SecretNames.contains(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--arms",
        "region",
        "key.format",
        "key.deserializer",
        "keyspace",
        "hbase.security.authentication",
        "author",
        "table-prefix",
        "latency"
      })
  void otherNamesAreNot(String name) {
    assertThat(SecretNames.contains(name)).isFalse();
  }
}
