// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.AsyncLookupFunctionProvider;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.functions.AsyncLookupFunction;

/** The connector of tables that an {@link AsyncArm} looks up: it has nothing but the function. */
public final class FunctionTableFactory implements DynamicTableSourceFactory {

  static final String ID = "bench-lookup-function";

  static final ConfigOption<String> ARM =
      ConfigOptions.key("arm").stringType().noDefaultValue().withDescription("The arm.");

  private static final Map<String, AsyncLookupFunction> FUNCTIONS = new ConcurrentHashMap<>();

  /** Creates the factory; called by Flink. */
  public FunctionTableFactory() {}

  /** Sets the function of an arm's table. */
  static void register(String arm, AsyncLookupFunction function) {
    FUNCTIONS.put(arm, function);
  }

  @Override
  public String factoryIdentifier() {
    return ID;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(ARM);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    String arm = helper.getOptions().get(ARM);
    AsyncLookupFunction function = FUNCTIONS.get(arm);
    if (function == null) {
      throw new IllegalStateException("Arm " + arm + " has no function");
    }
    return new FunctionTable(function);
  }

  private record FunctionTable(AsyncLookupFunction function) implements LookupTableSource {

    @Override
    public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
      return AsyncLookupFunctionProvider.of(function);
    }

    @Override
    public DynamicTableSource copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return ID;
    }
  }
}
