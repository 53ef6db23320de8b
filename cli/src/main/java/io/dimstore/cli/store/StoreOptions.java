// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import io.dimstore.cli.Settings;
import io.dimstore.cli.Usage;
import io.dimstore.spi.DimensionStores;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** A picocli mixin of the options that name a store and configure it. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class StoreOptions {

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Store to use, by its id, such as dynamodb or hbase-redis.")
  private @Nullable String store;

  @Option(
      names = "--store-option",
      paramLabel = Settings.LABEL,
      showDefaultValue = Visibility.NEVER,
      description =
          "Option of the store, with or without its id in front. Repeatable."
              + " docs/store-options.md lists them. Without any such option and --store-config, the"
              + " store uses the servers that the variables of 'stack up --format env' name.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--store-config",
      paramLabel = "FILE",
      description =
          "Properties file with options of the store. Secrets belong there: other users of a"
              + " machine see the options of its processes. --store-option takes precedence.")
  private @Nullable Path config;

  private final UnaryOperator<@Nullable String> variables;

  /** Creates the mixin with the variables of this process. */
  public StoreOptions() {
    this(System::getenv);
  }

  StoreOptions(UnaryOperator<@Nullable String> variables) {
    this.variables = variables;
  }

  /** Whether a store is named. */
  public boolean isNamed() {
    return store != null;
  }

  /** Whether any of these options is given. */
  public boolean isGiven() {
    return store != null || !options.isEmpty() || config != null;
  }

  /**
   * Returns the id of the store.
   *
   * @throws io.dimstore.cli.UsageException if it is missing
   */
  public String store() {
    if (store == null || store.isBlank()) {
      throw Usage.error(
          "--store STORE is missing: give the store's id, such as dynamodb or hbase-redis");
    }
    return store;
  }

  /**
   * Refuses a store that is not on the class path.
   *
   * @throws io.dimstore.spi.StoreException INVALID; the message lists the known stores
   */
  public void requireKnown() {
    DimensionStores.factory(store(), classLoader());
  }

  static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = Objects.requireNonNull(StoreOptions.class.getClassLoader());
    return context == null ? own : context;
  }

  /**
   * Returns the options of the store, without its id in front. If none are given, these are the
   * options for the servers of the stack whose variables are set.
   *
   * @throws io.dimstore.cli.UsageException for a file that cannot be read
   */
  public Map<String, String> options() {
    return of(store(), "--store-config", config, options, variables);
  }

  /**
   * Returns the options of a store that a command names by options of its own, such as {@code
   * --from} and {@code --to}; otherwise like {@link #options()}.
   *
   * @param configOption the option that names the file
   * @param config a properties file, or null for none
   * @param options the options on the command line
   * @throws io.dimstore.cli.UsageException for a file that cannot be read
   */
  public static Map<String, String> of(
      String store, String configOption, @Nullable Path config, Map<String, String> options) {
    return of(store, configOption, config, options, System::getenv);
  }

  private static Map<String, String> of(
      String store,
      String configOption,
      @Nullable Path config,
      Map<String, String> options,
      UnaryOperator<@Nullable String> variables) {
    if (options.isEmpty() && config == null) {
      return StackConnection.options(store, classLoader(), variables);
    }
    String prefix = store + ".";
    Map<String, String> plain = new LinkedHashMap<>();
    Settings.merged(configOption, config, options)
        .forEach(
            (name, value) ->
                plain.put(name.startsWith(prefix) ? name.substring(prefix.length()) : name, value));
    return plain;
  }
}
