// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import io.dimstore.flink.internal.sink.RowSink;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.types.Row;

/**
 * Provides a fake dead-letter topic in memory. Like records of a Kafka producer, letters are in the
 * topic once the flush after them has completed.
 */
public class DeadLetterTableFactory implements DynamicTableSinkFactory {

  private static final Map<String, Queue<Row>> TOPICS = new ConcurrentHashMap<>();

  private static final ConfigOption<String> TOPIC =
      ConfigOptions.key("topic").stringType().noDefaultValue();

  public static Queue<Row> letters(String topic) {
    return TOPICS.computeIfAbsent(topic, ignored -> new ConcurrentLinkedQueue<>());
  }

  @Override
  public String factoryIdentifier() {
    return "letters";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(TOPIC);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(
        guarantee("at-least-once"),
        ConfigOptions.key("sink.semantic").stringType().noDefaultValue(),
        ConfigOptions.key("properties.acks").stringType().noDefaultValue());
  }

  private static ConfigOption<String> guarantee(String byDefault) {
    return ConfigOptions.key("sink.delivery-guarantee").stringType().defaultValue(byDefault);
  }

  /** Provides the same topic, but its writers do not flush at checkpoints by default. */
  public static final class WithoutFlush extends DeadLetterTableFactory {

    @Override
    public String factoryIdentifier() {
      return "letters-without-flush";
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
      return Set.of(guarantee("none"));
    }
  }

  @Override
  public DynamicTableSink createDynamicTableSink(DynamicTableFactory.Context context) {
    FactoryUtil.createTableFactoryHelper(this, context).validate();
    var converterType = context.getPhysicalRowDataType();
    String topic = context.getCatalogTable().getOptions().get(TOPIC.key());
    return new DynamicTableSink() {
      @Override
      public ChangelogMode getChangelogMode(ChangelogMode requestedMode) {
        return ChangelogMode.insertOnly();
      }

      @Override
      public SinkRuntimeProvider getSinkRuntimeProvider(DynamicTableSink.Context sinkContext) {
        return SinkV2Provider.of(
            new Letters(topic, sinkContext.createDataStructureConverter(converterType)));
      }

      @Override
      public DynamicTableSink copy() {
        return this;
      }

      @Override
      public String asSummaryString() {
        return "letters";
      }
    };
  }

  private record Letters(String topic, DynamicTableSink.DataStructureConverter converter)
      implements RowSink {

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
      Queue<Row> unflushed = new ConcurrentLinkedQueue<>();
      return new SinkWriter<>() {
        @Override
        public void write(RowData letter, SinkWriter.Context writerContext) {
          unflushed.add((Row) converter.toExternal(letter));
        }

        @Override
        public void flush(boolean endOfInput) {
          letters(topic).addAll(unflushed);
          unflushed.clear();
        }

        @Override
        public void close() {}
      };
    }
  }
}
