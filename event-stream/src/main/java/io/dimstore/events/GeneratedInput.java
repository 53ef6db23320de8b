package io.dimstore.events;

import java.util.function.Consumer;

/** The generator as an input. */
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
