// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

/**
 * What a gate says of evidence.
 *
 * @param holds whether the gate holds
 * @param text the figures that decide it
 */
record Judgement(boolean holds, String text) {

  static Judgement of(boolean holds, String text) {
    return new Judgement(holds, text);
  }

  static Judgement holds(String text) {
    return new Judgement(true, text);
  }

  static Judgement fails(String text) {
    return new Judgement(false, text);
  }
}
