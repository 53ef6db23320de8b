// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import io.dimstore.flink.DimOptions;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.Description;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.util.TimeUtils;

/** Writes reference tables of options in Markdown from the declarations of the options. */
public final class OptionsReference {

  private OptionsReference() {}

  /** Returns a table of the connector's own options. */
  public static String connector() {
    StringBuilder out = new StringBuilder(header());
    for (ConfigOption<?> option : DimOptions.all()) {
      line(out, option.key(), form(option), describeDefault(option), text(option.description()));
    }
    return out.toString();
  }

  /**
   * Returns a table of a store's options. As in a CREATE TABLE, the store's name precedes each
   * option. Options of the whole store come first, then those of each table.
   */
  public static String store(DimensionStoreFactory factory) {
    List<StoreOption<?>> options =
        factory.options().stream()
            .sorted(
                Comparator.<StoreOption<?>, StoreOption.Scope>comparing(StoreOption::scope)
                    .thenComparing(StoreOption::name))
            .toList();
    StringBuilder out = new StringBuilder(header());
    for (StoreOption<?> option : options) {
      line(
          out,
          factory.id() + "." + option.name() + (option.isPrefix() ? "*" : ""),
          option.type(),
          option.describeDefault(),
          option.description()
              + (option.scope() == StoreOption.Scope.TABLE ? " Set for each table." : ""));
    }
    return out.toString();
  }

  /** Describes the values that an option accepts. */
  static String form(ConfigOption<?> option) {
    if (option.key().equals(DimOptions.LOOKUP_CACHE.key())) {
      return "NONE | PARTIAL | FULL";
    }
    if (option.key().equals(DimOptions.VERSION.key())) {
      return "arrival";
    }
    Object value = option.defaultValue();
    if (value instanceof Enum<?> choice) {
      return Arrays.stream(choice.getDeclaringClass().getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(" | "));
    }
    if (value instanceof Duration) {
      return "duration";
    }
    if (value instanceof MemorySize) {
      return "memory size";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    return value instanceof Integer
            || option.key().equals(FactoryUtil.SINK_PARALLELISM.key())
            || option.key().equals(FactoryUtil.SOURCE_PARALLELISM.key())
        ? "integer"
        : "text";
  }

  private static String describeDefault(ConfigOption<?> option) {
    Object value = option.defaultValue();
    if (value == null) {
      return "(none)";
    }
    return value instanceof Duration duration
        ? TimeUtils.formatWithHighestUnit(duration)
        : value.toString();
  }

  private static String header() {
    return "| option | form | default | meaning |\n| --- | --- | --- | --- |\n";
  }

  private static String text(Description description) {
    return new HtmlFormatter().format(description).replaceAll("<[^>]*>", "");
  }

  private static void line(
      StringBuilder out, String name, String form, String standard, String meaning) {
    out.append("| `")
        .append(name)
        .append("` | ")
        .append(form.replace("|", "\\|"))
        .append(" | `")
        .append(standard.replace("|", "\\|"))
        .append("` | ")
        .append(meaning.replace("|", "\\|").replace('\n', ' '))
        .append(" |\n");
  }
}
