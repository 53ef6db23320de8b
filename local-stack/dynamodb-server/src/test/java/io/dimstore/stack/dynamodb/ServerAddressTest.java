// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:s3cret@127.0.0.1:8000",
        "http://s3cret@127.0.0.1:8000",
        "https://db.internal/path?access_key=s3cret",
        "https://db.internal/#s3cret",
        "http://user:s3 cret@127.0.0.1",
        "http://user:s3%cret@127.0.0.1",
        "ftp://s3cret",
        "s3cret:8000"
      })
  void anAddressWithAPlaceForASecretIsRefusedWithoutItsText(String text) {
    assertThatThrownBy(() -> ServerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(ServerAddress.REMEDY)
        .hasNoCause();
  }

  @Test
  void aPathMayFollowTheHost() {
    assertThat(ServerAddress.parse(" https://db.internal:8000/path "))
        .isEqualTo(URI.create("https://db.internal:8000/path"));
  }
}
