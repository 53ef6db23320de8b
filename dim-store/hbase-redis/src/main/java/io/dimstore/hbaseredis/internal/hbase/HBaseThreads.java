// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.util.Pair;
import org.apache.hbase.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.hbase.thirdparty.io.netty.util.HashedWheelTimer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that HBase's client starts once for its classes. All its connections share them, and
 * HBase has no method that ends them: they are in static fields, which are read by reflection.
 */
public final class HBaseThreads {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseThreads.class);

  private static final String IPC = "org.apache.hadoop.hbase.ipc.";

  /** The static fields by their names, found while the class loader can still load classes. */
  private static final Map<String, Field> FIELDS = new HashMap<>();

  private static boolean begun;

  private HBaseThreads() {}

  /** Notes that a connection is opened, which starts the threads. */
  static synchronized void begin() {
    if (begun) {
      return;
    }
    begun = true;
    find("org.apache.hadoop.hbase.client.AsyncConnectionImpl", "RETRY_TIMER");
    find(IPC + "AbstractRpcClient", "WHEEL_TIMER");
    find(IPC + "AbstractRpcClient", "IDLE_CONN_SWEEPER");
    find(IPC + "NettyRpcClientConfigHelper", "DEFAULT_EVENT_LOOP");
    find("org.apache.hadoop.fs.FileSystem$Statistics", HadoopThreads.CLEANER);
    HadoopThreads.load();
  }

  /**
   * Ends the threads if a connection was ever opened. HBase's classes cannot open another one
   * afterwards. Does nothing if these classes are not of this class's loader, because others then
   * use them. The class loader may already be closed.
   */
  public static synchronized void end() {
    if (!begun || ConnectionFactory.class.getClassLoader() != HBaseThreads.class.getClassLoader()) {
      return;
    }
    begun = false;
    if (value("RETRY_TIMER") instanceof HashedWheelTimer timer) {
      timer.stop();
    }
    if (value("WHEEL_TIMER") instanceof HashedWheelTimer timer) {
      timer.stop();
    }
    if (value("IDLE_CONN_SWEEPER") instanceof ExecutorService sweeper) {
      sweeper.shutdownNow();
    }
    if (value("DEFAULT_EVENT_LOOP") instanceof Pair<?, ?> pair
        && pair.getFirst() instanceof EventLoopGroup group) {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }
    HadoopThreads.end();
  }

  private static void find(String className, String fieldName) {
    try {
      Field field =
          Class.forName(className, false, ConnectionFactory.class.getClassLoader())
              .getDeclaredField(fieldName);
      field.setAccessible(true);
      FIELDS.put(fieldName, field);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      LOG.warn(
          "This version of HBase's client has no {}.{}: a thread of the client outlives its stores",
          className,
          fieldName,
          e);
    }
  }

  /** Returns the value of a static field, or null without it. Initializes the field's class. */
  static @Nullable Object value(String fieldName) {
    Field field = FIELDS.get(fieldName);
    try {
      return field == null ? null : field.get(null);
    } catch (ReflectiveOperationException | LinkageError e) {
      LOG.warn("{} cannot be read: a thread of the client outlives its stores", field, e);
      return null;
    }
  }
}
