// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenSourceLicenceTest {

  @ParameterizedTest
  @CsvSource({
    "MIT, true",
    "(MIT OR Apache-2.0), true",
    "MIT or Apache-2.0, true",
    "SSPL-1.0 OR MIT, true",
    "SSPL-1.0 AND MIT, false",
    "MIT AND (BUSL-1.1 OR ISC), true",
    "MIT AND BSD-3-Clause AND Elastic-2.0, false",
    "GPL-2.0-only WITH Classpath-exception-2.0, true",
    "GPL-2.0-only, false",
    "MIT WITH Commons-Clause, false",
    "SSPL-1.0, false",
    "SEE LICENSE IN LICENSE.md, false",
    "MIT Apache-2.0, false",
    "(MIT, false",
    "MIT OR, false",
    "OR MIT, false",
    "'', false"
  })
  void expressionIsAllowedIfAllowedLicencesMeetIt(String expression, boolean allowed) {
    assertThat(OpenSourceLicence.isAllowed(expression)).isEqualTo(allowed);
  }
}
