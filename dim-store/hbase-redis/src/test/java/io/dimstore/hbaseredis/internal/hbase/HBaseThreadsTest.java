// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Ends the threads of a copy of HBase's classes, because other tests need those of this process.
 */
class HBaseThreadsTest {

  @Test
  void threadsOfTheClientEndAfterAConnectionWasOpened() throws Exception {
    try (URLClassLoader copy =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(copy);
      try {
        start(value(copy, "org.apache.hadoop.hbase.client.AsyncConnectionImpl", "RETRY_TIMER"));
        start(value(copy, "org.apache.hadoop.hbase.ipc.AbstractRpcClient", "WHEEL_TIMER"));
        Object sweeper =
            value(copy, "org.apache.hadoop.hbase.ipc.AbstractRpcClient", "IDLE_CONN_SWEEPER");
        ((ScheduledExecutorService) sweeper).submit(() -> {}).get(20, TimeUnit.SECONDS);
        Class.forName("org.apache.hadoop.util.ShutdownHookManager", true, copy);
      } finally {
        thread.setContextClassLoader(before);
      }
      List<Thread> started = new ArrayList<>(threadsOf(copy));
      assertThat(started).hasSize(3);
      started.add(
          (Thread) value(copy, "org.apache.hadoop.fs.FileSystem$Statistics", "STATS_DATA_CLEANER"));
      assertThat(shutdownHooksOf(copy)).hasSize(1);

      call(copy, "end");
      assertThat(started).as("no connection was opened").allMatch(Thread::isAlive);
      call(copy, "begin");
      call(copy, "end");

      for (Thread each : started) {
        each.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(each.isAlive()).as(each.getName()).isFalse();
      }
      assertThat(shutdownHooksOf(copy)).isEmpty();
    }
  }

  private static List<Thread> threadsOf(ClassLoader loader) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> each.getContextClassLoader() == loader)
        .toList();
  }

  private static List<Object> shutdownHooksOf(ClassLoader loader)
      throws ReflectiveOperationException {
    Class<?> list = Class.forName("java.lang.ApplicationShutdownHooks");
    Field hooks = list.getDeclaredField("hooks");
    hooks.setAccessible(true);
    synchronized (list) {
      return ((Map<?, ?>) hooks.get(null))
          .keySet().stream()
              .filter(each -> each.getClass().getClassLoader() == loader)
              .collect(Collectors.toList());
    }
  }

  private static void start(Object timer) throws ReflectiveOperationException {
    timer.getClass().getMethod("start").invoke(timer);
  }

  private static Object value(ClassLoader loader, String className, String field)
      throws ReflectiveOperationException {
    Field found = Class.forName(className, true, loader).getDeclaredField(field);
    found.setAccessible(true);
    return found.get(null);
  }

  private static void call(ClassLoader loader, String name) throws ReflectiveOperationException {
    Method method = loader.loadClass(HBaseThreads.class.getName()).getDeclaredMethod(name);
    method.setAccessible(true);
    method.invoke(null);
  }

  private static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
