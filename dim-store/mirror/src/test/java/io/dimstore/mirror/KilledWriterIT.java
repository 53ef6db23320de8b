// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static io.dimstore.mirror.MirrorFixture.await;
import static io.dimstore.mirror.MirrorFixture.contents;
import static io.dimstore.mirror.MirrorFixture.pending;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.stack.LocalStackExtension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process is killed after the primary has applied a write and before the other side has it. The
 * write was not acknowledged, so it has no intent. If the writer sends it again, as a job does
 * after a restart, both sides have it. If nobody ever does, the other side lacks it until a
 * verification compares the sides.
 */
class KilledWriterIT {

  private static final int BATCH = 20;

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static Map<String, String> options(Map<String, String> from, Map<String, String> to) {
    Map<String, String> options = new HashMap<>(from);
    options.putAll(to);
    options.put("deadline", "60 s");
    options.put("other.timeout", "20 s");
    options.put("mode.validity", "60 s");
    return options;
  }

  /** The killed process. Arguments: the options as {@code name=value}. */
  static final class Writer {

    private Writer() {}

    public static void main(String[] args) {
      Map<String, String> options = new TreeMap<>();
      for (String each : args) {
        int equals = each.indexOf('=');
        options.put(each.substring(0, equals), each.substring(equals + 1));
      }
      AtomicInteger writes = new AtomicInteger();
      StoreMetrics killing =
          request -> {
            // The second batch: its write to the primary has succeeded, the other has not begun.
            if (request.operation() == Operation.WRITE && writes.incrementAndGet() == 3) {
              Runtime.getRuntime().halt(137);
            }
          };
      DimensionStore store =
          DimensionStores.open("mirror", options, killing, InstantSource.system());
      DimensionTable table = store.table(MirrorFixture.SPEC);
      await(table.write(batch(0)));
      await(table.write(batch(1)));
      throw new IllegalStateException("The process should have ended");
    }
  }

  private static List<Change> batch(int number) {
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(MirrorFixture.change("k" + number + "-" + i, 1 + i));
    }
    return batch;
  }

  @Test
  void replayHealsAWriteThatOnlyThePrimaryHas() throws Exception {
    Map<String, String> options =
        options(
            RealStores.dynamoDb("from", stack.dynamoDb(), "killed-from-"),
            RealStores.dynamoDb("to", stack.dynamoDb(), "killed-to-"));
    try (DimensionStore mirror =
            DimensionStores.open("mirror", options, StoreMetrics.NONE, InstantSource.system());
        DimensionStore from = side("from", options);
        DimensionStore to = side("to", options)) {
      ModeRecords modes =
          new ModeRecords(
              to.capability(SharedRecords.class).orElseThrow(),
              from.capability(SharedRecords.class).orElseThrow(),
              MirrorFixture.SPEC.name());
      assertThat(
              await(modes.change(await(modes.read()), MirrorMode.BEFORE.withOther(Other.WRITTEN))))
          .isTrue();
      await(mirror.createIfAbsent(MirrorFixture.SPEC));
      assertThat(run(options)).as("exit code of the killed writer").isEqualTo(137);
      DimensionTable table = mirror.table(MirrorFixture.SPEC);
      assertThat(contents(from.table(MirrorFixture.SPEC))).as("the primary").hasSize(2 * BATCH);
      assertThat(contents(to.table(MirrorFixture.SPEC)))
          .as("the other side lacks what was not acknowledged, and nothing else")
          .hasSize(BATCH);
      assertThat(pending(table)).isZero();
      await(table.write(batch(1)));
      assertThat(contents(to.table(MirrorFixture.SPEC)))
          .isEqualTo(contents(from.table(MirrorFixture.SPEC)));
    }
  }

  private static DimensionStore side(String side, Map<String, String> options) {
    Map<String, String> own = new HashMap<>();
    options.forEach(
        (name, value) -> {
          if (name.startsWith(side + ".") && !name.equals(side + ".store")) {
            own.put(name.substring(side.length() + 1), value);
          }
        });
    return DimensionStores.open("dynamodb", own, StoreMetrics.NONE, InstantSource.system());
  }

  private static int run(Map<String, String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Writer.class.getName());
    options.forEach((name, value) -> command.add(name + "=" + value));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the writer ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
