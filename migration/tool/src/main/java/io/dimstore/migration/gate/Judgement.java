// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

/**
 * What a gate says of evidence.
 *
 * @param holds whether the gate holds
 * @param figures what was compared
 * @param text the figures that decide it, or why they do not suffice
 */
record Judgement(boolean holds, Figures figures, String text) {

  static Judgement of(boolean holds, Figures figures, String text) {
    return new Judgement(holds, figures, text);
  }

  static Judgement fails(Figures figures, String text) {
    return new Judgement(false, figures, text);
  }
}
