// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import java.util.function.Consumer;

/** Makes the generator available as an input. */
final class GeneratedInput implements EventInput {

  private final GeneratorOptions options;

  GeneratedInput(GeneratorOptions options) {
    this.options = options;
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
