// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberFormatsTest {

  @Test
  void measuresHaveAboutThreeDigits() {
    assertThat(NumberFormats.measure(12345.6)).isEqualTo("12,346");
    assertThat(NumberFormats.measure(12.34)).isEqualTo("12.3");
    assertThat(NumberFormats.measure(0.1234)).isEqualTo("0.12");
    assertThat(NumberFormats.measure(0.01234)).isEqualTo("0.0123");
    assertThat(NumberFormats.measure(Double.NaN)).isEqualTo("–");
  }

  @Test
  void aTableAlignsItsColumns() {
    assertThat(new ConsoleTable().row("a", "n").row("long", "12").render())
        .isEqualTo("a      n\n----  --\nlong  12\n");
  }
}
