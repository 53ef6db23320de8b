package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void measuresKeepThreeDigitsOrSo() {
    assertThat(Figures.measure(12345.6)).isEqualTo("12,346");
    assertThat(Figures.measure(12.34)).isEqualTo("12.3");
    assertThat(Figures.measure(0.1234)).isEqualTo("0.12");
    assertThat(Figures.measure(0.01234)).isEqualTo("0.0123");
    assertThat(Figures.measure(Double.NaN)).isEqualTo("–");
  }

  @Test
  void aTableAlignsItsColumns() {
    assertThat(new ConsoleTable().row("a", "n").row("long", "12").render())
        .isEqualTo("a      n\n----  --\nlong  12\n");
  }
}
