// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Creates sources of the connector {@code kafka-lossless}: Flink's connector {@code kafka}, except
 * that it never skips records in silence. It has the options of {@code kafka}, and {@code
 * scan.lost-records}.
 *
 * <p>Flink's connector sets the consumer's {@code auto.offset.reset} from its startup mode, also
 * for a job that is restored. So a restored job whose offset has been deleted by the topic's
 * retention continues at another offset and reports nothing. This connector reads without a reset
 * strategy and compares each offset with what the topic holds.
 */
public final class LosslessKafkaFactory implements DynamicTableSourceFactory {

  /** The name of the connector. */
  public static final String IDENTIFIER = "kafka-lossless";

  /** What to do about records that Kafka has deleted before they were read. */
  public static final ConfigOption<LostRecords> LOST_RECORDS =
      ConfigOptions.key("scan.lost-records")
          .enumType(LostRecords.class)
          .defaultValue(LostRecords.FAIL)
          .withDescription(
              "What happens if the topic no longer holds the offset at which the job would continue.");

  private static final String STARTUP_MODE = "scan.startup.mode";
  private static final String GROUP_OFFSETS = "group-offsets";
  private static final String EARLIEST_OFFSET = "earliest-offset";
  private static final String GROUP_ID = "properties.group.id";

  private final KafkaDynamicTableFactory kafka = new KafkaDynamicTableFactory();

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return kafka.requiredOptions();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new HashSet<>(kafka.optionalOptions());
    options.add(LOST_RECORDS);
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    Map<String, String> given = context.getCatalogTable().getOptions();
    Map<String, String> options = new HashMap<>(given);
    String startAt = options.getOrDefault(STARTUP_MODE, GROUP_OFFSETS);
    if (!startAt.equals(GROUP_OFFSETS) && !startAt.equals(EARLIEST_OFFSET)) {
      throw new ValidationException(
          "Option '"
              + STARTUP_MODE
              + "' of connector '"
              + IDENTIFIER
              + "' is '"
              + startAt
              + "'. Remedy: set "
              + EARLIEST_OFFSET
              + " or "
              + GROUP_OFFSETS
              + ", or use connector 'kafka'.");
    }
    if (!options.containsKey(GROUP_ID)) {
      throw new ValidationException(
          "Connector '" + IDENTIFIER + "' needs the option '" + GROUP_ID + "'.");
    }
    LostRecords lostRecords = Configuration.fromMap(given).get(LOST_RECORDS);
    options.remove(LOST_RECORDS.key());
    options.put(FactoryUtil.CONNECTOR.key(), KafkaDynamicTableFactory.IDENTIFIER);
    // The reader replaces the committed offsets by real ones; the consumer itself must not choose.
    options.put(STARTUP_MODE, GROUP_OFFSETS);
    options.remove("properties.auto.offset.reset"); // none is the default of this mode
    DynamicTableSource source =
        FactoryUtil.createDynamicTableSource(
            kafka,
            context.getObjectIdentifier(),
            context.getCatalogTable().copy(options),
            context.getEnrichmentOptions(),
            context.getConfiguration(),
            context.getClassLoader(),
            context.isTemporary());
    return new LosslessKafkaTable(
        (KafkaDynamicSource) source,
        new ReadPolicy(
            TopicOffsets.clientProperties(options),
            String.valueOf(options.get(GROUP_ID)),
            startAt.equals(GROUP_OFFSETS),
            lostRecords));
  }
}
