// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreUnloadingTest {

  @TempDir private Path folder;

  private final Thread thread = Thread.currentThread();
  private final ClassLoader before = thread.getContextClassLoader();
  private URLClassLoader job;

  /** The context class loader of each thread that has unloaded the store of the job. */
  private BlockingQueue<?> unloaded;

  @BeforeEach
  void loadAStoreWithTheJob() throws Exception {
    copy(resource());
    Path services = folder.resolve("META-INF/services");
    Files.createDirectories(services);
    Files.writeString(
        services.resolve(DimensionStoreFactory.class.getName()), StoreOfJob.class.getName());
    job = new URLClassLoader(new URL[] {folder.toUri().toURL()}, new WithoutStoreOfJob(before));
    unloaded =
        (BlockingQueue<?>) job.loadClass(StoreOfJob.class.getName()).getField("UNLOADED").get(null);
    thread.setContextClassLoader(job);
  }

  @AfterEach
  void restore() throws IOException {
    thread.setContextClassLoader(before);
    job.close();
  }

  @Test
  void hookUnloadsTheStoresOfTheJobWithTheirClassLoader() {
    Map<String, Runnable> hooks = new HashMap<>();

    StoreUnloading.register(hooks::putIfAbsent);
    assertThat(unloaded).isEmpty();
    thread.setContextClassLoader(before);
    hooks.values().forEach(Runnable::run);

    assertThat(hooks).hasSize(1);
    assertThat(unloaded.remove()).isSameAs(job);
    assertThat(unloaded).isEmpty();
    assertThat(thread.getContextClassLoader()).isSameAs(before);
  }

  @Test
  void threadThatWaitsForProgramsLosesTheClassLoaderOfTheJob() throws Exception {
    Thread reaper = new Thread(() -> LockSupport.park(unloaded), "process reaper (pid 1)");
    Thread other = new Thread(() -> LockSupport.park(unloaded), "reads");
    reaper.setDaemon(true);
    other.setDaemon(true);
    reaper.start();
    other.start();

    StoreUnloading.register((name, hook) -> hook.run());

    assertThat(reaper.getContextClassLoader()).isSameAs(RuntimeContext.class.getClassLoader());
    assertThat(other.getContextClassLoader()).isSameAs(job);
    LockSupport.unpark(reaper);
    LockSupport.unpark(other);
  }

  @Test
  void storesOfTheProcessStayLoaded() {
    thread.setContextClassLoader(before);

    StoreUnloading.register((name, hook) -> hook.run());
    StoreUnloading.registerOnJobManager();

    assertThat(unloaded).isEmpty();
    assertThat(watches()).isZero();
  }

  @Test
  void onTheJobManagerStoresAreUnloadedOnceWhenTheClassLoaderIsClosed() throws Exception {
    StoreUnloading.registerOnJobManager();
    StoreUnloading.registerOnJobManager();
    assertThat(watches()).isEqualTo(1);
    assertThat(unloaded).isEmpty();

    job.close();

    assertThat(unloaded.poll(30, TimeUnit.SECONDS)).isSameAs(job);
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      if (isWatch(each)) {
        each.join(TimeUnit.SECONDS.toMillis(30));
      }
    }
    assertThat(watches()).isZero();
    assertThat(unloaded).isEmpty();
  }

  private static long watches() {
    return Thread.getAllStackTraces().keySet().stream().filter(StoreUnloadingTest::isWatch).count();
  }

  private static boolean isWatch(Thread each) {
    return each.getName().equals("dimstore-unload-stores");
  }

  private void copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = before.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
  }

  private static String resource() {
    return StoreOfJob.class.getName().replace('.', '/') + ".class";
  }

  /** The class loader of the process, which does not have the store of the job. */
  private static final class WithoutStoreOfJob extends ClassLoader {
    private WithoutStoreOfJob(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(StoreOfJob.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }

    @Override
    public URL getResource(String name) {
      return name.equals(resource()) ? null : super.getResource(name);
    }
  }

  /** A store that a job brings. */
  public static final class StoreOfJob implements DimensionStoreFactory {

    public static final BlockingQueue<ClassLoader> UNLOADED = new LinkedBlockingQueue<>();

    @Override
    public String id() {
      return "of-job";
    }

    @Override
    public Set<StoreOption<?>> options() {
      return Set.of();
    }

    @Override
    public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void unload() {
      UNLOADED.add(Thread.currentThread().getContextClassLoader());
    }
  }
}
