// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorModeTest {

  private static final MirrorMode WRITTEN = MirrorMode.BEFORE.withOther(Other.WRITTEN);

  @Test
  void theTextIsStable() {
    MirrorMode mode =
        new MirrorMode(Side.TO, Other.REQUIRED, 2_500, 100, ShadowWith.PRIMARY, "run-7");
    assertThat(mode.format())
        .isEqualTo(
            """
            dimstore-mirror-mode/1
            primary=TO
            other=REQUIRED
            reads-to=2500
            shadow=100
            shadow-with=PRIMARY
            series=run-7
            """);
    assertThat(MirrorMode.parse(mode.format())).isEqualTo(mode);
  }

  @Test
  void fieldsThatALaterVersionAddsAreIgnored() {
    assertThat(MirrorMode.parse(WRITTEN.format() + "colour=blue\n")).isEqualTo(WRITTEN);
  }

  @ParameterizedTest
  @CsvSource({
    "dimstore-mirror-mode/1, dimstore-mirror-mode/2",
    "primary=FROM, primary=BOTH",
    "primary=FROM, ''",
    "primary=FROM, primary",
    "reads-to=0, reads-to=10001",
    "reads-to=0, reads-to=99999999999",
    "reads-to=0, reads-to=none"
  })
  void anythingElseIsCorrupt(String part, String instead) {
    String text = WRITTEN.format();
    assertThat(text).contains(part);
    assertCorrupt(text.replace(part, instead));
    assertCorrupt("");
  }

  private static void assertCorrupt(String text) {
    assertThatThrownBy(() -> MirrorMode.parse(text))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  @Test
  void aSideThatIsNotWrittenIsNeitherReadNorCompared() {
    assertThatThrownBy(() -> MirrorMode.BEFORE.withReadsTo(1)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> MirrorMode.BEFORE.withShadow(1, ShadowWith.OTHER, "0"))
        .isInstanceOf(StoreException.class);
    assertThat(MirrorMode.BEFORE.withShadow(1, ShadowWith.PRIMARY, "0").shadow()).isEqualTo(1);
  }

  @Test
  void onlySafeStepsAreAllowed() {
    MirrorMode required = WRITTEN.withOther(Other.REQUIRED);
    assertThat(WRITTEN.problemAfter(MirrorMode.BEFORE)).isNull();
    assertThat(WRITTEN.withReadsTo(1).problemAfter(WRITTEN)).isNull();
    assertThat(required.problemAfter(WRITTEN)).isNull();
    assertThat(required.withPrimary(Side.TO).problemAfter(required)).isNull();
    assertThat(MirrorMode.BEFORE.problemAfter(WRITTEN)).isNull();
    assertThat(WRITTEN.withPrimary(Side.TO).problemAfter(WRITTEN)).contains("REQUIRED");
    assertThat(WRITTEN.withReadsTo(1).problemAfter(MirrorMode.BEFORE)).contains("read");
    assertThat(MirrorMode.BEFORE.problemAfter(WRITTEN.withReadsTo(1))).contains("read");
  }
}
