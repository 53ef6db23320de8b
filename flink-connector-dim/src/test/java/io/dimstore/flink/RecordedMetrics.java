// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A metric group that records gauges and histograms by their full names. */
public final class RecordedMetrics extends UnregisteredMetricsGroup {

  private final String prefix;
  private final Map<String, Metric> metrics;

  public RecordedMetrics() {
    this("", new ConcurrentHashMap<>());
  }

  private RecordedMetrics(String prefix, Map<String, Metric> metrics) {
    this.prefix = prefix;
    this.metrics = metrics;
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new RecordedMetrics(prefix + name + ".", metrics);
  }

  @Override
  public MetricGroup addGroup(String key, String value) {
    return addGroup(key).addGroup(value);
  }

  @Override
  public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
    metrics.put(prefix + name, gauge);
    return gauge;
  }

  @Override
  public <H extends Histogram> H histogram(String name, H histogram) {
    metrics.put(prefix + name, histogram);
    return histogram;
  }

  /** Returns the value of a gauge. */
  public Object value(String name) {
    return ((Gauge<?>) metrics.get(name)).getValue();
  }

  /** Returns a histogram. */
  public Histogram histogram(String name) {
    return (Histogram) metrics.get(name);
  }

  /** Returns this group as that of a sink's writer. */
  public SinkWriterMetricGroup ofSink() {
    SinkWriterMetricGroup rest = UnregisteredMetricsGroup.createSinkWriterMetricGroup();
    return (SinkWriterMetricGroup)
        Proxy.newProxyInstance(
            RecordedMetrics.class.getClassLoader(),
            new Class<?>[] {SinkWriterMetricGroup.class},
            (proxy, method, args) -> invoke(method, isOfGroup(method) ? this : rest, args));
  }

  private static boolean isOfGroup(Method method) {
    return method.getName().equals("addGroup") || method.getName().equals("gauge");
  }

  private static Object invoke(Method method, Object target, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
