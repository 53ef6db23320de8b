// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.dynamodb.faults.FakeDax;
import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.Local;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests which requests go to DAX. There is no DAX outside of AWS, so a listener that never answers
 * replaces the cluster, and responses of DAX are not tested.
 */
class DaxIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static Map<String, String> options(String dax, String deadline) {
    Map<String, String> options = new HashMap<>(Local.options(stack));
    options.put("dax.endpoint", dax);
    options.put("consistent-reads", "false");
    options.put("deadline", deadline);
    return options;
  }

  private static DimensionStore open(Map<String, String> options) {
    return DimensionStores.open("dynamodb", options, StoreMetrics.NONE, InstantSource.system());
  }

  @Test
  void lookupsGoToTheClusterAndTimeOut() throws IOException {
    try (FakeDax dax = new FakeDax();
        DimensionStore store = open(options(dax.url(), "3 s"))) {
      FaultFixture.until("the client connects", () -> dax.connections() > 0);
      FaultFixture.until("it says something", () -> !dax.heard().isEmpty());
      long begin = System.nanoTime();
      StoreException failure =
          FaultFixture.failureOf(
              store
                  .table(FaultFixture.spec())
                  .get(List.of(Key.of("k")), FaultFixture.spec().all()));
      assertThat(failure.kind()).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
      assertThat(failure.kind().isRetryable()).isTrue();
      assertThat(System.nanoTime() - begin).isLessThan(60_000_000_000L);
    }
  }

  @Test
  void allRequestsButLookupsBypassTheCluster() throws IOException {
    try (FakeDax dax = new FakeDax();
        DimensionStore store = open(options(dax.url(), "60 s"))) {
      TableSpec spec = FaultFixture.spec();
      FaultFixture.await(store.createIfAbsent(spec));
      FaultFixture.await(store.validate(spec));
      FaultFixture.await(store.table(spec).write(FaultFixture.rows(8, 1)));
      FaultFixture.await(store.table(spec).write(FaultFixture.rows(8, 2)));
      var splits = FaultFixture.await(store.table(spec).splits(1, ScanOptions.rows(spec.all())));
      assertThat(FaultFixture.await(store.table(spec).scan(splits.get(0), 100)).changes())
          .hasSize(8);
    }
  }

  @Test
  void anUnreachableClusterFailsLookupsButNotTheStore() {
    try (DimensionStore store = open(options("dax://127.0.0.1:1", "3 s"))) {
      StoreException failure =
          FaultFixture.failureOf(
              store
                  .table(FaultFixture.spec())
                  .get(List.of(Key.of("k")), FaultFixture.spec().all()));
      assertThat(failure.kind().isRetryable()).isTrue();
      FaultFixture.await(store.ping());
    }
  }

  @Test
  void noThreadIsLeftAfterClose() throws IOException {
    try (DimensionStore warm = open(Local.options(stack))) {
      FaultFixture.await(warm.ping());
    }
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    try (FakeDax dax = new FakeDax()) {
      DimensionStore store = open(options(dax.url(), "3 s"));
      FaultFixture.until("the client connects", () -> dax.connections() > 0);
      FaultFixture.failureOf(
          store.table(FaultFixture.spec()).get(List.of(Key.of("k")), FaultFixture.spec().all()));
      store.close();
    }
    List<String> left = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    do {
      left.clear();
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> !before.contains(thread) && thread.isAlive())
          .map(Thread::getName)
          .filter(name -> !name.startsWith("fake-service"))
          .forEach(left::add);
      LockSupport.parkNanos(10_000_000);
    } while (!left.isEmpty() && System.nanoTime() - end < 0);
    assertThat(left).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "dax://127.0.0.1:1, true, exclude each other",
    "http://127.0.0.1:1, false, is not a URL",
    "dax://user:pw@host:1, false, //***@host"
  })
  void conflictingOptionsAreRefused(String url, String consistent, String message) {
    Map<String, String> options = options(url, "3 s");
    options.put("consistent-reads", consistent);
    assertThatThrownBy(() -> open(options))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining(message)
        .hasMessageContaining("'dax.endpoint'");
  }

  @ParameterizedTest
  @CsvSource({
    "amazon-dax-client, amazon-dax-client",
    "commons-logging, commons-logging",
    "commons-codec, commons-codec"
  })
  void aMissingLibraryIsReportedWithItsArtifact(String missing, String named) throws Exception {
    List<URL> jars = new ArrayList<>();
    for (String entry :
        System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
      if (!entry.contains(missing)) {
        jars.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> stores = without.loadClass(DimensionStores.class.getName());
      Class<?> metrics = without.loadClass(StoreMetrics.class.getName());
      Object none = metrics.getField("NONE").get(null);
      Method open = stores.getMethod("open", String.class, Map.class, metrics, InstantSource.class);
      Map<String, String> with = options("dax://127.0.0.1:1", "3 s");
      Thread thread = Thread.currentThread();
      ClassLoader ours = thread.getContextClassLoader();
      thread.setContextClassLoader(without);
      try {
        assertThatThrownBy(() -> open.invoke(null, "dynamodb", with, none, InstantSource.system()))
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .hasMessageContaining("'dax.endpoint'")
            .hasMessageContaining(named);
        Map<String, String> plain = Local.options(stack);
        ((AutoCloseable) open.invoke(null, "dynamodb", plain, none, InstantSource.system()))
            .close();
      } finally {
        thread.setContextClassLoader(ours);
      }
    }
  }
}
