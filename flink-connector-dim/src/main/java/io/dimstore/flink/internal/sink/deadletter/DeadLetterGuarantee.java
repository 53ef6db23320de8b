// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import io.dimstore.flink.DimOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a sink of dead letters writes them at least once, as far as its options show.
 *
 * <p>The sink's writer is flushed at each checkpoint, and its committer is never called. A
 * guarantee of {@code none} makes the flush return early, and with {@code exactly-once} no letter
 * would ever be visible.
 */
final class DeadLetterGuarantee {

  /** The option by which Flink's connectors select the guarantee, and its deprecated name. */
  private static final List<String> KEYS = List.of("sink.delivery-guarantee", "sink.semantic");

  private static final String AT_LEAST_ONCE = "at-least-once";
  private static final String KAFKA_ACKS = "properties.acks";

  private DeadLetterGuarantee() {}

  /**
   * Checks the options of the table for dead letters.
   *
   * @param options without their prefix
   * @throws ValidationException naming the option and the remedy
   */
  static void check(ClassLoader classLoader, Map<String, String> options) {
    for (String key : KEYS) {
      String value = options.get(key);
      if (value != null && !AT_LEAST_ONCE.equalsIgnoreCase(value)) {
        throw refused(key, value, "set at-least-once");
      }
    }
    // A producer that waits for no acknowledgement cannot know that a letter was lost.
    String acks = options.get(KAFKA_ACKS);
    if (acks != null && acks.strip().equals("0")) {
      throw refused(KAFKA_ACKS, acks, "set all");
    }
    if (KEYS.stream().noneMatch(options::containsKey)) {
      String byDefault = defaultOf(classLoader, options.get(FactoryUtil.CONNECTOR.key()));
      if (byDefault != null && !AT_LEAST_ONCE.equalsIgnoreCase(byDefault)) {
        throw refused(KEYS.get(0), byDefault + " by default", "set at-least-once");
      }
    }
  }

  /** Returns the guarantee that a connector gives if no option selects one, or null if unknown. */
  private static @Nullable String defaultOf(ClassLoader classLoader, @Nullable String connector) {
    DynamicTableSinkFactory factory;
    try {
      factory =
          FactoryUtil.discoverFactory(
              classLoader, DynamicTableSinkFactory.class, String.valueOf(connector));
    } catch (ValidationException e) {
      // The message for a connector that is missing comes with the creation of the sink.
      return null;
    }
    return Stream.concat(factory.requiredOptions().stream(), factory.optionalOptions().stream())
        .filter(option -> option.key().equals(KEYS.get(0)) && option.hasDefaultValue())
        .map(ConfigOption::defaultValue)
        .map(String::valueOf)
        .findFirst()
        .orElse(null);
  }

  private static ValidationException refused(String key, String value, String remedy) {
    return new ValidationException(
        "Option '"
            + DimOptions.DEAD_LETTER_PREFIX
            + key
            + "' is "
            + value
            + ", but dead letters are written at least once. Remedy: "
            + remedy
            + ".");
  }
}
