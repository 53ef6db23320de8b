// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.migration.gate.GateResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step would answer if it ran now.
 *
 * @param gates the gates that it would judge; empty if it judges none
 * @param refusal why it would refuse, or null if it would be carried out
 */
public record Outlook(List<GateResult> gates, @Nullable String refusal) {

  /** The step judges no gates and would be carried out. */
  public static final Outlook GOOD = new Outlook(List.of(), null);

  /** Copies the list. */
  public Outlook {
    gates = List.copyOf(gates);
  }
}
