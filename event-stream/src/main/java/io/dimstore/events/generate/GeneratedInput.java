// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.record.RefusedLine;
import java.util.function.Consumer;

/** A synthetic input whose records depend on its options alone. */
public final class GeneratedInput implements EventInput {

  private final GeneratorOptions options;

  private GeneratedInput(GeneratorOptions options) {
    this.options = options;
  }

  /** Returns the input that these options describe. */
  public static EventInput of(GeneratorOptions options) {
    return new GeneratedInput(options);
  }

  @Override
  public EventReader open(Consumer<RefusedLine> refused) {
    return new EventReader(new GeneratedSource(options));
  }

  @Override
  public String description() {
    GeneratorOptions.Keys keys = options.keys();
    return "generator (seed "
        + options.seed()
        + ", "
        + options.count()
        + " events, "
        + keys.users()
        + " users, "
        + keys.items()
        + " items, Zipf "
        + keys.userZipf()
        + " and "
        + keys.itemZipf()
        + ")";
  }
}
