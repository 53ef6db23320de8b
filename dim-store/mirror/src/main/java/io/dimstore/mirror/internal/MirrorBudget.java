// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.SharedBudget;
import java.util.List;

/** The budgets of both sides: a user of the mirror uses each of them. */
record MirrorBudget(List<SharedBudget> sides) implements SharedBudget {

  @Override
  public Part join(Use use, double fraction) {
    List<Part> parts = sides.stream().map(side -> side.join(use, fraction)).toList();
    return () -> parts.forEach(Part::close);
  }
}
