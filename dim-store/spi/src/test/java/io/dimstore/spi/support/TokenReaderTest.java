// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenReaderTest {

  @Test
  void everyPartComesBackAsItWasWritten() {
    ScanSplit split =
        new TokenWriter("x/1")
            .text("a/b -é")
            .number(-7)
            .flag(true)
            .flag(false)
            .columns(Projection.of(2, 0))
            .columns(Projection.of())
            .bytes(new byte[] {0, -1})
            .bytes(new byte[0])
            .bytes(null)
            .part("raw")
            .textOrNull("a/b")
            .textOrNull(null)
            .number(Long.MAX_VALUE)
            .split();
    assertThat(split.token())
        .isEqualTo("x/1/a%2Fb+-%C3%A9/-7/t/-/2.0/-/00ff//-/raw/a%2Fb/-/9223372036854775807");
    TokenReader token = new TokenReader(split, "x/1", 13);
    assertThat(token.text()).isEqualTo("a/b -é");
    assertThat(token.number()).isEqualTo(-7);
    assertThat(token.flag()).isTrue();
    assertThat(token.flag()).isFalse();
    assertThat(token.columns(3)).isEqualTo(Projection.of(2, 0));
    assertThat(token.columns(3)).isEqualTo(Projection.of());
    assertThat(token.bytes()).containsExactly(0, -1);
    assertThat(token.bytesOrNull()).isEmpty();
    assertThat(token.bytesOrNull()).isNull();
    assertThat(token.part()).isEqualTo("raw");
    assertThat(token.textOrNull()).isEqualTo("a/b");
    assertThat(token.textOrNull()).isNull();
    assertThat(token.longNumber()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void positionsInAFeedAreReadInTheSameWay() {
    FeedPosition position = new TokenWriter("x/feed/1").text("t").number(1L << 40).position();
    TokenReader token = new TokenReader(position, "x/feed/1", 2);
    assertThat(token.text()).isEqualTo("t");
    assertThat(token.longNumber()).isEqualTo(1L << 40);
    assertThat(token.refused("why"))
        .hasMessage("Position 'x/feed/1/t/1099511627776' is refused: why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x/1", "x/1/", "x/1/a/b/c", "x/2/a/b", "y/1/a/b", "/x/1/a/b"})
  void anotherFormatOrNumberOfPartsIsRefused(String token) {
    assertRefused(token, reader -> {});
  }

  @Test
  void aPartThatIsNotWhatIsReadIsRefused() {
    assertRefused("x/1/1x/-", TokenReader::number);
    assertRefused("x/1/%zz/-", TokenReader::text);
    assertRefused("x/1/0/-", TokenReader::bytes);
    assertRefused("x/1/-/-", TokenReader::bytes);
    assertRefused("x/1/0.0/-", reader -> reader.columns(3));
    assertRefused("x/1/0..1/-", reader -> reader.columns(3));
    assertRefused("x/1/-1/-", reader -> reader.columns(3));
    assertRefused("x/1/3/-", reader -> reader.columns(3));
  }

  private static void assertRefused(String token, Consumer<TokenReader> read) {
    assertThatThrownBy(() -> read.accept(new TokenReader(new ScanSplit(token), "x/1", 2)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageStartingWith("Split '" + token + "' is refused: ");
  }
}
