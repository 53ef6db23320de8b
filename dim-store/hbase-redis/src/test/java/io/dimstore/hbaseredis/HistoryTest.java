// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class HistoryTest {

  @Test
  void failureNamesSeedAndFirstCauseInOneLine() {
    AssertionError first = new AssertionError("[version of k1]\nExpecting actual:\n  14L\n");
    assertThat(History.failure(7, new AssertionError(new ExecutionException(first))))
        .hasMessage("seed 7: [version of k1] Expecting actual: 14L");
    assertThat(History.failure(7, new IllegalStateException("no server")))
        .hasMessage("seed 7: java.lang.IllegalStateException: no server");
    assertThat(History.failure(7, new AssertionError())).hasMessage("seed 7: null");
  }
}
